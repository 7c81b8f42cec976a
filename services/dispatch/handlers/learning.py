"""Notes what visits teach: how long ways and stays took, which promises were met."""

from collections.abc import Mapping
from datetime import datetime

from services.dispatch.domain.evening import Rests
from services.dispatch.domain.night import VisitNow, VisitState
from services.dispatch.domain.promise import Promise, PromiseState, met, open_again
from services.dispatch.handlers.saying import drive_to, taken
from services.dispatch.handlers.turn import Acting, Folded

LEAST = 60
MOVED = frozenset({VisitState.EN_ROUTE, VisitState.ON_SCENE, VisitState.DONE})


def learn_from(ports: Acting, city: str, found: Folded) -> None:
    """Note all that the changed visits teach."""
    if not found.visits:
        return
    involved = sorted({team for team, _ in found.visits})
    routes, rests = ports.book.routes(city, involved), ports.book.rests(city, involved)
    promises = ports.promises.standing(city, sorted({party for _, party in found.visits}))
    for (team, party), visit in found.visits.items():
        stop = next((s for s in routes.get(team, ()) if s.party_id == party), None)
        pauses = (*taken(found.teams.get(team), ports.now), *rests.get(team, Rests()).pauses)
        drive = drive_to(routes.get(team, ()), party, pauses)
        if visit.state in MOVED and stop:
            if drive and drive.total_seconds() >= LEAST:
                planned = int(drive.total_seconds())
                ports.durations.plan(city, team, party, "drive", planned)
            stays = int((stop.leaves_at - stop.arrives_at).total_seconds())
            ports.durations.plan(city, team, party, "dwell", max(LEAST, stays))
        ports.durations.took(
            city, team, party, "drive", _between(visit.en_route_at, visit.arrived_at)
        )
        ports.durations.took(city, team, party, "dwell", _between(visit.arrived_at, visit.left_at))
        _keep_promise(ports, city, promises, team, party, visit)


def _between(first: datetime | None, last: datetime | None) -> int | None:
    """Whole seconds; None where one end is not known, or somebody tapped both at once."""
    if first is None or last is None:
        return None
    seconds = int((last - first).total_seconds())
    return seconds if seconds >= LEAST else None


def _keep_promise(
    ports: Acting,
    city: str,
    promises: Mapping[str, Promise],
    team: str,
    party: str,
    visit: VisitNow,
) -> None:
    promise = promises.get(party)
    if promise is None or promise.team != team:
        return
    arrived = visit.arrived_at or (visit.left_at if visit.state == VisitState.DONE else None)
    there = visit.state in (VisitState.ON_SCENE, VisitState.DONE)
    if there and arrived and arrived != promise.arrived_at:
        if promise.state in (PromiseState.OPEN, PromiseState.KEPT) or promise.arrived_at:
            ports.promises.settle(city, met(promise, arrived, ports.now))
    elif not there and promise.arrived_at:
        ports.promises.settle(city, open_again(promise))
