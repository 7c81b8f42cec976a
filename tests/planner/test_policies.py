"""What each policy does to an evening, and that it says so."""

from services.dispatch.planner import Iterations, Problem, check, solve
from services.dispatch.planner.policies import (
    History,
    beats,
    cap,
    caravan,
    equity_between_areas,
    first_come_first_served,
    lottery,
    new_and_long_absent_first,
)
from tests.planner.cities import line, party, random_city, team

THREE = tuple(party(f"p{i}", 1, prize=10.0, area="n" if i else "s") for i in range(3))
KNOWN = {"p0": History(0, 1), "p1": History(1, 9), "p2": History(2, None)}


def one_stop(parties=THREE):
    return Problem(parties, (team("t", most_stops=1),), line(2))


def visited(problem):
    plan = solve(problem, Iterations(128))
    assert check(problem, plan) == []
    return plan.parties_visited


def test_who_came_first_is_served_first():
    applied = first_come_first_served(one_stop(), KNOWN)
    assert visited(applied.problem) == {"p0"}
    assert [visit.prize for visit in applied.problem.visits] == [10.0, 7.5, 5.0]
    assert "50%" in applied.effect


def test_new_and_long_absent_blocks_count_more():
    applied = new_and_long_absent_first(one_stop(), KNOWN)
    assert [visit.prize for visit in applied.problem.visits] == [10.0, 15.0, 15.0]
    assert applied.effect.startswith("2 blocks")


def test_equity_rewards_the_first_party_of_an_area_most():
    applied = equity_between_areas(one_stop(), points=6.0)
    assert applied.problem.area_bonus == {"s": (6.0,), "n": (6.0, 3.0)}


def test_a_lottery_is_repeatable_and_its_winners_are_visited():
    problem = random_city(3, parties=20, teams=3)
    drawn = lottery(problem, guaranteed=3, seed=42)
    winners = {p.id for p in drawn.problem.parties if any(v.must for v in p.visits)}
    assert len(winners) == 3
    assert lottery(problem, 3, seed=42).problem.parties == drawn.problem.parties
    plan = solve(drawn.problem, Iterations(640), seed=1)
    assert "seed 42" in drawn.effect
    able = {left.party for left in plan.unserved if "no room" not in left.reason}
    assert winners <= plan.parties_visited | able


def test_a_cap_considers_the_first_registrations_only():
    applied = cap(one_stop(), KNOWN, most=2)
    assert "p2" not in visited(applied.problem)


def test_a_caravan_keeps_its_order_and_a_beat_its_area():
    problem = Problem(THREE, (team("t"),), line(2))
    order = ("p2/visit", "p0/visit")
    plan = solve(caravan(problem, "t", order).problem, Iterations(128))
    assert plan.by_team["t"].visits == order
    assert visited(beats(problem, {"t": ["n"]}).problem) == {"p1", "p2"}
