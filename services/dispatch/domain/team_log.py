"""Follows a team through its actions: whatever order they come in, the same end. Pure.

Teams forget to tap. What a later tap implies is taken as having happened: who leaves a party was
there, who arrives elsewhere has left, who drives on is back from the call.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from services.dispatch.domain.actions import Action, Kind
from services.dispatch.domain.night import (
    MOVING,
    SETTLED,
    BreakNow,
    TeamNow,
    TeamState,
    VisitNow,
    VisitState,
)


class Effect(Enum):
    """What an action does to a team in a given state."""

    CHECK = "waits at the kick-off"
    GO = "drives to a party"
    STAND = "is at a party"
    LEAVE = "leaves a party, and drives on unless it is busy"
    SKIP = "leaves out a party"
    CALL = "is pulled to a call"
    RETURN = "drives on, or waits"
    PAUSE = "takes a break"
    END = "is done for the night"
    LATE = "will be late"
    SAME = "is so already"


Verdict = Effect | str
"""An effect, or why there is none, as a sentence."""

_OUT = "The team is out already."
_ENDED = "The shift of the team has ended."
_NOT_CALLED = "The team is at no call."
_NO_BREAK = "The team is on no break."
_BUSY = "The team is at a call."
_NOWHERE = "The team is at no party; say which one it left."

_COLUMNS = (
    *(Kind.OPEN_NIGHT, Kind.CHECK_IN, Kind.EN_ROUTE, Kind.ARRIVED, Kind.LEFT, Kind.SKIP),
    *(Kind.TO_CALL, Kind.BACK_FROM_CALL, Kind.BREAK_START, Kind.BREAK_END, Kind.END_SHIFT),
    *(Kind.CLOSE_NIGHT, Kind.TEAM_LATE, Kind.JOIN_TEAMS),
)
_E = Effect
_WAITING: tuple[Verdict, ...] = (
    *(_E.GO, _E.CHECK, _E.GO, _E.STAND, _E.LEAVE, _E.SKIP),
    *(_E.CALL, _NOT_CALLED, _E.PAUSE, _NO_BREAK, _E.END, _E.END, _E.LATE, _E.END),
)
_ROWS: Mapping[TeamState, tuple[Verdict, ...]] = {
    TeamState.OFF: _WAITING,
    TeamState.READY: _WAITING,
    TeamState.AT_KICK_OFF: (_E.GO, _E.SAME, *_WAITING[2:]),
    TeamState.EN_ROUTE: (
        *(_E.SAME, _OUT, _E.GO, _E.STAND, _E.LEAVE, _E.SKIP),
        *(_E.CALL, _NOT_CALLED, _E.PAUSE, _NO_BREAK, _E.END, _E.END, _E.LATE, _E.END),
    ),
    TeamState.ON_SCENE: (
        *(_E.SAME, _OUT, _E.GO, _E.STAND, _E.LEAVE, _E.SKIP),
        *(_E.CALL, _NOT_CALLED, _E.PAUSE, _NO_BREAK, _E.END, _E.END, _E.LATE, _E.END),
    ),
    TeamState.TO_CALL: (
        *(_E.SAME, _OUT, _E.GO, _E.STAND, _E.LEAVE, _E.SKIP),
        *(_E.SAME, _E.RETURN, _BUSY, _NO_BREAK, _E.END, _E.END, _E.LATE, _E.END),
    ),
    TeamState.ON_BREAK: (
        *(_E.SAME, _OUT, _E.GO, _E.STAND, _E.LEAVE, _E.SKIP),
        *(_E.CALL, _NOT_CALLED, _E.SAME, _E.RETURN, _E.END, _E.END, _E.LATE, _E.END),
    ),
    TeamState.ENDED: (
        *(_E.SAME, _ENDED, _ENDED, _ENDED, _E.LEAVE, _E.SKIP),
        *(_ENDED, _ENDED, _ENDED, _ENDED, _E.SAME, _E.SAME, _ENDED, _ENDED),
    ),
}
TABLE: Mapping[tuple[TeamState, Kind], Verdict] = {
    (state, kind): verdict
    for state, row in _ROWS.items()
    for kind, verdict in zip(_COLUMNS, row, strict=True)
}
"""What each kind of action does in each state."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A team after all its actions, and why some of them had no effect (by id)."""

    team: TeamNow
    refused: Mapping[str, str]


