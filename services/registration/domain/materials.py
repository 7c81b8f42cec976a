"""What hosts may ask teams to bring or to talk about, by code. Everything here may use it."""

from collections.abc import Mapping

MATERIALS: Mapping[str, str] = {
    "neighborhood_watch": "Neighborhood watch",
    "drug_prevention": "Drug prevention",
    "home_safety": "Home safety",
    "start_a_watch": "How to start a watch",
    "career_talk": "Careers in public safety",
}
"""Names in English, as the catalogue translates them."""
