"""Every party is visited, or its host can be told why not."""

from dataclasses import replace

import pytest

from services.dispatch.domain.evening import Evening, Party, Window
from services.dispatch.domain.plan import Plan
from tests.dispatch.builders import at, make_city, make_evening, make_party, make_team, place
from tests.dispatch.plans import plan


def reason(evening: Evening, party: str = "p1") -> str:
    return plan(evening).told[party].reason


@pytest.mark.parametrize(
    ("party", "code"),
    [
        (make_party(no_visit=True), "no_visit_wanted"),
        (make_party(place=None), "location_unconfirmed"),
        (make_party(wanted=("mounted",)), "no_team_of_that_kind"),
        (make_party(window=Window(at(60), at(70))), "window_too_short"),
        (make_party(window=Window(at(-90), at(-30))), "no_team_at_that_time"),
        (make_party(place=place(60), window=Window(at(0), at(60))), "too_far"),
    ],
)
def test_a_hopeless_party_gets_its_reason(party: Party, code: str) -> None:
    assert reason(make_evening([party])) == code


def test_a_full_evening_leaves_parties_for_want_of_time() -> None:
    team = make_team(shift=Window(at(0), at(40)))
    made = plan(make_evening([make_party(f"p{n}") for n in range(5)], [team]))
    assert (made.summary.visited, made.summary.unvisited) == (2, 3)
    assert {told.reason for told in made.told.values() if told.reason} == {"no_time_left"}


def test_a_city_without_teams_says_so() -> None:
    assert reason(make_evening([make_party()], [])) == "no_teams"


def test_the_sentence_names_the_kind_that_is_lacking() -> None:
    told = plan(make_evening([make_party(wanted=("fire",))])).told["p1"]
    assert "Fire engine" in told.detail


def test_any_team_may_come_where_no_kind_is_asked() -> None:
    made = plan(make_evening([make_party()], [make_team(kinds=("fire",))]))
    assert made.told["p1"].kinds == ("fire",)


def minutes(made: Plan, team: str = "t1") -> float:
    (stop,) = made.changed_routes[team]
    return (stop.leaves_at - stop.arrives_at).total_seconds() / 60


def test_one_of_the_wanted_kinds_is_enough_and_takes_its_own_minutes() -> None:
    made = plan(make_evening([make_party(wanted=("mounted", "fire", "police"))]))
    (stop,) = made.changed_routes["t1"]
    assert stop.kinds == ("police",)
    assert minutes(made) == 15


def test_each_kind_of_visit_takes_its_own_minutes() -> None:
    teams = [make_team("t1"), make_team("t2", kinds=("fire",))]
    made = plan(make_evening([make_party(wanted=("police", "fire"))], teams))
    assert (minutes(made, "t1"), minutes(made, "t2")) == (15, 20)


def test_a_team_of_two_kinds_stays_as_long_as_the_longer_of_them() -> None:
    team = make_team(kinds=("police", "fire"))
    assert minutes(plan(make_evening([make_party(wanted=("police", "fire"))], [team]))) == 20
    assert minutes(plan(make_evening([make_party(wanted=("police",))], [team]))) == 15


def test_a_party_too_short_for_one_kind_may_have_the_other() -> None:
    teams = [make_team("t1"), make_team("t2", kinds=("fire",))]
    short = make_party(wanted=("police", "fire"), window=Window(at(60), at(78)))
    made = plan(make_evening([short], teams))
    assert made.told["p1"].kinds == ("police",)
    assert reason(make_evening([replace(short, wanted=("fire",))], teams)) == "window_too_short"


def test_a_city_without_kinds_plans_visits_of_the_usual_length() -> None:
    evening = make_evening([make_party()], city=replace(make_city(), kinds=()))
    (stop,) = plan(evening).changed_routes["t1"]
    assert (stop.leaves_at - stop.arrives_at).total_seconds() == 15 * 60
