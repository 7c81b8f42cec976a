"""Plans an evening with the real parts that need no server."""

from typing import Any

from services.dispatch.adapters.great_circle import GreatCircle
from services.dispatch.adapters.insertion import Insertion
from services.dispatch.domain.checker import check
from services.dispatch.domain.evening import Evening, Rests
from services.dispatch.domain.framing import frame
from services.dispatch.domain.plan import Plan, compose
from tests.dispatch.builders import NOON


def plan(evening: Evening) -> Plan:
    """A checked plan of the evening."""
    framed = frame(evening)
    problem = framed.problem(GreatCircle().matrix(framed.places))
    draft = Insertion().plan(problem)
    assert check(problem, draft) == []
    return compose(framed, problem, draft, NOON)


def after(evening: Evening, made: Plan, **over: Any) -> Evening:
    """The evening once the plan is stored, with something about it changed."""
    given: dict[str, Any] = {
        "city": evening.city,
        "teams": evening.teams,
        "parties": evening.parties,
        "routes": {**evening.routes, **made.changed_routes},
        "told": {**evening.told, **made.told},
        "rests": {t: r for t, r in {**evening.rests, **made.rests}.items() if r != Rests()},
        "version": made.version,
    }
    return Evening(**(given | over))
