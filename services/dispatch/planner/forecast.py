"""What can be promised: visits with these teams, and with one team more or less."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.dispatch.planner.problem import Problem, Team
from services.dispatch.planner.result import Plan
from services.dispatch.planner.solve import solve
from services.dispatch.planner.stop import StopRule


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a number of teams achieves."""

    teams: int
    visits: int
    parties: int
    points: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """Capacity with the teams as they are, and with each number of teams more (or fewer)."""

    asked: int
    now: Capacity
    others: tuple[Capacity, ...]

    def __str__(self) -> str:
        lines = [f"with {self.now.teams} teams: {self.now.visits} of {self.asked} visits"]
        for other in self.others:
            more = other.teams - self.now.teams
            gain = other.visits - self.now.visits
            lines.append(f"{more:+d} teams: {gain:+d} visits, {other.parties} parties visited")
        return "; ".join(lines)


def forecast(
    problem: Problem, stop: StopRule, seed: int = 0, more: tuple[int, ...] = (1,)
) -> Forecast:
    """Return what these teams can promise and what `more` teams would add or take away.

    Each size gets a budget of its own. Added teams are copies of the present ones, in turn. The
    larger fleet starts from the plan of the smaller, so that a team more never shows as a loss.
    """
    plan = solve(problem, stop, seed)
    others = []
    for change in more:
        changed = _with(problem, change)
        other = solve(changed, stop, seed, start=plan if change > 0 else None)
        others.append(_capacity(changed, other))
    now = _capacity(problem, plan)
    return Forecast(len(problem.visits), now, tuple(others))


def _capacity(problem: Problem, plan: Plan) -> Capacity:
    parties = len(plan.parties_visited)
    return Capacity(len(problem.teams), plan.visits_made, parties, plan.score.points)


def _with(problem: Problem, change: int) -> Problem:
    if change <= 0:
        teams = problem.teams[: max(0, len(problem.teams) + change)]
        left = {team.id for team in teams} | {None}
        rules = tuple(rule for rule in problem.rules if getattr(rule, "team", None) in left)
        return replace(problem, teams=teams, rules=rules)
    added = tuple(_copy(problem.teams, i) for i in range(change)) if problem.teams else ()
    return replace(problem, teams=problem.teams + added)


def _copy(teams: tuple[Team, ...], number: int) -> Team:
    team = teams[number % len(teams)]
    return replace(team, id=f"{team.id} (extra {number + 1})", name="")
