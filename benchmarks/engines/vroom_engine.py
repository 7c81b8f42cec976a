"""VROOM: maximises the priorities served, then the travel saved. Priorities are whole, 0 to 100."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import vroom

from benchmarks.engines import Routes
from services.dispatch.planner import Problem


def solve(problem: Problem, seconds: float, seed: int) -> Routes | None:
    """Run VROOM at its deepest level, stopped after so many seconds; it takes no seed."""
    task = vroom.Input()
    seconds_between = np.minimum(problem.travel.seconds, 10**7).astype(np.uint32)
    task.set_durations_matrix("car", seconds_between)
    offers = [team.offers for team in problem.teams]
    known = sorted(frozenset().union(*offers, *(visit.needs for visit in problem.visits)))
    task.add_vehicle(
        [
            vroom.Vehicle(
                t,
                start=team.start_place,
                end=team.end_place,
                skills={known.index(kind) for kind in team.offers},
                time_window=vroom.TimeWindow(team.starts, team.shift_end),
            )
            for t, team in enumerate(problem.teams)
        ]
    )
    places = [party.place for party in problem.parties for _ in party.visits]
    top = max((visit.prize for visit in problem.visits), default=1.0)
    task.add_job(
        [
            vroom.Job(
                i,
                location=places[i],
                default_service=visit.service,
                skills={known.index(need) for need in visit.needs},
                priority=max(1, min(100, round(visit.prize * min(1.0, 100 / top)))),
                time_windows=[vroom.TimeWindow(visit.opens, visit.latest_start)],
            )
            for i, visit in enumerate(problem.visits)
        ]
    )
    found = task.solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=seconds))
    steps = found.routes[found.routes["type"] == "job"]
    return {
        team.id: [problem.visits[i].id for i in steps[steps["vehicle_id"] == t]["id"]]
        for t, team in enumerate(problem.teams)
    }
