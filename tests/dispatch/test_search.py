"""The search behind the ports: nobody is left out in vain, no promise is broken."""

from dataclasses import replace
from typing import Any

import numpy as np

from services.dispatch.adapters import translation
from services.dispatch.adapters.great_circle import GreatCircle
from services.dispatch.adapters.insertion import Insertion
from services.dispatch.adapters.search import (
    Budget,
    SearchPlanner,
    check_twice,
    clearly_better,
    points,
)
from services.dispatch.domain.evening import Evening, Window
from services.dispatch.domain.framing import Frame, frame
from services.dispatch.domain.plan import Plan, compose
from services.dispatch.domain.problem import NO_WAY, Crew, Draft, Problem, TimedStop, Visit
from services.dispatch.planner import STRONG, Iterations
from services.dispatch.planner.result import Plan as Planned
from tests.dispatch.builders import NOON, at, make_evening, make_party, make_team, place
from tests.dispatch.plans import after
from tests.dispatch.test_philadelphia import philadelphia  # noqa: F401 - a fixture

SEARCH = SearchPlanner(Insertion(), Budget(Iterations(2000), Iterations(20_000)))
BOTH = [make_team("t1"), make_team("t2", kinds=("fire",))]


def posed(evening: Evening) -> tuple[Frame, Problem]:
    framed = frame(evening)
    return framed, framed.problem(GreatCircle().matrix(framed.places))


def plan(evening: Evening) -> Plan:
    framed, problem = posed(evening)
    draft = SEARCH.plan(problem)
    assert check_twice(problem, draft) == []
    return compose(framed, problem, draft, NOON)


def improved(evening: Evening) -> Plan | None:
    framed, problem = posed(evening)
    draft = SEARCH.improve(problem, lambda: False)
    if draft is None:
        return None
    assert check_twice(problem, draft) == []
    return compose(framed, problem, draft, NOON)


def stops(made: Plan) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    routes = made.changed_routes.items()
    return {team: [(stop.party_id, stop.kinds) for stop in route] for team, route in routes}


def test_each_kind_that_a_host_asks_for_may_come() -> None:
    made = plan(make_evening([make_party(wanted=("police", "fire"))], BOTH))
    assert stops(made) == {"t1": [("p1", ("police",))], "t2": [("p1", ("fire",))]}
    assert (made.summary.visited, made.summary.unvisited) == (1, 0)


def test_of_two_visits_the_host_is_told_of_one_and_stays_with_it() -> None:
    evening = make_evening([make_party(wanted=("police", "fire"))], BOTH)
    first = plan(evening)
    told = first.told["p1"].team_id
    again = plan(after(evening, first, parties=(*evening.parties, make_party("p2"))))
    assert told == "t1"
    assert again.news == {"p2"}


def test_a_team_of_two_wanted_kinds_brings_both_at_once() -> None:
    team = make_team(kinds=("police", "fire"))
    made = plan(make_evening([make_party(wanted=("police", "fire"))], [team]))
    assert stops(made) == {"t1": [("p1", ("police", "fire"))]}


def test_a_first_visit_is_worth_more_than_a_second() -> None:
    shift = Window(at(0), at(31))
    teams = [make_team("t1", shift=shift), make_team("t2", kinds=("fire",), shift=shift)]
    parties = [make_party("p1", wanted=("police", "fire")), make_party("p2", wanted=("fire",))]
    made = plan(make_evening(parties, teams))
    assert made.summary.visited == 2


def test_the_search_serves_whom_insertion_leaves_out() -> None:
    # The cheapest visit first is a trap here: the two far parties close before it is over.
    near = make_party("near", place=place(0.1))
    far = [
        make_party(f"f{n}", place=place(3, n), window=Window(at(0), at(40 + 20 * n)))
        for n in range(2)
    ]
    evening = make_evening([near, *far], [make_team(shift=Window(at(0), at(75)))])
    _, problem = posed(evening)
    assert len(Insertion().plan(problem).visited) <= len(SEARCH.plan(problem).visited) == 3


def test_an_improvement_breaks_no_promise() -> None:
    parties = [make_party(f"p{n:02}", place=place(n * 7 % 13, n * 5 % 11)) for n in range(40)]
    evening = make_evening(parties, [make_team("t1"), make_team("t2")])
    framed, problem = posed(evening)
    rough = compose(framed, problem, Insertion().plan(problem), NOON)
    later = after(evening, rough)
    better = improved(later)
    broken = [p for p in (better.news if better else ()) if rough.told[p].scheduled]
    assert broken == []


