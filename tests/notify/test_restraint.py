"""Ways, budget, quiet hours, the running evening, reminders and turns: tables of decisions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notify.adapters.contexts import SAMPLE_CITY, sample_party
from services.notify.domain.decisions import (
    BULK,
    EARLIER,
    EVENING_OFF,
    LATER,
    MOVED_TOO_LITTLE,
    NOTHING_PROMISED,
    TOLD_THE_SAME,
    TOO_LATE,
    URGENT,
    WITHDRAWN,
    Decision,
    Silence,
    Speak,
    decide_visit,
)
from services.notify.domain.evening import NOT_HELD, Latest, decide_live, useful_until
from services.notify.domain.reminders import (
    ANSWERED,
    Ended,
    Slot,
    decide_confirm,
    decide_new_date,
    decide_thanks,
    due_slots,
    slots_of,
)
from services.notify.domain.reminders import CALLED_OFF as NO_THANKS
from services.notify.domain.reminders import NOT_HELD as PARTY_OFF
from services.notify.domain.restraint import (
    OVER_BUDGET,
    QUIET_TOO_LATE,
    awake_at,
    day_of,
    due_at,
    restrained,
)
from services.notify.domain.turns import Turn, next_stop, turn_of
from services.notify.domain.values import City, RouteStop, Span, Told, Visit
from services.notify.domain.voice import Officer, Voice
from services.notify.domain.ways import ways_of

PARTY = sample_party("en")
OPENS = SAMPLE_CITY.evening_opens
SEVEN = OPENS + timedelta(hours=1)
DAYS_BEFORE = SEVEN - timedelta(days=3)


def spoken(decision: Decision) -> str:
    """The template, or why not."""
    return decision.template if isinstance(decision, Speak) else decision.reason


def city_with(**voice: Any) -> City:
    return replace(SAMPLE_CITY, voice=Voice(**voice))


@pytest.mark.parametrize(
    ("template", "changes", "order"),
    [
        ("window", {}, ["sms", "email"]),
        ("on_the_way", {}, ["sms", "email"]),
        ("received", {}, ["email", "sms"]),
        ("thanks", {}, ["email", "sms"]),
        ("window", {"sms_consent": False}, ["email"]),
        ("received", {"email": ""}, ["sms"]),
        ("window", {"email": "", "phone": ""}, ["none"]),
    ],
)
def test_one_way_first_the_other_in_reserve(
    template: str, changes: dict[str, Any], order: list[str]
) -> None:
    ways = ways_of(template, replace(PARTY, **changes))
    assert [way.address.channel for way in ways] == order
    assert [way.in_reserve for way in ways] == [False, True][: len(order)]


def visit(minutes: float, team: str = "t1", kinds: Sequence[str] = ("police",)) -> Visit:
    opens = SEVEN + timedelta(minutes=minutes)
    closes = opens + timedelta(minutes=30)
    return Visit("sample", "0", 7, opens, closes, "", "c", team, team, tuple(kinds))


NOBODY = Visit("sample", "0", 7, None, None, "", "c")
TOLD = Told(visit(10).span, True, "t1", ("police",))
TEAMS = city_with(name_teams=True)
VISITS = [
    ("10 minutes earlier", SAMPLE_CITY, visit(0), "", "window_changed", EARLIER),
    ("10 minutes later", SAMPLE_CITY, visit(20), "", "window_changed", LATER),
    ("5 are enough where the city says so", city_with(smallest_minutes=5), visit(15), "",
     "window_changed", LATER),
    ("15 are not where it wants 20", city_with(smallest_minutes=20), visit(25), "",
     MOVED_TOO_LITTLE, ""),
    ("other visitors at the same time", SAMPLE_CITY, visit(10, kinds=("fire_engine",)), "",
     "somebody_else", ""),
    ("other visitors at another time", SAMPLE_CITY, visit(50, kinds=("fire_engine",)), "",
     "somebody_else", ""),
    ("the same visitors in another order", SAMPLE_CITY, visit(10, kinds=("police", "police")), "",
     TOLD_THE_SAME, ""),
    ("another team of the same kind is no news", SAMPLE_CITY, visit(10, "t2"), "",
     TOLD_THE_SAME, ""),
    ("but it is where teams are named", TEAMS, visit(10, "t2"), "", "somebody_else", ""),
    ("nobody comes, as was said when it was left out", SAMPLE_CITY, NOBODY, "skipped",
     TOLD_THE_SAME, ""),
    ("somebody comes to who was left out, at the old time even", SAMPLE_CITY, visit(10), "skipped",
     "window_changed", ""),
    ("nothing more once the evening is called off", SAMPLE_CITY, NOBODY, "called_off",
     EVENING_OFF, ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "city", "heard", "live", "wanted", "change"), VISITS, ids=[v[0] for v in VISITS]
)
def test_the_table_of_changes(
    name: str, city: City, heard: Visit, live: str, wanted: str, change: str
) -> None:
    decision = decide_visit(city, PARTY, heard, DAYS_BEFORE, told=TOLD, waiting=None, live=live)
    assert spoken(decision) == wanted
    assert not isinstance(decision, Speak) or decision.change == change


WINDOW = Speak("window", BULK, SEVEN)


@pytest.mark.parametrize(
    ("template", "heard", "wanted"),
    [
        ("window", 7, "window"),
        ("window", 8, OVER_BUDGET),
        ("on_the_way", 8, OVER_BUDGET),
        ("resumed", 8, OVER_BUDGET),
        ("not_coming", 8, "not_coming"),
        ("called_off", 99, "called_off"),
        ("held", 99, "held"),
        ("skipped", 99, "skipped"),
        ("new_date", 99, "new_date"),
    ],
)
def test_the_budget_of_a_day_stops_all_but_the_essential(
    template: str, heard: int, wanted: str
) -> None:
    decision = Speak(template, URGENT, SEVEN)
    assert spoken(restrained(decision, SAMPLE_CITY, "sms", DAYS_BEFORE, heard)) == wanted


def local(hour: int, minute: int = 0, day: int = 20) -> datetime:
    """A moment of July 2027 in Los Angeles, seven hours behind."""
    return datetime(2027, 7, day, tzinfo=UTC) + timedelta(hours=hour + 7, minutes=minute)


NIGHTS = [
    ("an hour before", local(20, 30), local(20, 30)),
    ("the minute before", local(21, 29), local(21, 29)),
    ("the minute they begin", local(21, 30), local(8, day=21)),
    ("midnight", local(0, day=21), local(8, day=21)),
    ("the minute before they end", local(7, 59), local(8)),
    ("the minute they end", local(8), local(8)),
]


@pytest.mark.parametrize(("name", "now", "awake"), NIGHTS, ids=[n[0] for n in NIGHTS])
def test_quiet_hours_end_in_the_citys_morning(name: str, now: datetime, awake: datetime) -> None:
    assert awake_at(now, SAMPLE_CITY) == awake


def test_quiet_hours_may_lie_in_a_day_or_not_be_at_all() -> None:
    noon = city_with(
        quiet_from=datetime(2027, 1, 1, 12).time(),  # noqa: DTZ001 - only its clock is used
        quiet_until=datetime(2027, 1, 1, 14).time(),  # noqa: DTZ001 - only its clock is used
    )
    assert awake_at(local(13), noon) == local(14)
    assert awake_at(local(23), noon) == local(23)
    never = city_with(quiet_from=Voice().quiet_until)
    assert awake_at(local(3), never) == local(3)


def test_the_night_of_the_changed_clocks_ends_at_eight_all_the_same() -> None:
    night = datetime(2027, 11, 7, 6, tzinfo=UTC)
    assert awake_at(night, SAMPLE_CITY) == datetime(2027, 11, 7, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("template", "channel", "lane", "now", "due"),
    [
        ("window", "sms", BULK, local(22), local(8, day=21)),
        ("window", "email", BULK, local(22), local(8, day=21)),
        ("on_the_way", "sms", URGENT, local(22), local(22)),
        ("received", "email", BULK, local(22), local(22)),
        ("received", "sms", BULK, local(22), local(8, day=21)),
        ("thanks", "email", BULK, local(2), local(8)),
    ],
)
def test_only_what_is_urgent_or_answers_by_mail_goes_out_at_night(
    template: str, channel: str, lane: str, now: datetime, due: datetime
) -> None:
    assert due_at(SAMPLE_CITY, template, channel, lane, now) == due


def test_what_would_be_too_late_in_the_morning_is_not_said() -> None:
    speak = Speak("window", BULK, local(7, day=21))
    assert restrained(speak, SAMPLE_CITY, "sms", local(23), 0) == Silence(QUIET_TOO_LATE)
    later = replace(speak, expires_at=local(9, day=21))
    assert restrained(later, SAMPLE_CITY, "sms", local(23), 0) == later


def test_a_day_is_the_citys() -> None:
    day = day_of(local(23, 59), "America/Los_Angeles")
    assert (day.opens, day.closes) == (local(0), local(0, day=21))


def latest(template: str, minutes_ago: float = 5, news: str = "live/t1") -> Latest:
    return Latest(template, news, SEVEN - timedelta(minutes=minutes_ago))


PROMISED = Told(Span(SEVEN, SEVEN + timedelta(minutes=30)), True)
LIVE = [
    ("on the way", "on_the_way", PROMISED, None, 8, "on_the_way"),
    ("on the way without a promise", "on_the_way", None, None, 8, "on_the_way"),
    ("10 minutes away, when it is there", "on_the_way", PROMISED, None, 0, TOO_LATE),
    ("again after a tap was taken back", "on_the_way", PROMISED, latest("on_the_way"), 8,
     TOLD_THE_SAME),
    ("again much later", "on_the_way", PROMISED, latest("on_the_way", 30), 8, "on_the_way"),
    ("another team right after", "on_the_way", PROMISED, latest("on_the_way", news="live/t2"), 8,
     "on_the_way"),
    ("left out", "skipped", PROMISED, None, 60, "skipped"),
    ("left out, nothing promised", "skipped", None, None, 60, NOTHING_PROMISED),
    ("left out, but on its way", "skipped", None, latest("on_the_way"), 60, "skipped"),
    ("left out before it was said to come", "skipped", None,
     replace(latest("on_the_way"), waits=True), 60, NOTHING_PROMISED),
    ("left out twice", "skipped", PROMISED, latest("skipped"), 60, TOLD_THE_SAME),
    ("held", "held", PROMISED, None, 60, "held"),
    ("held twice", "held", PROMISED, latest("held", news="live/night"), 60, TOLD_THE_SAME),
    ("goes on", "resumed", PROMISED, latest("held", news="live/night"), 60, "resumed"),
    ("goes on before the hold was told", "resumed", PROMISED,
     replace(latest("held", news="live/night"), waits=True), 60, NOT_HELD),
    ("goes on, never held", "resumed", PROMISED, None, 60, NOT_HELD),
    ("called off", "called_off", PROMISED, latest("held", news="live/night"), 60, "called_off"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "template", "told", "before", "minutes", "wanted"), LIVE, ids=[x[0] for x in LIVE]
)
def test_the_table_of_the_running_evening(
    name: str, template: str, told: Told | None, before: Latest | None, minutes: int, wanted: str
) -> None:
    said = Latest(template, "live/t1", SEVEN)
    until = SEVEN + timedelta(minutes=minutes)
    decision = decide_live(SAMPLE_CITY, PARTY, said, until, SEVEN, told=told, latest=before)
    assert spoken(decision) == wanted
    assert not isinstance(decision, Speak) or (decision.lane, decision.expires_at) == (
        URGENT,
        until,
    )


def test_minutes_away_are_worth_saying_until_the_team_is_there() -> None:
    at = SEVEN
    assert useful_until("on_the_way", at, at + timedelta(minutes=10)) == at + timedelta(minutes=10)
    assert useful_until("on_the_way", at, at) == at + timedelta(minutes=3)


def test_slots_lie_at_their_hours_in_the_citys_zone() -> None:
    slots = slots_of(SAMPLE_CITY)
    day = datetime(2027, 8, 3, 17, tzinfo=UTC)
    assert [s.at for s in slots] == [
        day - timedelta(days=7),
        day - timedelta(days=1),
        day,
        day + timedelta(hours=23),
    ]
    assert [s.kind for s in slots] == ["confirm", "confirm", "confirm", "thanks"]
    assert slots[2].until == OPENS
    assert [s.mark for s in due_slots(SAMPLE_CITY, day)] == ["2027-08-03/0"]
    assert due_slots(SAMPLE_CITY, day + timedelta(days=40)) == []


def test_thanks_are_never_said_at_night() -> None:
    early = city_with(thanks_hour=6)
    assert slots_of(early)[-1].at == datetime(2027, 8, 4, 15, tzinfo=UTC)


SLOT = Slot("confirm", "x", SEVEN, SEVEN + timedelta(hours=1))
GONE = replace(PARTY, withdrawn=True)


def test_who_has_answered_or_gone_is_not_asked_to_confirm() -> None:
    assert spoken(decide_confirm(PARTY, "", SLOT, SEVEN)) == "confirm"
    assert decide_confirm(PARTY, "yes", SLOT, SEVEN) == Silence(ANSWERED)
    assert decide_confirm(PARTY, "no", SLOT, SEVEN) == Silence(ANSWERED)
    assert decide_confirm(GONE, "", SLOT, SEVEN) == Silence(WITHDRAWN)
    assert decide_confirm(PARTY, "", SLOT, SLOT.until) == Silence(TOO_LATE)


@pytest.mark.parametrize(
    ("ended", "wanted"),
    [
        (Ended(True, "", False), "thanks"),
        (Ended(False, "", False), "thanks"),
        (Ended(False, "yes", False), "thanks"),
        (Ended(False, "no", False), PARTY_OFF),
        (Ended(True, "no", False), "thanks"),
        (Ended(False, "", True), NO_THANKS),
        (Ended(True, "", True), "thanks"),
    ],
)
def test_thanks_go_to_who_was_visited_or_held_a_party(ended: Ended, wanted: str) -> None:
    assert spoken(decide_thanks(PARTY, ended, SLOT, SEVEN)) == wanted
    assert decide_thanks(GONE, ended, SLOT, SEVEN) == Silence(WITHDRAWN)


def test_a_new_date_is_told_until_the_evening_begins() -> None:
    assert spoken(decide_new_date(SAMPLE_CITY, PARTY, DAYS_BEFORE)) == "new_date"
    assert decide_new_date(SAMPLE_CITY, PARTY, OPENS) == Silence(TOO_LATE)


def route(*parties: str, late: int = 0) -> tuple[RouteStop, ...]:
    return tuple(
        RouteStop(p, p, p, SEVEN + timedelta(minutes=15 * i + late)) for i, p in enumerate(parties)
    )


TURNS = [
    ("nothing", route(*"abc"), route(*"abc"), "", Turn()),
    ("a stop more", route(*"ab"), (*route(*"ab"), *route(*"xyc")[2:]), "",
     Turn(added=route(*"xyc")[2:])),
    ("a stop less", route(*"abc"), route(*"ab"), "", Turn(removed=route(*"abc")[2:])),
    ("what is done is no news", route(*"abc"), route(*"abc")[1:], "a", Turn()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "told", "now", "done", "wanted"), TURNS, ids=[t[0] for t in TURNS]
)
def test_the_table_of_turns(
    name: str, told: Sequence[RouteStop], now: Sequence[RouteStop], done: str, wanted: Turn
) -> None:
    assert turn_of(told, now, done, timedelta(minutes=10)) == wanted


def test_order_and_times_are_news_where_they_count() -> None:
    assert turn_of(route(*"abc"), route(*"bac"), "", None) == Turn(reordered=True)
    later = turn_of(route(*"ab"), route(*"ab", late=10), "", timedelta(minutes=10))
    assert [stop.party_id for stop in later.moved] == ["a", "b"]
    assert not turn_of(route(*"ab"), route(*"ab", late=10), "", None).is_news


def test_the_next_stop_is_the_first_that_is_not_done() -> None:
    assert next_stop(route(*"abc"), "a") == route(*"abc")[1]
    assert next_stop(route("a"), "a") is None


def test_a_host_is_told_the_officer_of_the_area_or_of_all_others() -> None:
    kim, lee = Officer("north", "Kim", "1"), Officer("", "Lee", "", "lee@example.org")
    voice = Voice(officers=(kim, lee, Officer("south", "")))
    assert voice.officer_of("north") == kim
    assert voice.officer_of("south") == voice.officer_of("") == lee
    assert lee.reach == "Lee, lee@example.org"
    assert Voice().officer_of("north") is None
