"""A team that speaks the host's language is preferred, never required."""

from typing import Any

import pytest

from services.dispatch.adapters.great_circle import GreatCircle
from services.dispatch.adapters.insertion import Insertion
from services.dispatch.adapters.search import Budget, SearchPlanner, check_twice, clearly_better
from services.dispatch.domain.basis import basis_of, changes_since
from services.dispatch.domain.effects import effects
from services.dispatch.domain.evening import Evening, Window
from services.dispatch.domain.framing import frame
from services.dispatch.domain.policy import Policies
from services.dispatch.domain.problem import Draft, Problem, TimedStop
from services.dispatch.planner import Iterations
from tests.dispatch.builders import at, make_evening, make_party, make_team, place

SEARCH = SearchPlanner(Insertion(), Budget(Iterations(2000), Iterations(20_000)))
TEAMS = [make_team("t1"), make_team("t2", languages=("es", "en"), start=place(3))]


def posed(evening: Evening) -> Problem:
    framed = frame(evening)
    return framed.problem(GreatCircle().matrix(framed.places))


def made(problem: Problem, planner: Any) -> dict[str, list[str]]:
    draft = planner.plan(problem)
    assert check_twice(problem, draft) == []
    return {team: sorted(s.party for s in route) for team, route in draft.routes.items() if route}


@pytest.mark.parametrize("planner", [Insertion(), SEARCH], ids=["insertion", "search"])
def test_a_host_gets_the_team_that_speaks_the_language_though_another_is_nearer(
    planner: Any,
) -> None:
    host = make_party("a", language="es-MX", place=place(0.2))
    assert made(posed(make_evening([host], TEAMS)), planner) == {"t2": ["a"]}
    other = make_party("a", language="en", place=place(0.2))
    assert made(posed(make_evening([other], TEAMS)), planner) == {"t1": ["a"]}


def test_whoever_would_else_have_nobody_gets_a_team_without_the_language() -> None:
    hosts = [
        make_party(f"h{n}", language="es", place=place(3), window=Window(at(0), at(16)))
        for n in range(2)
    ]
    hosts[1] = make_party("h1", language="es", place=place(0.1), window=Window(at(0), at(16)))
    evening = make_evening(hosts, TEAMS)
    assert made(posed(evening), SEARCH) == {"t1": ["h1"], "t2": ["h0"]}
    said = next(e for e in effects(evening, {"t1": ["h1"], "t2": ["h0"]}) if "language" in e.policy)
    assert said.outcome == (
        "1 of 2 such hosts get one. Not so, as no such team had room: h1 Street (Spanish)."
    )


def test_the_policy_s_weight_decides_and_nought_takes_no_notice() -> None:
    host = make_party("a", language="es", place=place(0.2))
    off = make_evening([host], TEAMS, policies=Policies(language_points=0.0))
    assert made(posed(off), SEARCH) == {"t1": ["a"]}
    assert not any("language" in effect.policy for effect in effects(off))
    assert posed(off).plain


def test_a_language_that_no_team_speaks_is_no_matter() -> None:
    problem = posed(make_evening([make_party("a", language="vi")], TEAMS))
    assert problem.visits[0].language == ""
    assert problem.plain


def test_a_plan_with_the_language_is_clearly_better() -> None:
    problem = posed(make_evening([make_party("a", language="es", place=place(0.2))], TEAMS))
    stop = (TimedStop("a", 900, 1800),)
    without, with_it = Draft({"t1": stop}, ()), Draft({"t2": stop}, ())
    assert clearly_better(problem, with_it, without)
    assert not clearly_better(problem, without, with_it)


def test_a_draft_is_outdated_once_languages_change() -> None:
    host = make_party("a", language="es")
    basis = basis_of(make_evening([host], TEAMS))
    assert changes_since(basis, make_evening([host], TEAMS)) == []
    other = make_evening(
        [make_party("a", language="vi")], [TEAMS[0], make_team("t2", start=place(3))]
    )
    assert changes_since(basis, other) == ["1 party changed", "1 team changed"]
