"""What was decided by hand holds in every plan."""

from dataclasses import replace

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
from tests.planner.cities import EVENING, line, party, random_city, team

BUDGET = Iterations(640)


def solved(parties, teams, rules=(), **settings):
    problem = Problem(tuple(parties), tuple(teams), line(6, minutes=5), tuple(rules), **settings)
    plan = solve(problem, BUDGET, seed=1)
    assert check(problem, plan) == []
    return plan


def test_a_visit_pinned_to_a_team_is_made_by_it():
    teams = [team("near"), team("far", start_place=5, end_place=5)]
    plan = solved([party("elm", 1)], teams, [PinTeam("elm/visit", "far")])
    assert plan.by_team["far"].visits == ("elm/visit",)


def test_a_pinned_visit_ranks_above_dearer_ones():
    parties = [party("poor", 1, prize=1), party("rich", 2, prize=90)]
    plan = solved(parties, [team("t", most_stops=1)], [PinTeam("poor/visit", "t")])
    assert plan.by_team["t"].visits == ("poor/visit",)


def test_a_visit_pinned_to_a_time_starts_then():
    pinned = PinTime("elm/visit", EVENING + 7000, EVENING + 7100)
    plan = solved([party("elm", 1), party("oak", 2)], [team("t")], [pinned])
    assert EVENING + 7000 <= plan.stop_of["elm/visit"][1].starts <= EVENING + 7100


def test_a_time_outside_the_window_is_not_met_by_a_late_visit():
    pinned = PinTime("elm/visit", EVENING + 7000, EVENING + 7100)
    plan = solved([party("elm", 1, latest_start=EVENING + 600)], [team("t")], [pinned])
    assert [left.reason for left in plan.unserved] == ["its pinned time lies outside its window"]


def test_a_forbidden_visit_is_not_made():
    parties = [party("elm", 1), party("oak", 2)]
    rules = [Forbid("elm/visit"), Forbid("oak/visit", "a")]
    plan = solved(parties, [team("a"), team("b")], rules)
    assert plan.by_team["b"].visits == ("oak/visit",)
    assert [left.visit for left in plan.unserved] == ["elm/visit"]


def test_a_locked_order_is_driven_even_where_it_is_longer():
    locked = LockOrder("t", ("p3/visit", "p1/visit", "p2/visit"))
    plan = solved([party(f"p{i}", i) for i in (1, 2, 3)], [team("t")], [locked])
    assert plan.by_team["t"].visits == locked.visits


def test_a_caravan_makes_no_other_visit():
    caravan = LockOrder("t", ("p2/visit", "p1/visit"), only=True)
    plan = solved([party(f"p{i}", i) for i in (1, 2, 3)], [team("t")], [caravan])
    assert plan.by_team["t"].visits == caravan.visits


def test_two_kinds_asked_for_together_start_together():
    # The engine has a visit near its own start that would otherwise come first.
    visits = (
        Visit("elm/police", EVENING, EVENING + 9000, prize=5, kind="police"),
        Visit("elm/fire", EVENING, EVENING + 9000, prize=5, kind="fire"),
    )
    teams = [
        team("police", offers=frozenset({"police"})),
        team("fire", offers=frozenset({"fire"}), start_place=5, end_place=5),
    ]
    parties = [Party("elm", 1, visits), party("oak", 4, kind="fire")]
    plan = solved(parties, teams, [Together("elm/police", "elm/fire", within=300)])
    assert plan.visits_made == 3
    police, fire = plan.stop_of["elm/police"][1], plan.stop_of["elm/fire"][1]
    assert abs(police.starts - fire.starts) <= 300


@pytest.mark.parametrize("seed", range(4))
def test_many_pairs_keep_together(seed):
    city = random_city(seed, parties=25, teams=6)
    rules = [
        Together(*(visit.id for visit in some.visits), within=600)
        for some in city.parties
        if len(some.visits) == 2
    ]
    problem = Problem(city.parties, city.teams, city.travel, tuple(rules))
    plan = solve(problem, BUDGET, seed)
    assert check(problem, plan) == []
    assert plan.visits_made > 12


@pytest.mark.parametrize("seed", range(40))
def test_pairs_and_breaks_together_never_give_a_route_that_cannot_be_driven(seed):
    city = random_city(seed, parties=12, teams=4)
    pairs = [
        Together(*(visit.id for visit in some.visits), within=900)
        for some in city.parties
        if len(some.visits) == 2
    ]
    pause = Break(EVENING + 3000, EVENING + 5400, 900)
    teams = [replace(some, breaks=(pause,) * (i % 2)) for i, some in enumerate(city.teams)]
    problem = replace(city, teams=tuple(teams), rules=tuple(pairs))
    assert check(problem, solve(problem, Iterations(320), seed)) == []


