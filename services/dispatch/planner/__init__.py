"""Chooses whom to visit: a team orienteering planner with time windows. Called by dispatch."""

from services.dispatch.planner.checker import check
from services.dispatch.planner.errors import InvalidProblem
from services.dispatch.planner.problem import Break, Party, Problem, Team, Visit
from services.dispatch.planner.result import Plan, Route, Score, Stop, Unserved
from services.dispatch.planner.rules import Forbid, LockOrder, PinTeam, PinTime, Rule, Together
from services.dispatch.planner.solve import solve, warm_up
from services.dispatch.planner.stop import AnyOf, Cancelled, Iterations, Seconds
from services.dispatch.planner.travel import UNREACHABLE, Travel

__all__ = [
    "UNREACHABLE",
    "AnyOf",
    "Break",
    "Cancelled",
    "Forbid",
    "InvalidProblem",
    "Iterations",
    "LockOrder",
    "Party",
    "PinTeam",
    "PinTime",
    "Plan",
    "Problem",
    "Route",
    "Rule",
    "Score",
    "Seconds",
    "Stop",
    "Team",
    "Together",
    "Travel",
    "Unserved",
    "Visit",
    "check",
    "solve",
    "warm_up",
]
