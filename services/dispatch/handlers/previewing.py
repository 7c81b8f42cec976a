"""Where a walk-up party would fit in, before it is added. The API calls it; nothing is written."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime

from services.dispatch.domain.evening import Party
from services.dispatch.domain.way_in import ways_in
from services.dispatch.handlers.acting import Unknown
from services.dispatch.handlers.publishing import Session
from services.dispatch.handlers.replanning import ask, see
from services.dispatch.ports.planning import TravelTimes


@dataclass(frozen=True, slots=True)
class Place:
    """A place for a party: which team, after which stop, when; what it costs."""

    team_id: str
    team_name: str
    position: int
    after_party_id: str
    starts_at: datetime
    added_minutes: int
    promises_broken: int
    stops_lost: int


@dataclass(frozen=True, slots=True)
class Preview:
    """The places, the cheapest first; `reason` says why there is none."""

    places: Sequence[Place]
    reason: str = ""


def preview(
    begin: Callable[[], AbstractContextManager[Session]],
    travel: TravelTimes,
    city: str,
    party: Party,
) -> Preview:
    """Where the party would fit in as things stand."""
    with begin() as session:
        seen = see(session, city)
    if seen is None:
        raise Unknown(f"There is no city {city!r}.")
    evening = replace(seen.evening, parties=(*seen.evening.parties, party))
    asked = ask(travel, replace(seen, evening=evening))
    names = {team.id: team.name for team in evening.teams}
    if party.id in asked.framed.refused:
        return Preview((), asked.framed.refused[party.id].detail)
    places = [
        Place(
            *(way.team, names[way.team], way.position, way.after),
            *(asked.framed.moment(way.starts), -(-way.added // 60), way.broken, way.late),
        )
        for way in ways_in(asked.problem, asked.stored, party.id)
    ]
    return Preview(places, "" if places else "No team can reach the party before it ends.")
