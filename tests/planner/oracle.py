"""An independent exact solver for small evenings, by OR-Tools CP-SAT; shares no code with ours."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from ortools.sat.python import cp_model

from services.dispatch.planner import Problem, Team, Together

DEPOT = 0


@dataclass
class _Oracle:
    """One circuit with optional nodes per team; a visit's start is one variable for all teams."""

    problem: Problem
    model: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    terms: list[Any] = field(default_factory=list)
    starts: dict[str, Any] = field(default_factory=dict)
    served: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def best(self, seconds: float) -> int | None:
        """The best total score; None where it is not proven within so many seconds."""
        for visit in self.problem.visits:
            self.starts[visit.id] = self.model.new_int_var(visit.opens, visit.latest_start, "")
        for team in self.problem.teams:
            self._team(team)
        self._points()
        self._pairs()
        self.model.maximize(sum(self.terms))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_deterministic_time = seconds
        proven = solver.solve(self.model) == cp_model.OPTIMAL
        return round(solver.objective_value) if proven else None

    def _team(self, team: Team) -> None:
        able = [v for v in self.problem.visits if v.needs <= team.offers]
        if team.must_areas:
            able = [v for v in able if self.problem.party_of[v.id].area in team.must_areas]
        arcs: list[tuple[int, int, Any]] = []
        rests: list[list[Any]] = [[] for _ in team.breaks]
        pauses = [self.model.new_int_var(b.opens, b.latest_start, "") for b in team.breaks]
        ways: list[Any] = []
        made: list[Any] = []

        def arc(i: int, j: int) -> Any:
            used = self.model.new_bool_var("")
            arcs.append((i, j, used))
            leaves = self._leaves(team, able, i)
            way = self._way(team, able, i, j)
            self.terms.append(-way * used)
            ways.append(way * used)
            self._reach(team, able, j, leaves + way, [used])
            for number, (pause, due) in enumerate(zip(pauses, team.breaks, strict=True)):
                here = self.model.new_bool_var("")
                self.model.add_implication(here, used)
                rests[number].append(here)
                self.model.add(pause >= leaves).only_enforce_if(here)
                self._reach(team, able, j, pause + due.seconds + way, [here])
            return used

        arc(DEPOT, DEPOT)
        for i, visit in enumerate(able, start=1):
            skipped = self.model.new_bool_var("")
            arcs.append((i, i, skipped))
            self.served[visit.id].append(skipped.negated())
            made.append(skipped.negated())
            arc(DEPOT, i)
            arc(i, DEPOT)
            for j in range(1, len(able) + 1):
                if i != j:
                    arc(i, j)
        self.model.add_circuit(arcs)
        for taken in rests:
            self.model.add(sum(taken) == 1)
        for one, after, due in zip(pauses, pauses[1:], team.breaks, strict=False):
            self.model.add(after >= one + due.seconds)
        if team.most_stops is not None:
            self.model.add(sum(made) <= team.most_stops)
        # Implied by the arcs, and a great help for the bound.
        work = sum(v.service * m for v, m in zip(able, made, strict=True))
        rest = sum(due.seconds for due in team.breaks)
        self.model.add(work + sum(ways) + rest <= team.shift_end - team.starts)

    def _leaves(self, team: Team, able: list[Any], i: int) -> Any:
        return team.starts if i == DEPOT else self.starts[able[i - 1].id] + able[i - 1].service

    def _way(self, team: Team, able: list[Any], i: int, j: int) -> int:
        if j == DEPOT and team.end_place is None:
            return 0
        here = team.start_place if i == DEPOT else self._place(able[i - 1].id)
        there = team.end_place if j == DEPOT else self._place(able[j - 1].id)
        return self.problem.travel.between(here, there)

    def _place(self, visit: str) -> int:
        return self.problem.party_of[visit].place

    def _reach(self, team: Team, able: list[Any], j: int, at: Any, only_if: list[Any]) -> None:
        if j == DEPOT:
            self.model.add(at <= team.shift_end).only_enforce_if(only_if)
        else:
            self.model.add(self.starts[able[j - 1].id] >= at).only_enforce_if(only_if)

    def _points(self) -> None:
        worth = self.problem.seconds_per_point
        for visit in self.problem.visits:
            self.model.add(sum(self.served[visit.id]) <= 1)
            self.terms.append(round(worth * visit.prize) * sum(self.served[visit.id]))
        for party in self.problem.parties:
            seen = self.model.new_bool_var("")
            self.model.add(seen <= sum(sum(self.served[v.id]) for v in party.visits))
            self.terms.append(round(worth * party.bonus) * seen)

    def _pairs(self) -> None:
        for rule in self.problem.rules:
            assert isinstance(rule, Together)
            apart = self.model.new_bool_var("")
            both = sum(self.served[rule.first]) + sum(self.served[rule.second])
            self.model.add(both <= 1).only_enforce_if(apart)
            gap = self.starts[rule.first] - self.starts[rule.second]
            self.model.add(gap <= rule.within).only_enforce_if(apart.negated())
            self.model.add(gap >= -rule.within).only_enforce_if(apart.negated())


def optimum(problem: Problem, seconds: float = 60.0) -> int | None:
    """Return the best total score of any plan; None where that is not proven in time."""
    return _Oracle(problem).best(seconds)
