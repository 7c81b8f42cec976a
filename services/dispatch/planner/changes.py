"""What differs between two plans, visit by visit, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from services.dispatch.planner.keep import Promise
from services.dispatch.planner.problem import Problem
from services.dispatch.planner.result import Plan, Stop, clock

Kind = Literal["dropped", "moved", "handed over", "added", "withdrawn"]
Slot = tuple[str, Stop] | None

NOTICEABLE = 60
"""Shifts of an unpromised visit below this many seconds are not listed."""


@dataclass(frozen=True, slots=True)
class Change:
    """One visit that is planned otherwise than before; times are starts in seconds."""

    visit: str
    party: str
    kind: Kind
    reason: str
    promised: bool = False
    old_team: str | None = None
    new_team: str | None = None
    old_starts: int | None = None
    new_starts: int | None = None

    def __str__(self) -> str:
        old = "" if self.old_starts is None else f" {self.old_team} {clock(self.old_starts)}"
        new = "" if self.new_starts is None else f" -> {self.new_team} {clock(self.new_starts)}"
        return f"{self.visit} {self.kind}:{old}{new} ({self.reason})"


def list_changes(
    old: Plan,
    new: Plan,
    problem: Problem,
    promises: Iterable[Promise] = (),
    settled: Iterable[str] = (),
) -> tuple[Change, ...]:
    """Return every difference; `problem` is the one that the new plan answers."""
    told = {promise.visit: promise for promise in promises}
    fixed = frozenset(settled)
    changes = []
    for visit in sorted((old.stop_of.keys() | new.stop_of.keys() | told.keys()) - fixed):
        before, after = old.stop_of.get(visit), new.stop_of.get(visit)
        kind = _kind(before, after, told.get(visit), visit in problem.visit_by_id)
        if kind is not None:
            changes.append(_change(visit, kind, before, after, told, old, new, problem))
    return tuple(changes)


def _kind(before: Slot, after: Slot, promise: Promise | None, asked: bool) -> Kind | None:
    if after is None:
        return "dropped" if asked else "withdrawn"
    if before is None and promise is None:
        return "added"
    was = promise.team if promise else before[0] if before else None
    if after[0] != was:
        return "handed over"
    if promise is not None:
        return None if promise.is_on_time(after[1].starts) else "moved"
    shift = abs(after[1].starts - before[1].starts) if before else 0
    return "moved" if shift >= NOTICEABLE else None


def _change(
    visit: str,
    kind: Kind,
    before: Slot,
    after: Slot,
    told: Mapping[str, Promise],
    old: Plan,
    new: Plan,
    problem: Problem,
) -> Change:
    stop = after or before
    party = (
        problem.party_of[visit].id if visit in problem.party_of else stop[1].party if stop else ""
    )
    return Change(
        visit,
        party,
        kind,
        _reason(visit, kind, before, after, old, new, problem),
        visit in told and kind != "withdrawn",
        before[0] if before else None,
        after[0] if after else None,
        told[visit].starts if visit in told else before[1].starts if before else None,
        after[1].starts if after else None,
    )


def _reason(
    visit: str, kind: Kind, before: Slot, after: Slot, old: Plan, new: Plan, problem: Problem
) -> str:
    if kind == "withdrawn":
        return "no longer asked for"
    if before is not None and before[0] not in problem.team_by_id:
        return f"{before[0]} is not available"
    team = after[0] if kind == "added" and after else before[0] if before else ""
    came = _newcomers(team, old, new) - {visit}
    left = _leavers(team, old, new) - {visit}
    if kind == "added":
        return f"room left by {_names(left)}" if left else f"{team} has time for it"
    if came:
        return f"{team} now visits {_names(came)}"
    return f"{team} no longer visits {_names(left)}" if left else f"{team} is running late"


def _newcomers(team: str, old: Plan, new: Plan) -> set[str]:
    return _on(team, new) - _on(team, old)


def _leavers(team: str, old: Plan, new: Plan) -> set[str]:
    done = {visit for route in old.routes for visit in route.visits} - new.stop_of.keys()
    return _on(team, old) - _on(team, new) - (done - {left.visit for left in new.unserved})


def _on(team: str, plan: Plan) -> set[str]:
    return set(plan.by_team[team].visits) if team in plan.by_team else set()


def _names(visits: Iterable[str]) -> str:
    listed = sorted(visits)
    return ", ".join(listed[:3]) + (f" and {len(listed) - 3} more" if len(listed) > 3 else "")
