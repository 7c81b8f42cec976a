"""Says what the night's actions changed, as facts. The handlers beside it use it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise

from services.dispatch.domain.actions import Kind
from services.dispatch.domain.evening import Pause, Stop, Team
from services.dispatch.domain.night import NightNow, NightState, TeamNow, VisitNow, VisitState
from services.dispatch.handlers.turn import Acting, Folded
from shared.contracts.night import NightClosed, NightHeld, NightOpened, NightResumed
from shared.contracts.visit import (
    VisitArrived,
    VisitCompleted,
    VisitEnRoute,
    VisitInterrupted,
    VisitSkipped,
)

VisitFact = VisitArrived | VisitCompleted | VisitEnRoute | VisitInterrupted | VisitSkipped
MOST_MINUTES = 600


def say_visits(
    ports: Acting, city: str, found: Folded, revisions: Mapping[tuple[str, str], int]
) -> None:
    """Say what became of visits."""
    if not revisions:
        return
    involved = sorted({team for team, _ in revisions})
    known = (ports.book.team(city, team) for team in involved)
    teams = {team.id: team for team in known if team}
    routes = ports.book.routes(city, involved)
    for (team, party), revision in sorted(revisions.items()):
        visit, route = found.visits.get((team, party)), routes.get(team, ())
        if visit is None or team not in teams:
            continue
        pauses = taken(found.teams.get(team), ports.now)
        fact = _fact(teams[team], party, visit, route, pauses, ports.now)
        subject = f"{party}/{team}"
        ports.publisher.publish(fact, city=city, subject=subject, revision=revision)


def say_night(ports: Acting, city: str, found: Folded, kind: Kind, revision: int) -> None:
    """Say what became of the night."""
    if found.night:
        fact = _night_fact(found.night, kind, ports.now)
        ports.publisher.publish(fact, city=city, subject=city, revision=revision)


def drive_to(route: tuple[Stop, ...], party: str, pauses: Iterable[Pause] = ()) -> timedelta | None:
    """How long the way to a stop takes by the plan; None for the first stop of a route.

    What of the time between the two stops is one of the `pauses` is no way.
    """
    for before, stop in pairwise(route):
        if stop.party_id == party:
            rest = (
                min(stop.arrives_at, pause.ends_at) - max(before.leaves_at, pause.starts_at)
                for pause in pauses
            )
            rested = sum((max(timedelta(), one) for one in rest), timedelta())
            return max(timedelta(), stop.arrives_at - before.leaves_at - rested)
    return None


def taken(team: TeamNow | None, now: datetime) -> tuple[Pause, ...]:
    """The breaks that a team has taken."""
    breaks = team.breaks if team else ()
    return tuple(Pause(one.began_at, one.ended_at or now) for one in breaks)


def _fact(
    team: Team,
    party: str,
    visit: VisitNow,
    route: tuple[Stop, ...],
    pauses: tuple[Pause, ...],
    now: datetime,
) -> VisitFact:
    who = (party, team.id, team.name)
    match visit.state:
        case VisitState.EN_ROUTE:
            since = visit.en_route_at or now
            expected = _expected(team, party, route, pauses, since)
            minutes = max(0, round((expected - max(since, now)).total_seconds() / 60))
            return VisitEnRoute(*who, min(minutes, MOST_MINUTES), expected, since)
        case VisitState.ON_SCENE:
            return VisitArrived(*who, visit.arrived_at or now)
        case VisitState.DONE:
            return VisitCompleted(*who, visit.arrived_at, visit.left_at or now)
        case VisitState.SKIPPED:
            return VisitSkipped(*who, visit.reason, now)
    return VisitInterrupted(*who, now)


def _expected(
    team: Team, party: str, route: tuple[Stop, ...], pauses: tuple[Pause, ...], since: datetime
) -> datetime:
    """The team leaves the stop before now, so the way by the plan begins now.

    A break that is still planned on the way counts, one that was taken does not.
    """
    drive = drive_to(route, party, pauses)
    if drive is not None:
        return since + drive
    planned = next((stop.arrives_at for stop in route if stop.party_id == party), since)
    return since + max(timedelta(), planned - team.shift.opens)


def _night_fact(
    night: NightNow, kind: Kind, now: datetime
) -> NightOpened | NightHeld | NightResumed | NightClosed:
    match night.state:
        case NightState.HELD:
            return NightHeld(night.held_areas, night.reason, now)
        case NightState.CLOSED:
            return NightClosed(bool(night.reason), night.reason, night.closed_at or now)
        case NightState.OPEN if kind == Kind.OPEN_NIGHT:
            return NightOpened(night.opened_at or now)
        case NightState.OPEN:
            return NightResumed(night.held_areas, now)
    return NightClosed(called_off=False, reason="", at=now)