def follow(
    actions: Iterable[Action], route: Sequence[str], start: TeamNow | None = None
) -> Followed:
    """The team after the actions, on a route of parties; each id counts once."""
    once = {action.id: action for action in actions}
    team, refused = start or TeamNow(), dict[str, str]()
    for action in sorted(once.values(), key=lambda action: action.order):
        made = step(team, action, route)
        if isinstance(made, str):
            refused[action.id] = made
        else:
            team = replace(made, heard_at=_heard(made, action))
    return Followed(team, refused)


def step(team: TeamNow, action: Action, route: Sequence[str]) -> TeamNow | str:
    """The team after one action, or why that is impossible."""
    verdict = TABLE[team.state, action.kind]
    if isinstance(verdict, str):
        return verdict
    made = _EFFECTS[verdict](team, action, route)
    return made if isinstance(made, str) else _with_break(team, made, action)


def _with_break(before: TeamNow, after: TeamNow, action: Action) -> TeamNow:
    """Whoever does anything else has ended the break."""
    was, now = (team.state == TeamState.ON_BREAK for team in (before, after))
    if now and not was:
        return replace(after, breaks=(*before.breaks, BreakNow(action.at)))
    if was and not now and before.breaks:
        return replace(
            after, breaks=(*before.breaks[:-1], replace(before.breaks[-1], ended_at=action.at))
        )
    return after


def next_stop(team: TeamNow, route: Sequence[str]) -> str:
    """The first open stop behind the last settled one, else the first open one; "" if none is."""
    settled = team.settled
    last = max((n for n, party in enumerate(route) if party in settled), default=-1)
    ahead = [party for party in (*route[last + 1 :], *route[: last + 1]) if party not in settled]
    return ahead[0] if ahead else ""


def _heard(team: TeamNow, action: Action) -> datetime | None:
    if action.kind in (Kind.OPEN_NIGHT, Kind.CLOSE_NIGHT):
        return team.heard_at
    return max(filter(None, (team.heard_at, action.at)))


def _with(team: TeamNow, party: str, visit: VisitNow) -> TeamNow:
    return replace(team, visits={**team.visits, party: visit})


def _visit(team: TeamNow, party: str) -> VisitNow:
    return team.visits.get(party, VisitNow(VisitState.PLANNED))


def _done(team: TeamNow, party: str, action: Action) -> TeamNow:
    visit = replace(_visit(team, party), state=VisitState.DONE, left_at=action.at, reason="")
    left = replace(team, left_party=party, free_at=action.at, late_seconds=0)
    return _with(left, party, visit)


def _imply_left(team: TeamNow, action: Action, keep: str = "") -> TeamNow:
    """Whoever was at a party and does something elsewhere has left it."""
    if team.state == TeamState.ON_SCENE and team.party and team.party != keep:
        return _done(team, team.party, action)
    return team


def _interrupt(team: TeamNow) -> TeamNow:
    """The visit under way is open again, unless it is settled."""
    now = team.visits.get(team.party)
    if now is None or now.state in SETTLED:
        return team
    return _with(team, team.party, replace(now, state=VisitState.PLANNED, arrived_at=None))


def _go(team: TeamNow, action: Action, route: Sequence[str]) -> TeamNow | str:
    team = _imply_left(team, action, keep=action.party)
    party = action.party or _current(team) or next_stop(team, route)
    if not party:
        return "The team has no stop to drive to."
    if party in team.settled:
        return "The team has been there already."
    return _drive_to(team if team.party == party else _interrupt(team), action, party)


