"""Chooses whom to visit: a team orienteering planner with time windows. Called by dispatch."""

from services.dispatch.planner.checker import check
from services.dispatch.planner.errors import InvalidProblem
from services.dispatch.planner.keep import NONE, SOFT, STRONG, Keep, Promise, Stability
from services.dispatch.planner.problem import Break, Party, Problem, Team, Visit
from services.dispatch.planner.result import Plan, Route, Score, Stop, Unserved
from services.dispatch.planner.rules import Forbid, LockOrder, PinTeam, PinTime, Rule, Together
from services.dispatch.planner.search import Progress
from services.dispatch.planner.solve import solve, warm_up
from services.dispatch.planner.stop import AnyOf, Cancelled, Iterations, Seconds
from services.dispatch.planner.travel import UNREACHABLE, Travel

__all__ = [
    "NONE",
    "SOFT",
    "STRONG",
    "UNREACHABLE",
    "AnyOf",
    "Break",
    "Cancelled",
    "Forbid",
    "InvalidProblem",
    "Iterations",
    "Keep",
    "LockOrder",
    "Party",
    "PinTeam",
    "PinTime",
    "Plan",
    "Problem",
    "Progress",
    "Promise",
    "Route",
    "Rule",
    "Score",
    "Seconds",
    "Stability",
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