def test_a_break_is_taken_within_its_window():
    pause = Break(EVENING + 3600, EVENING + 4500, 1200)
    plan = solved([party(f"p{i}", i) for i in range(1, 6)], [team("t", breaks=(pause,))])
    assert plan.visits_made == 5
    [taken] = plan.by_team["t"].pauses
    assert EVENING + 3600 <= taken.starts <= EVENING + 4500


def test_a_team_stays_in_the_areas_that_it_must():
    parties = [party("n", 1, area="north"), party("s", 2, area="south")]
    plan = solved(parties, [team("t", must_areas=frozenset({"north"}))])
    assert plan.by_team["t"].visits == ("n/visit",)


def test_a_preferred_area_wins_where_both_cannot_be_had():
    parties = [party("n", 1, area="north", prize=10), party("s", 2, area="south", prize=11)]
    teams = [team("t", prefer_areas=frozenset({"north"}), most_stops=1)]
    plan = solved(parties, teams, outside_penalty=5.0)
    assert plan.by_team["t"].visits == ("n/visit",)


def test_a_language_that_is_needed_is_spoken_by_the_team_that_comes():
    spanish = frozenset({"es"})
    teams = [team("near"), team("far", start_place=5, offers=spanish)]
    plan = solved([party("elm", 1, skills=spanish)], teams)
    assert plan.by_team["far"].visits == ("elm/visit",)
    plan = solved([party("elm", 1, skills=spanish)], teams[:1])
    assert [left.reason for left in plan.unserved] == ["no team on duty may make it"]


def test_a_language_that_is_liked_is_spoken_where_that_costs_less_than_it_is_worth():
    spanish = frozenset({"es"})
    teams = [team("near"), team("far", start_place=5, end_place=5, offers=spanish)]
    likes = [party("elm", 1, likes=spanish)]
    plan = solved(likes, teams, lacking_penalty=3.0)
    assert plan.by_team["far"].visits == ("elm/visit",)
    assert solved(likes, teams).by_team["near"].visits == ("elm/visit",)
    alone = solved(likes, teams[:1], lacking_penalty=3.0)
    assert (alone.score.lacking, alone.score.points) == (3.0, 7.0)


def test_a_team_begins_when_it_is_released_and_ends_where_it_must():
    released = team("t", starts=EVENING + 1800, end_place=5, shift_end=EVENING + 6000)
    plan = solved([party("elm", 1), party("oak", 2)], [released])
    [route] = plan.routes
    assert route.stops[0].arrives == EVENING + 1800 + 300
    assert route.ends <= EVENING + 6000
    assert route.travel == 5 * 300
    tight = team("t", end_place=5, shift_end=EVENING + 1500 + 899)
    assert solved([party("elm", 1)], [tight]).visits_made == 0
    assert solved(
        [party("elm", 1)], [team("t", end_place=None, shift_end=EVENING + 1200)]
    ).visits_made


def test_each_visit_takes_its_own_time():
    visits = (
        Visit("elm/police", EVENING, EVENING + 9000, 900, kind="police"),
        Visit("elm/fire", EVENING, EVENING + 9000, 1500, kind="fire"),
    )
    both = frozenset({"police", "fire"})
    plan = solved([Party("elm", 0, visits)], [team("t", offers=both)])
    stays = {stop.visit: stop.leaves - stop.starts for stop in plan.routes[0].stops}
    assert stays == {"elm/police": 900, "elm/fire": 1500}
    assert plan.routes[0].ends == EVENING + 2400


def test_most_stops_are_not_exceeded_and_no_visit_is_no_visit():
    parties = [party(f"p{i}", i) for i in (1, 2, 3)]
    plan = solved([*parties, Party("quiet", 1, ())], [team("t", most_stops=2)])
    assert plan.visits_made == 2
    assert "quiet" not in plan.parties_visited


def test_a_second_visit_waits_until_every_party_had_a_first():
    visits = tuple(Visit(f"elm/{i}", EVENING, EVENING + 9000, prize=5) for i in range(2))
    parties = [Party("elm", 1, visits, bonus=10), party("oak", 2, prize=4, bonus=10)]
    plan = solved(parties, [team("t", most_stops=2)])
    assert plan.parties_visited == {"elm", "oak"}


def test_the_worst_served_area_gains_from_its_bonus():
    parties = [party("n1", 1, area="n", prize=19), party("n2", 2, area="n", prize=19)]
    parties.append(party("s", 3, area="s", prize=18))
    bonus = {"n": (5.0, 0.0), "s": (5.0,)}
    plan = solved(parties, [team("t", most_stops=2)], area_bonus=bonus)
    assert "s/visit" in plan.by_team["t"].visits
