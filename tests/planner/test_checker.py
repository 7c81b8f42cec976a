"""The checker names whatever a plan breaks; each plan here was good before it was spoilt."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from services.dispatch.planner import (
    Break,
    Forbid,
    Iterations,
    LockOrder,
    Party,
    PinTeam,
    PinTime,
    Problem,
    Together,
    Visit,
    check,
    solve,
)
from services.dispatch.planner.result import Plan, Route, Stop
from tests.planner.cities import EVENING, line, team

SPOKEN = frozenset({"es"})
LATE = EVENING + 9000


def visit(name: str, **over: Any) -> Visit:
    return Visit(**({"id": name, "opens": EVENING, "latest_start": LATE, "prize": 10} | over))


PARTIES = (
    Party("elm", 1, (visit("elm/police", kind="police"),), 5.0, "north"),
    Party("oak", 2, (visit("oak/police", kind="police", likes=SPOKEN),), 5.0, "south"),
    Party("fir", 3, (visit("fir/fire", kind="fire", skills=SPOKEN),), 5.0, "south"),
)
POLICE = team(
    "police",
    offers=frozenset({"police"}),
    prefer_areas=frozenset({"north"}),
    breaks=(Break(EVENING + 3600, EVENING + 5400, 600),),
)
FIRE = team("fire", offers=frozenset({"fire"}) | SPOKEN, must_areas=frozenset({"south"}))
PROBLEM = Problem(
    PARTIES,
    (POLICE, FIRE),
    line(4, minutes=5),
    outside_penalty=1.0,
    lacking_penalty=2.0,
    area_bonus={"north": (3.0,)},
)


@pytest.fixture(scope="module")
def good() -> Plan:
    plan = solve(PROBLEM, Iterations(320))
    assert check(PROBLEM, plan) == []
    assert plan.visits_made == 3
    return plan


def rerouted(plan: Plan, name: str, change: Callable[[Route], Route]) -> Plan:
    routes = (change(route) if route.team == name else route for route in plan.routes)
    return replace(plan, routes=tuple(routes))


def restopped(plan: Plan, name: str, **over: Any) -> Plan:
    """The plan with other facts about one stop; times move by so many seconds."""

    def changed(stop: Stop) -> Stop:
        if stop.visit != name:
            return stop
        moved = {key: getattr(stop, key) + value for key, value in over.items() if value < 10**6}
        return replace(stop, **moved)

    routes = (replace(r, stops=tuple(changed(stop) for stop in r.stops)) for r in plan.routes)
    return replace(plan, routes=tuple(routes))


def named(problem: Problem, plan: Plan, words: str) -> None:
    broken = check(problem, plan)
    assert any(words in sentence for sentence in broken), broken


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"starts": -60}, "too late for"),
        ({"starts": 9000, "leaves": 9000}, "outside"),
        ({"leaves": -60}, "takes 900"),
        ({"place": 1}, "the party is"),
    ],
)
def test_a_spoilt_stop_is_named(good: Plan, over: dict[str, int], words: str) -> None:
    named(PROBLEM, restopped(good, "fir/fire", **over), words)


@pytest.mark.parametrize(
    ("who", "facts", "words"),
    [
        ("fire", {"offers": frozenset({"fire"})}, "lacks es"),
        ("police", {"offers": frozenset({"fire"})}, "lacks police"),
        ("fire", {"must_areas": frozenset({"north"})}, "not one of the team's"),
        ("police", {"most_stops": 1}, "1 are the most"),
        ("fire", {"shift_end": EVENING + 2000}, "too late for"),
        ("fire", {"shift_end": EVENING + 1200, "end_place": None}, "the shift ends at"),
        ("fire", {"starts": EVENING + 60}, "too late for"),
        ("fire", {"start_place": 1}, "the plan says"),
        ("fire", {"end_place": 3}, "the plan says"),
        ("police", {"breaks": ()}, "0 are due"),
        ("police", {"breaks": (Break(EVENING, EVENING + 60, 600),)}, "breaks at"),
        ("police", {"breaks": (Break(EVENING, EVENING + 5400, 9000),)}, "too short"),
        ("police", {"prefer_areas": frozenset()}, "outside preferred areas"),
        ("police", {"offers": frozenset({"police"}) | SPOKEN}, "without what is liked"),
    ],
)
def test_a_plan_for_another_team_is_named(
    good: Plan, who: str, facts: dict[str, Any], words: str
) -> None:
    teams = tuple(replace(some, **facts) if some.id == who else some for some in PROBLEM.teams)
    named(replace(PROBLEM, teams=teams), good, words)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (PinTeam("elm/police", "fire"), "is pinned to fire"),
        (PinTime("elm/police", LATE - 60, LATE), "is pinned to"),
        (Forbid("elm/police"), "is not to be visited"),
        (Forbid("elm/police", "police"), "is not to be visited by police"),
        (LockOrder("police", ("oak/police", "elm/police")), "out of their locked order"),
        (LockOrder("fire", ("oak/police",)), "is locked to fire"),
        (LockOrder("police", ("elm/police",), only=True), "other visits than its fixed order"),
        (Together("oak/police", "fir/fire", 60), "s apart, not 60"),
    ],
)
def test_a_broken_rule_is_named(good: Plan, rule: Any, words: str) -> None:
    first = good.by_team["police"].visits[0]
    if isinstance(rule, LockOrder) and len(rule.visits) == 2:
        other = next(v for v in good.by_team["police"].visits if v != first)
        rule = replace(rule, visits=(other, first))
    named(replace(PROBLEM, rules=(rule,)), good, words)


def test_breaks_that_overlap_a_visit_the_shift_or_each_other_are_named(good: Plan) -> None:
    def early(route: Route) -> Route:
        return replace(route, pauses=tuple(replace(p, after=2) for p in route.pauses))

    pause = good.by_team["police"].pauses[0]
    moved = replace(pause, starts=EVENING + 3600, ends=EVENING + 4200)
    assert check(PROBLEM, rerouted(good, "police", lambda r: replace(r, pauses=(moved,)))) == []
    twice = replace(POLICE, breaks=POLICE.breaks * 2)
    both = rerouted(good, "police", lambda r: replace(r, pauses=(moved, moved)))
    named(replace(PROBLEM, teams=(twice, FIRE)), both, "two breaks at once")
    nowhere = rerouted(good, "police", lambda r: replace(r, pauses=(replace(moved, after=9),)))
    named(PROBLEM, nowhere, "which there is not")
    late = restopped(rerouted(good, "police", early), "oak/police", leaves=3600)
    late = restopped(late, "elm/police", leaves=3600)
    named(PROBLEM, late, "breaks before it has left")
    soon = Break(EVENING - 60, EVENING, 60)
    first = replace(pause, after=0, starts=EVENING - 60, ends=EVENING)
    begun = rerouted(good, "police", lambda r: replace(r, pauses=(first,)))
    named(
        replace(PROBLEM, teams=(replace(POLICE, breaks=(soon,)), FIRE)), begun, "before its shift"
    )


def test_a_stop_right_after_a_late_break_is_named(good: Plan) -> None:
    stops = good.by_team["police"].stops
    wait = Break(EVENING + 3600, EVENING + 3600, 60)
    paused = replace(
        good.by_team["police"].pauses[0], after=0, starts=EVENING + 3600, ends=EVENING + 3660
    )
    plan = rerouted(good, "police", lambda r: replace(r, pauses=(paused,)))
    assert stops[0].starts < EVENING + 3600
    named(replace(PROBLEM, teams=(replace(POLICE, breaks=(wait,)), FIRE)), plan, "too late for")


def test_what_a_plan_forgets_repeats_or_invents_is_named(good: Plan) -> None:
    cut = rerouted(good, "fire", lambda r: Route("fire", (), (), 0, EVENING))
    named(PROBLEM, cut, "fir/fire is forgotten")
    again = rerouted(good, "fire", lambda r: replace(r, stops=r.stops * 2))
    named(PROBLEM, again, "is made 2 times")
    named(PROBLEM, replace(good, routes=(*good.routes, good.routes[0])), "has 2 routes")
    named(replace(PROBLEM, teams=(POLICE,)), good, "team fire is not on duty")
    named(replace(PROBLEM, parties=PARTIES[:2]), good, "was not asked for")


@pytest.mark.parametrize("what", ["prize", "first_visits", "areas", "outside", "lacking", "travel"])
def test_a_score_that_is_not_true_is_named(good: Plan, what: str) -> None:
    more = {what: getattr(good.score, what) + 1}
    spoilt = replace(good, score=replace(good.score, **more))
    assert len(check(PROBLEM, spoilt)) == 1
