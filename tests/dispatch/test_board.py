"""The board in the city's own time."""

from zoneinfo import ZoneInfo

from services.dispatch.domain.board import Board, Standing, build_board, span
from services.dispatch.domain.evening import Evening, Window
from tests.dispatch.builders import NOON, at, make_evening, make_party, place
from tests.dispatch.plans import after, plan

LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def board(evening: Evening) -> Board:
    return build_board(evening, Standing(7, NOON, "", 1, NOON, 2, 1))


def test_it_shows_routes_in_the_city_s_time_and_what_hosts_were_told() -> None:
    evening = make_evening([make_party()])
    shown = board(after(evening, plan(evening)))
    (stop,) = shown.teams[0].stops
    assert (stop.arrives, stop.told) == ("6:02 PM", "6:00–6:25 PM")
    assert (shown.teams[0].load, shown.teams[0].kinds) == ("1 stop", "Police")
    assert (shown.date, shown.evening) == ("Tuesday, August 4, 2026", "6:00–10:00 PM")


def test_it_counts_every_party_once() -> None:
    evening = make_evening([make_party("p1"), make_party("p2", no_visit=True)])
    later = after(evening, plan(evening), parties=(*evening.parties, make_party("p3")))
    shown = board(later)
    assert (shown.parties, shown.planned, shown.unplanned, shown.waiting) == (3, 1, 1, 1)
    assert [(r.label, r.count) for r in shown.reasons] == [("No visit wanted", 1)]
    assert [p.party_id for p in shown.to_plan] == ["p3"]
    assert [p.detail for p in shown.not_visited] == [
        "You asked for no visit, so nobody will come by."
    ]


def test_a_span_over_noon_names_both_halves_of_the_day() -> None:
    assert span(at(-420), at(-300), LOS_ANGELES) == "11:00 AM–1:00 PM"


def test_a_team_s_shift_bounds_what_its_first_host_is_told() -> None:
    early = make_party(window=Window(at(-600), at(240)), place=place())
    told = plan(make_evening([early])).told["p1"]
    assert (told.opens, told.closes) == (at(0), at(20))