def _stand(team: TeamNow, action: Action, route: Sequence[str]) -> TeamNow | str:
    if action.party:
        team = _imply_left(team, action, keep=action.party)
    party = action.party or _current(team) or next_stop(team, route)
    if not party:
        return "The team has no stop to arrive at."
    if team.state == TeamState.ON_SCENE and team.party == party:
        return team
    if _visit(team, party).state == VisitState.DONE:
        return "The team has been there already."
    if team.party != party:
        team = _interrupt(team)
    visit = replace(_visit(team, party), state=VisitState.ON_SCENE, arrived_at=action.at, reason="")
    there = replace(team, state=TeamState.ON_SCENE, since=action.at, party=party)
    return _with(there, party, visit)


def _leave(team: TeamNow, action: Action, route: Sequence[str]) -> TeamNow | str:
    """Without a party only whoever is at one can leave: a second tap must not leave the next."""
    party = action.party or (team.party if team.state == TeamState.ON_SCENE else "")
    if not party:
        return _NOWHERE
    if _visit(team, party).state == VisitState.DONE:
        return "The team has left there already."
    elsewhere = team.state in MOVING and party != team.party
    team = _done(team, party, action)
    return team if team.state in _RESTING or elsewhere else _drive_on(team, action, route)


def _skip(team: TeamNow, action: Action, route: Sequence[str]) -> TeamNow | str:
    current, party = _current(team), action.party
    if _visit(team, party).state == VisitState.DONE:
        return "The team has been there already."
    visit = replace(_visit(team, party), state=VisitState.SKIPPED, reason=action.details.reason)
    team = _with(team, party, visit)
    return _drive_on(team, action, route) if party == current else team


def _current(team: TeamNow) -> str:
    """Where the team is or drives to, unless that is settled."""
    return team.party if team.state in MOVING and team.party not in team.settled else ""


def _drive_on(team: TeamNow, action: Action, route: Sequence[str]) -> TeamNow:
    party = next_stop(team, route)
    if not party:
        return replace(team, state=TeamState.READY, since=action.at, party="")
    return _drive_to(team, action, party)


def _drive_to(team: TeamNow, action: Action, party: str) -> TeamNow:
    known = _visit(team, party)
    visit = replace(known, state=VisitState.EN_ROUTE, en_route_at=action.at, reason="")
    moved = replace(team, state=TeamState.EN_ROUTE, since=action.at, party=party)
    return _with(moved, party, visit)


def _same(team: TeamNow, _action: Action, _route: Sequence[str]) -> TeamNow:
    return team


def _check_in(team: TeamNow, action: Action, _route: Sequence[str]) -> TeamNow:
    return replace(team, state=TeamState.AT_KICK_OFF, since=action.at)


def _late(team: TeamNow, action: Action, _route: Sequence[str]) -> TeamNow:
    return replace(team, late_seconds=60 * action.details.minutes)


def _call(team: TeamNow, action: Action, _route: Sequence[str]) -> TeamNow:
    return _rest(_interrupt(team), action, TeamState.TO_CALL)


def _pause(team: TeamNow, action: Action, _route: Sequence[str]) -> TeamNow:
    return _rest(_interrupt(_imply_left(team, action)), action, TeamState.ON_BREAK)


def _end(team: TeamNow, action: Action, _route: Sequence[str]) -> TeamNow:
    return _rest(_interrupt(_imply_left(team, action)), action, TeamState.ENDED)


def _rest(team: TeamNow, action: Action, state: TeamState) -> TeamNow:
    return replace(team, state=state, since=action.at, party="")


_RESTING = frozenset({TeamState.TO_CALL, TeamState.ON_BREAK, TeamState.ENDED})
_EFFECTS: Mapping[Effect, Callable[[TeamNow, Action, Sequence[str]], TeamNow | str]] = {
    Effect.SAME: _same,
    Effect.CHECK: _check_in,
    Effect.GO: _go,
    Effect.STAND: _stand,
    Effect.LEAVE: _leave,
    Effect.SKIP: _skip,
    Effect.CALL: _call,
    Effect.RETURN: _drive_on,
    Effect.PAUSE: _pause,
    Effect.END: _end,
    Effect.LATE: _late,
}
