"""What teams bring for hosts to read or to talk about, by code. Pages and prints use it."""

from collections.abc import Iterable, Mapping

MATERIALS: Mapping[str, str] = {
    "neighborhood_watch": "Neighborhood watch",
    "drug_prevention": "Drug prevention",
    "home_safety": "Home safety",
    "start_a_watch": "How to start a watch",
    "career_talk": "Careers in public safety",
}
"""Names in English, as the team page's catalogue translates them."""


def named(codes: Iterable[str]) -> tuple[str, ...]:
    """The names of materials; a code that is not known here stays as it is."""
    return tuple(MATERIALS.get(code, code) for code in codes)
