"""The plain planner: feasible, complete, and loyal to the plan before."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch.domain.evening import Evening, Party, Team, Window
from services.dispatch.domain.plan import Plan
from tests.dispatch.builders import at, make_evening, make_party, make_team, place
from tests.dispatch.plans import after, plan

# Four parties in a line from the kick-off:  0 ---p1---p2---p3---p4  (2 km apart)
LINE = [make_party(f"p{n}", place=place(2 * n)) for n in range(1, 5)]


def order(made: Plan, team: str = "t1") -> list[str]:
    return [stop.party_id for stop in made.changed_routes[team]]


def test_a_route_goes_along_the_line() -> None:
    assert order(plan(make_evening(LINE))) == ["p1", "p2", "p3", "p4"]


def test_a_party_that_opens_late_is_visited_when_it_is_open() -> None:
    late = make_party("p1", window=Window(at(120), at(200)))
    (stop,) = plan(make_evening([late])).changed_routes["t1"]
    assert stop.arrives_at == at(120)


def test_a_full_shift_takes_no_further_stop() -> None:
    made = plan(make_evening(LINE, [make_team(shift=Window(at(0), at(45)))]))
    assert order(made) == ["p1", "p2"]
    assert all(stop.leaves_at <= at(45) for stop in made.changed_routes["t1"])


def test_idle_teams_share_the_work() -> None:
    parties = [make_party(f"p{n}", place=place(n % 3, n // 3)) for n in range(9)]
    made = plan(make_evening(parties, [make_team(f"t{n}") for n in range(3)]))
    assert sorted(len(stops) for stops in made.changed_routes.values()) == [3, 3, 3]


def test_planning_the_same_evening_again_changes_nothing() -> None:
    evening = make_evening(LINE)
    assert plan(after(evening, plan(evening))).changes_nothing


def test_a_new_party_moves_nobody_else_out_of_the_window_told() -> None:
    evening = make_evening(LINE)
    first = plan(evening)
    new = make_party("p9", place=place(3))
    second = plan(after(evening, first, parties=(*LINE, new)))
    assert second.news == {"p9"}
    kept = [party for party in order(second) if party != "p9"]
    assert kept == order(first)


def test_a_withdrawn_party_leaves_the_others_in_their_order() -> None:
    evening = make_evening(LINE)
    first = plan(evening)
    second = plan(after(evening, first, parties=tuple(LINE[1:])))
    assert order(second) == order(first)[1:]
    assert second.told["p1"].reason == "withdrawn"
    assert second.news == {"p1"}


def test_a_party_that_moves_within_the_evening_breaks_no_other_promise() -> None:
    evening = make_evening(LINE)
    first = plan(evening)
    late = replace(LINE[0], window=Window(at(200), at(240)))
    second = plan(after(evening, first, parties=(late, *LINE[1:])))
    assert second.news == {"p1"}
    assert order(second) == ["p2", "p3", "p4", "p1"]


def test_a_lost_team_s_parties_go_to_another_first() -> None:
    teams = (make_team("t1"), make_team("t2"))
    evening = make_evening(LINE, teams)
    first = plan(evening)
    unvisited = [make_party(f"q{n}", place=place(-1)) for n in range(30)]
    second = plan(after(evening, first, teams=teams[1:], parties=(*LINE, *unvisited)))
    assert all(second.told.get(p.id, first.told[p.id]).scheduled for p in LINE)
    assert second.changed_routes["t1"] == ()


@st.composite
def evenings(draw: st.DrawFn) -> Evening:
    """Random evenings of up to 25 parties and 4 teams."""
    minutes = st.integers(-30, 260)

    def party(number: int) -> Party:
        opens = draw(minutes)
        return make_party(
            f"p{number}",
            place=place(draw(st.floats(-20, 20)), draw(st.floats(-20, 20))),
            window=Window(at(opens), at(opens + draw(st.integers(1, 240)))),
            wanted=draw(st.sampled_from([(), ("police",), ("fire",), ("police", "fire")])),
            no_visit=draw(st.booleans()),
        )

    def team(number: int) -> Team:
        opens = draw(minutes)
        shift = Window(at(opens), at(opens + draw(st.integers(0, 240))))
        kinds = draw(st.sampled_from([("police",), ("fire",), ("police", "fire"), ()]))
        return make_team(f"t{number}", shift=shift, kinds=kinds)

    parties = [party(number) for number in range(draw(st.integers(0, 25)))]
    teams = [team(number) for number in range(draw(st.integers(0, 4)))]
    return make_evening(parties, teams)


@settings(max_examples=60, deadline=None)
@given(evenings(), st.data())
def test_any_evening_is_planned_without_a_broken_rule(
    evening: Evening, data: st.DataObject
) -> None:
    first = plan(evening)
    assert set(first.told) == {party.id for party in evening.parties}
    assert all(told.scheduled != bool(told.reason) for told in first.told.values())
    kept = data.draw(st.lists(st.sampled_from(evening.parties), unique=True)) if first.told else []
    second = plan(after(evening, first, parties=tuple(kept)))
    assert plan(after(after(evening, first, parties=tuple(kept)), second)).changes_nothing
