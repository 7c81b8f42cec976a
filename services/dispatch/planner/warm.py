"""Takes an earlier plan as the start of a new search, dropping what no longer works."""

from __future__ import annotations

from collections.abc import Sequence

from services.dispatch.planner.kernels.arrays import NEVER, State
from services.dispatch.planner.model import Compiled
from services.dispatch.planner.problem import Team
from services.dispatch.planner.result import Plan
from services.dispatch.planner.rules import LockOrder, Together
from services.dispatch.planner.schedule import first_failure


def set_routes(compiled: Compiled, state: State, start: Plan) -> None:
    """Write the routes of an earlier plan into the state, repaired so that all are feasible."""
    room = compiled.model.room
    sequences = {route.team: route.visits for route in start.routes}
    for t, team in enumerate(compiled.problem.teams):
        nodes = _repaired(compiled, t, team, sequences.get(team.id, ()))
        state.node[t * room + 1 : t * room + 1 + len(nodes)] = nodes
        state.node[t * room + 1 + len(nodes)] = -1
        state.size[t] = len(nodes) + 2


def _repaired(compiled: Compiled, t: int, team: Team, visits: Sequence[str]) -> list[int]:
    """Return the nodes of a feasible route: late promises are moved, then the least worth go.

    What goes first is the visit with the fewest points a minute among those up to the failure.
    """
    nodes = [compiled.node_of[v] for v in _permitted(compiled, t, team, visits)]
    while True:
        spans = {compiled.visit_of[i]: compiled.span(i) for i in nodes}
        at = first_failure(compiled.problem, team, [compiled.visit_of[i] for i in nodes], spans)
        if at is None:
            return nodes
        late = nodes[at] if at < len(nodes) else -1
        if late >= 0 and compiled.moved_of.get(late) is not None:
            nodes[at] = compiled.moved_of[late]
        else:
            nodes.remove(min(nodes[: at + 1], key=lambda i: _rate(compiled, i, t)))


def _rate(compiled: Compiled, node: int, t: int) -> float:
    model = compiled.model
    return float(model.gain[node * model.teams + t]) / (float(model.service[node]) + 300.0)


def _permitted(compiled: Compiled, t: int, team: Team, visits: Sequence[str]) -> list[str]:
    model, problem = compiled.model, compiled.problem
    seconds = {rule.second for rule in problem.rules if isinstance(rule, Together)}
    locks = [rule for rule in problem.rules if isinstance(rule, LockOrder)]
    kept: list[str] = []
    for visit in visits:
        node = compiled.node_of.get(visit)
        if node is None or visit in seconds or model.gain[node * model.teams + t] == NEVER:
            continue
        if visit not in kept and _in_order([*kept, visit], locks):
            kept.append(visit)
    return kept if team.most_stops is None else kept[: team.most_stops]


def _in_order(visits: Sequence[str], locks: Sequence[LockOrder]) -> bool:
    for lock in locks:
        locked = [visit for visit in visits if visit in lock.visits]
        if locked != [visit for visit in lock.visits if visit in locked]:
            return False
    return True
