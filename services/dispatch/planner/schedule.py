"""Gives a sequence of visits its times: drive at once, wait for the window, serve, go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.dispatch.planner.problem import Break, Party, Problem, Team, Visit
from services.dispatch.planner.resting import Call, in_order, rests
from services.dispatch.planner.result import Pause, Route, Stop
from services.dispatch.planner.rules import PinTime
from services.dispatch.planner.travel import UNREACHABLE


def windows(problem: Problem) -> Mapping[str, tuple[int, int]]:
    """Return [opens, latest start] of each visit, narrowed by pinned times."""
    found = {visit.id: (visit.opens, visit.latest_start) for visit in problem.visits}
    for rule in problem.rules:
        if isinstance(rule, PinTime):
            opens, latest = found[rule.visit]
            found[rule.visit] = (max(opens, rule.earliest), min(latest, rule.latest))
    return found


def time_route(
    problem: Problem, team: Team, visits: Sequence[str], spans: Mapping[str, tuple[int, int]]
) -> Route | None:
    """Return the earliest schedule of these visits in this order, or None if there is none."""
    when: tuple[int, ...] | None = None
    if team.breaks:
        when = rests(problem, team, [_call(problem, visit, spans[visit]) for visit in visits])
        if when is None:
            return None
    clock = _Clock(problem, team, when=when)
    for visit_id in visits:
        visit, party = problem.visit_by_id[visit_id], problem.party_of[visit_id]
        if not clock.serve(visit, party, spans[visit_id]):
            return None
    return clock.finish()


def run_late(
    problem: Problem, team: Team, visits: Sequence[str], spans: Mapping[str, tuple[int, int]]
) -> Route:
    """Return the schedule of a route that breaks its windows, with the times it really has."""
    clock = _Clock(problem, team, patient=True)
    for visit_id in visits:
        visit, party = problem.visit_by_id[visit_id], problem.party_of[visit_id]
        clock.serve(visit, party, spans[visit_id])
    finished = clock.finish()
    assert finished is not None
    return finished


def first_failure(
    problem: Problem, team: Team, visits: Sequence[str], spans: Mapping[str, tuple[int, int]]
) -> int | None:
    """Return the first visit of the sequence that comes too late (its length: the way home)."""
    if team.breaks and time_route(problem, team, visits, spans):
        return None
    clock = _Clock(problem, team)
    for i, visit_id in enumerate(visits):
        visit, party = problem.visit_by_id[visit_id], problem.party_of[visit_id]
        if not clock.serve(visit, party, spans[visit_id]):
            return i
    return None if clock.finish() else len(visits)


def _call(problem: Problem, visit: str, span: tuple[int, int]) -> Call:
    return (problem.party_of[visit].place, *span, problem.visit_by_id[visit].service)


class _Clock:
    """The team's evening so far.

    Breaks are taken after as many stops as `when` says; without it as late as windows allow.
    """

    def __init__(
        self,
        problem: Problem,
        team: Team,
        patient: bool = False,
        when: Sequence[int] | None = None,
    ) -> None:
        self._team = team
        self._patient = patient
        self._when = None if when is None else list(when)
        self._between = problem.travel.between
        self._now, self._place, self._driven = team.starts, team.start_place, 0
        self._stops: list[Stop] = []
        self._pauses: list[Pause] = []
        self._due = in_order(team)

    def serve(self, visit: Visit, party: Party, span: tuple[int, int]) -> bool:
        on_time = self._pause_before(party.place, span[0], visit.service)
        way = self._way(party.place)
        on_time = on_time and way != UNREACHABLE
        if not (on_time or self._patient):
            return False
        arrives = self._now + way
        starts = max(arrives, span[0])
        self._now, self._place = starts + visit.service, party.place
        self._driven += way
        self._stops.append(Stop(visit.id, party.id, party.place, way, arrives, starts, self._now))
        return starts <= span[1]

    def finish(self) -> Route | None:
        team = self._team
        while self._due:
            if not self._pause(self._due.pop(0)) and not self._patient:
                return None
        way = 0 if team.end_place is None else self._way(team.end_place)
        if (way == UNREACHABLE or self._now + way > team.shift_end) and not self._patient:
            return None
        return Route(
            team.id, tuple(self._stops), tuple(self._pauses), self._driven + way, self._now + way
        )

    def _way(self, place: int) -> int:
        return self._between(self._place, place, self._now)

    def _pause_before(self, place: int, opens: int, service: int) -> bool:
        while self._due:
            if self._when is not None:
                if self._when[0] > len(self._stops):
                    return True
                self._when.pop(0)
                self._pause(self._due.pop(0))
                continue
            free_again = max(self._now + self._way(place), opens) + service
            if free_again <= self._due[0].latest_start:
                return True
            if not self._pause(self._due.pop(0)) and not self._patient:
                return False
        return True

    def _pause(self, pause: Break) -> bool:
        starts = max(self._now, pause.opens)
        self._now = starts + pause.seconds
        self._pauses.append(Pause(len(self._stops), starts, self._now))
        return starts <= pause.latest_start
