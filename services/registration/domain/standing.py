"""How a party stands, in the order in which staff have to care. Pages and maps use it."""

from collections.abc import Iterator
from typing import Literal

from services.registration.domain.party import Party

Standing = Literal[
    "withdrawn",
    "held",
    "closure_wanted",
    "waiting",
    "no_visit",
    "planned",
    "late",
    "registered",
]


def standings(party: Party, planned: bool, late: bool) -> list[Standing]:
    """All that is true of the party; the first is what a single mark has to say."""
    return list(_true_of(party, planned, late)) or ["registered"]


def _true_of(party: Party, planned: bool, late: bool) -> Iterator[Standing]:
    if party.is_withdrawn:
        yield "withdrawn"
    if party.held:
        yield "held"
    if party.closure_state == "wanted":
        yield "closure_wanted"
    if party.waiting:
        yield "waiting"
    if party.details.no_visit:
        yield "no_visit"
    if planned:
        yield "planned"
    if late:
        yield "late"