def test_one_party_that_moves_leaves_the_others_their_times() -> None:
    parties = [make_party(f"p{n}", place=place(n % 4, n // 4)) for n in range(8)]
    evening = make_evening(parties)
    first = plan(evening)
    late = replace(parties[3], window=Window(at(200), at(240)))
    rest = tuple(late if party.id == late.id else party for party in parties)
    second = plan(after(evening, first, parties=rest))
    assert second.news == {"p3"}
    third = improved(after(after(evening, first, parties=rest), second))
    assert third is None or third.news == frozenset()


def test_the_same_problem_gives_the_same_draft() -> None:
    parties = [make_party(f"p{n:02}", place=place(n * 7 % 13, n * 5 % 11)) for n in range(40)]
    _, problem = posed(make_evening(parties))
    assert SEARCH.plan(problem) == SEARCH.plan(problem)


def test_nothing_better_is_nothing() -> None:
    evening = make_evening([make_party()])
    assert improved(after(evening, plan(evening))) is None
    assert improved(make_evening()) is None
    assert improved(make_evening([make_party()], [])) is None


def test_a_search_that_is_superseded_ends_at_once() -> None:
    search = SearchPlanner(Insertion(), Budget.of_seconds(3600))
    parties = [make_party(f"p{n:03}", place=place(n % 30, n // 30)) for n in range(600)]
    _, problem = posed(make_evening(parties))
    search.improve(problem, lambda: True)


def draft(*visits: tuple[str, int]) -> Draft:
    routes: dict[str, Any] = {"t1": (), "t2": ()}
    for team in routes:
        routes[team] = tuple(
            TimedStop(party, 0, 0) for n, (party, row) in enumerate(visits) if row == int(team[1])
        )
    return Draft(routes, ())


def test_better_means_more_visits_or_far_less_driving_without_a_busier_team() -> None:
    visits = tuple(
        Visit(p, row, 0, 9, 0, frozenset({"t1", "t2"})) for row, p in ((1, "a"), (2, "b"))
    )
    seconds = np.array([[0, 100, 100], [100, 0, 10], [100, 10, 0]], dtype=np.int32)
    problem = Problem(visits, (Crew("t1", 0, 0, 999), Crew("t2", 0, 0, 999)), seconds)
    one, shared, heaped = draft(("a", 1)), draft(("a", 1), ("b", 2)), draft(("a", 1), ("b", 1))
    assert points(shared) > points(one)
    assert clearly_better(problem, shared, one)
    assert not clearly_better(problem, one, shared)
    assert not clearly_better(problem, heaped, shared)
    assert not clearly_better(problem, shared, shared)
    assert not clearly_better(problem, shared, heaped)


def test_nobody_is_sent_where_no_road_leads() -> None:
    visit = Visit("a", 1, 0, 10**6, 0, frozenset({"t1"}))
    seconds = np.array([[0, NO_WAY], [NO_WAY, 0]], dtype=np.int32)
    problem = Problem((visit,), (Crew("t1", 0, 0, 10**6),), seconds)
    assert SEARCH.plan(problem).left == ("a",)
    there = Draft({"t1": (TimedStop("a", 10**6, 10**6),)}, ())
    assert "cannot be at" in check_twice(problem, there)[0]


def test_the_planner_s_own_checker_looks_at_every_draft() -> None:
    _, problem = posed(make_evening([make_party("p1"), make_party("p2")]))
    good = SEARCH.plan(problem)
    (stop, *rest) = good.routes["t1"]
    early = Draft({"t1": (replace(stop, starts=stop.starts - 60), *rest)}, good.left)
    assert check_twice(problem, good) == []
    assert check_twice(problem, early) != []


def test_a_draft_goes_to_the_search_and_back_unharmed() -> None:
    _, problem = posed(make_evening([make_party(wanted=("police", "fire"))], BOTH))
    made = SEARCH.plan(problem)
    there: Planned = translation.plan_of(translation.asked(problem), made)
    assert translation.draft_of(problem, there) == made
    assert translation.kept(problem, STRONG, 0).promises == ()


def test_philadelphia_is_planned_better_than_by_insertion_and_promises_hold(
    philadelphia: Evening,  # noqa: F811 - the fixture
) -> None:
    _, problem = posed(philadelphia)
    assert problem.burst
    first = plan(philadelphia)
    assert first.summary.visited > len(Insertion().plan(problem).visited)
    gone = next(iter(first.changed_routes.values()))[3].party_id
    rest = tuple(party for party in philadelphia.parties if party.id != gone)
    second = plan(after(philadelphia, first, parties=rest))
    assert {party for party in second.news if first.told[party].scheduled} == {gone}
