"""Teams rest when the roster says so, and are back where they have to be: in every plan."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.dispatch.adapters.great_circle import GreatCircle
from services.dispatch.adapters.insertion import Insertion
from services.dispatch.adapters.search import Budget, SearchPlanner, check_twice
from services.dispatch.domain.basis import basis_of, changes_since
from services.dispatch.domain.breaks import owed, rested_by
from services.dispatch.domain.checker import check
from services.dispatch.domain.evening import BreakTime, Evening, Team, Window
from services.dispatch.domain.framing import frame
from services.dispatch.domain.handmade import check_by_hand
from services.dispatch.domain.loss import loss_of
from services.dispatch.domain.night import BreakNow, TeamNow, TeamState
from services.dispatch.domain.plan import compose
from services.dispatch.domain.problem import Draft, Problem
from services.dispatch.domain.sheets import run_sheets
from services.dispatch.domain.slack import legs
from services.dispatch.domain.way_in import ways_in
from services.dispatch.planner import Iterations
from tests.dispatch.builders import NOON, at, make_evening, make_party, make_team, place
from tests.dispatch.plans import after

SEARCH = SearchPlanner(Insertion(), Budget(Iterations(2000), Iterations(20_000)))
PLANNERS = pytest.mark.parametrize("planner", [Insertion(), SEARCH], ids=["insertion", "search"])


def rest(opens: float, closes: float, minutes: int = 0) -> BreakTime:
    return BreakTime(at(opens), at(closes), minutes or round(closes - opens))


def busy(*breaks: BreakTime, **over: Any) -> Evening:
    """One team, and more parties than it can visit."""
    parties = [make_party(f"p{n}", place=place(0.3 * n)) for n in range(20)]
    return make_evening(parties, [make_team("t1", breaks=breaks, **over)])


def posed(evening: Evening) -> Problem:
    framed = frame(evening)
    return framed.problem(GreatCircle().matrix(framed.places))


@PLANNERS
def test_a_break_at_a_set_time_is_kept_free_by_every_planner(planner: Any) -> None:
    problem = posed(busy(rest(120, 140)))
    draft = planner.plan(problem)
    assert check_twice(problem, draft) == []
    (pause,) = draft.pauses["t1"]
    assert (pause.starts, pause.ends) == (7200, 8400)
    assert all(stop.leaves <= 7200 or stop.starts >= 8400 for stop in draft.routes["t1"])
    assert len(draft.routes["t1"]) >= 8


@PLANNERS
def test_a_break_within_a_window_falls_where_it_costs_least(planner: Any) -> None:
    late = [make_party("l", place=place(1), window=Window(at(100), at(130)))]
    team = make_team("t1", breaks=(rest(60, 120, 20),))
    early = [make_party("e", place=place(1), window=Window(at(0), at(30)))]
    problem = posed(make_evening(early + late, [team]))
    draft = planner.plan(problem)
    assert check_twice(problem, draft) == []
    assert [stop.party for stop in draft.routes["t1"]] == ["e", "l"]
    assert draft.routes["t1"][1].starts == 6000
    (pause,) = draft.pauses["t1"]
    assert 3600 <= pause.starts <= 6000
    assert pause.ends - pause.starts == 1200


@PLANNERS
def test_a_team_is_back_where_it_has_to_be_by_the_end_of_its_shift(planner: Any) -> None:
    free = planner.plan(posed(busy()))
    problem = posed(busy(end=place(-12), end_name="Station 2"))
    draft = planner.plan(problem)
    assert check_twice(problem, draft) == []
    assert len(draft.routes["t1"]) < len(free.routes["t1"])
    made = compose(frame(busy(end=place(-12))), problem, draft, NOON)
    back = made.rests["t1"].back_at
    assert back is not None
    assert at(240) - timedelta(minutes=40) < back <= at(240)


def test_several_breaks_and_an_end_are_kept_with_promises() -> None:
    evening = busy(rest(60, 75), rest(150, 210, 30), end=place(2))
    framed = frame(evening)
    problem = posed(evening)
    draft = SEARCH.plan(problem)
    assert check_twice(problem, draft) == []
    made = compose(framed, problem, draft, NOON)
    again = posed(after(evening, made))
    kept = Insertion().plan(again)
    assert check_twice(again, kept) == []
    assert kept.routes == draft.routes
    assert kept.pauses == draft.pauses
    assert all(leg.spare >= 0 for leg in legs(problem, draft))
    assert loss_of(again, kept.routes).unmade == 0


def test_a_break_that_nobody_can_keep_is_left_out_and_nobody_is_sent_who_cannot_be_back() -> None:
    outside = posed(busy(rest(300, 320)))
    assert outside.crews[0].breaks == ()
    assert check(outside, Insertion().plan(outside)) == []
    far = posed(busy(end=place(400)))
    draft = Insertion().plan(far)
    assert check_twice(far, draft) == []
    assert draft.routes["t1"] == ()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda d: replace(d, pauses={}), "1 are due"),
        (lambda d: _moved(d, starts=600), "is too short|breaks at|cannot be"),
        (lambda d: _moved(d, ends=7300), "too short"),
        (lambda d: _moved(d, after=0), "cannot be at"),
        (lambda d: _moved(d, after=99), "which there is not"),
    ],
)
def test_a_draft_that_spoils_a_break_is_refused(spoil: Any, words: str) -> None:
    problem = posed(busy(rest(120, 140)))
    broken = "; ".join(check(problem, spoil(Insertion().plan(problem))))
    assert any(word in broken for word in words.split("|")), broken


def _moved(draft: Draft, **over: int) -> Draft:
    (pause,) = draft.pauses["t1"]
    return replace(draft, pauses={"t1": (replace(pause, **over),)})


def test_a_draft_that_comes_back_too_late_is_refused() -> None:
    draft = Insertion().plan(posed(busy()))
    broken = check(posed(busy(end=place(-12))), draft)
    assert any("it has to be by 14400" in words for words in broken)


def test_a_plan_by_hand_is_timed_around_the_breaks_and_told_what_it_breaks() -> None:
    evening = busy(rest(30, 50), end=place(-12))
    framed, problem = frame(evening), posed(evening)
    good = check_by_hand(framed, problem, {"t1": ["p0", "p1", "p2"]})
    assert good.faults == ()
    assert check_twice(problem, good.draft) == []
    window = Window(at(20), at(41))
    held = replace(evening, parties=(replace(evening.parties[0], window=window),))
    late = check_by_hand(frame(held), posed(held), {"t1": ["p0"]})
    assert [fault.words for fault in late.faults] == [
        "Team t1 reaches p0 Street (P0) at 6:50 PM; the visit can start 6:20–6:26 PM."
    ]
    long = check_by_hand(framed, problem, {"t1": [f"p{n}" for n in range(13)]})
    assert any("after the end of its shift" in fault.words for fault in long.faults)


def test_a_walk_up_finds_no_place_where_a_break_would_be_missed() -> None:
    evening = busy(rest(0, 25))
    party = make_party("w", place=place(1), window=Window(at(0), at(24)))
    asked = replace(evening, parties=(party,))
    assert ways_in(posed(asked), {}, "w") == []
    assert ways_in(posed(replace(asked, teams=(make_team("t1"),))), {}, "w") != []


def test_a_draft_is_outdated_once_a_break_or_an_end_changes() -> None:
    basis = basis_of(busy())
    assert changes_since(basis, busy()) == []
    assert changes_since(basis, busy(rest(60, 80))) == ["1 team changed"]
    assert changes_since(basis, busy(end=place(1))) == ["1 team changed"]


def test_the_run_sheet_has_the_break_between_the_stops_and_the_way_back() -> None:
    evening = busy(rest(120, 140), end=place(1), end_name="Station 2")
    problem = posed(evening)
    made = compose(frame(evening), problem, Insertion().plan(problem), NOON)
    (sheet,) = run_sheets(after(evening, made))
    words = [stop.rest for stop in sheet.stops]
    number = words.index("Break 8:00–8:20 PM")
    assert 0 < number < len(words) - 1
    assert sheet.stops[number].arrives == "8:00 PM"
    assert sheet.ends.startswith("Back at Station 2 by 10:00 PM, planned 9:")


# --- what is taken tonight ---

TEAM: Team = make_team("t1", breaks=(rest(60, 80), rest(180, 200)))


def test_a_break_taken_is_owed_no_more_and_the_nearest_one_is_meant() -> None:
    late = TeamNow(breaks=(BreakNow(at(175), at(195)),))
    assert owed(TEAM, late, at(100)) == TEAM.breaks[:1]
    short = TeamNow(breaks=(BreakNow(at(60), at(62)),))
    assert owed(TEAM, short, at(65)) == TEAM.breaks
    both = TeamNow(breaks=(BreakNow(at(61), at(81)), BreakNow(at(170), None)))
    assert owed(TEAM, both, at(172)) == ()
    assert owed(TEAM, TeamNow(), at(145)) == TEAM.breaks[1:]


def test_a_team_on_a_break_is_free_when_the_roster_says() -> None:
    on = TeamNow(TeamState.ON_BREAK, since=at(62), breaks=(BreakNow(at(62)),))
    assert rested_by(TEAM, on) == at(82)
    assert rested_by(make_team(), on) == at(72)
    assert rested_by(TEAM, TeamNow()) is None
