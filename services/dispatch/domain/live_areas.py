"""How far each area of a running night has come, as consoles show it. Pure; its reader asks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from services.dispatch.domain.live import LiveParty, Tonight
from services.dispatch.domain.night import VisitState


@dataclass(frozen=True, slots=True)
class LiveArea:
    """How far an area has come."""

    code: str
    name: str
    parties: int
    visited: int
    planned: int
    held: bool
    called_off: bool


def live_areas(tonight: Tonight, parties: Sequence[LiveParty]) -> list[LiveArea]:
    """How far each area has come; what was called off does not count."""
    count, visited, planned = Counter[str](), Counter[str](), Counter[str]()
    for party in parties:
        count[party.area] += 0
        if party.state == VisitState.WITHDRAWN:
            continue
        count[party.area] += 1
        visited[party.area] += party.state == VisitState.DONE
        planned[party.area] += party.state not in ("unvisited", VisitState.SKIPPED)
    night, city = tonight.night, tonight.evening.city
    return [
        LiveArea(
            *(area, city.area_name(area), count[area], visited[area], planned[area]),
            held=night.all_held or area in night.held_areas,
            called_off=night.off(area) is not None,
        )
        for area in sorted(count)
    ]
