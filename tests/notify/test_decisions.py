"""The table of decisions: what a host is told, and why not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notify.adapters.texts import SAMPLE_CITY, sample_party
from services.notify.domain.decisions import (
    BULK,
    MOVED_TOO_LITTLE,
    NOTHING_PROMISED,
    ON_ITS_WAY,
    TOLD_ALREADY,
    TOLD_THE_SAME,
    TOO_LATE,
    URGENT,
    WITHDRAWN,
    Decision,
    Silence,
    Speak,
    decide_received,
    decide_visit,
)
from services.notify.domain.retries import next_try
from services.notify.domain.values import Party, Span, Told, Visit, addresses_of

SEVEN = SAMPLE_CITY.evening_opens + timedelta(hours=1)
DAYS_BEFORE = SEVEN - timedelta(days=3)
PARTY = sample_party("en")
SILENT_PARTY = replace(PARTY, phone="", email="")


def span(minutes: float, length: float = 30) -> Span:
    opens = SEVEN + timedelta(minutes=minutes)
    return Span(opens, opens + timedelta(minutes=length))


def visit(window: Span | None) -> Visit:
    opens, closes = (window.opens, window.closes) if window else (None, None)
    return Visit("sample", "0", 7, opens, closes, "", "c")


def told(window: Span | None) -> Told:
    return Told(window, reached=True)


def decide(
    heard: Visit,
    last: Told | None,
    waiting: Told | None = None,
    party: Party = PARTY,
    now: datetime = DAYS_BEFORE,
) -> Decision:
    return decide_visit(SAMPLE_CITY, party, heard, now, told=last, waiting=waiting)


CONFIRMED = Silence(TOLD_ALREADY, waiting_stands=True)
COMING, NOBODY = visit(span(10)), visit(None)
TABLE = [
    ("the first window is told", COMING, None, "window"),
    ("the same window is not told again", COMING, told(span(10)), TOLD_THE_SAME),
    ("9 minutes later is not worth a text", visit(span(19)), told(span(10)), MOVED_TOO_LITTLE),
    ("9 minutes earlier neither", visit(span(1)), told(span(10)), MOVED_TOO_LITTLE),
    ("10 minutes later is", visit(span(20)), told(span(10)), "window_changed"),
    ("10 minutes earlier is", visit(span(0)), told(span(10)), "window_changed"),
    ("so is an end that moves", visit(span(10, 40)), told(span(10)), "window_changed"),
    ("a lost visit is told", NOBODY, told(span(10)), "not_coming"),
    ("and told once", NOBODY, told(None), TOLD_THE_SAME),
    ("a regained visit is told", COMING, told(None), "window_changed"),
    ("who was promised nothing is not disappointed", NOBODY, None, NOTHING_PROMISED),
]


@pytest.mark.parametrize(("name", "heard", "last", "wanted"), TABLE, ids=[t[0] for t in TABLE])
def test_the_table_of_visits(name: str, heard: Visit, last: Told | None, wanted: str) -> None:
    decision = decide(heard, last)
    assert wanted == (decision.template if isinstance(decision, Speak) else decision.reason)


@pytest.mark.parametrize("heard", [COMING, NOBODY])
def test_nobody_speaks_of_a_withdrawn_party(heard: Visit) -> None:
    gone = replace(PARTY, withdrawn=True)
    assert decide(heard, None, party=gone) == Silence(WITHDRAWN)
    assert decide_received(gone, None, DAYS_BEFORE) == Silence(WITHDRAWN)


SEVEN_TEN, SEVEN_FORTY = told(span(10)), told(span(40))
STANDS = Silence(ON_ITS_WAY, waiting_stands=True)
WAITING = [
    ("what waits and still holds is left alone", COMING, None, SEVEN_TEN, STANDS),
    ("even if it is a little off", visit(span(15)), None, SEVEN_TEN, STANDS),
    ("an apology that waits stands too", NOBODY, SEVEN_TEN, told(None), STANDS),
    ("what waits goes with its reason", COMING, SEVEN_TEN, SEVEN_FORTY, Silence(TOLD_THE_SAME)),
    ("a promise nobody got needs no apology", NOBODY, None, SEVEN_TEN, Silence(NOTHING_PROMISED)),
]


@pytest.mark.parametrize(
    ("name", "heard", "last", "waits", "wanted"), WAITING, ids=[w[0] for w in WAITING]
)
def test_the_table_of_what_waits(
    name: str, heard: Visit, last: Told | None, waits: Told, wanted: Silence
) -> None:
    assert decide(heard, last, waiting=waits) == wanted


@pytest.mark.parametrize(
    ("last", "template"), [(None, "window"), (told(span(90)), "window_changed")]
)
def test_a_change_is_one_from_what_was_told_and_not_from_what_waits(
    last: Told | None, template: str
) -> None:
    decision = decide(visit(span(40)), last, waiting=SEVEN_TEN)
    assert isinstance(decision, Speak)
    assert decision.template == template


def test_a_registration_is_confirmed_once() -> None:
    assert isinstance(decide_received(PARTY, None, DAYS_BEFORE), Speak)
    assert decide_received(PARTY, told(None), DAYS_BEFORE) == CONFIRMED


def test_what_went_nowhere_is_told_once_there_is_an_address() -> None:
    nowhere = Told(span(10), reached=False)
    assert isinstance(decide_received(PARTY, nowhere, DAYS_BEFORE), Speak)
    assert decide_received(SILENT_PARTY, nowhere, DAYS_BEFORE) == CONFIRMED
    again = decide(COMING, nowhere)
    assert isinstance(again, Speak)
    assert again.template == "window"


@pytest.mark.parametrize(
    ("hours_before", "lane"), [(72, BULK), (3.1, BULK), (3, URGENT), (0.1, URGENT)]
)
def test_news_of_the_next_hours_is_urgent(hours_before: float, lane: str) -> None:
    now = span(10).opens - timedelta(hours=hours_before)
    decision = decide(COMING, None, now=now)
    assert decision == Speak("window", lane, span(10).closes)


@pytest.mark.parametrize(("heard", "last"), [(COMING, None), (NOBODY, told(span(10)))])
def test_late_is_worse_than_never(heard: Visit, last: Told | None) -> None:
    decision = decide(heard, last, now=span(10).closes)
    assert decision == Silence(TOO_LATE)


def test_a_rehearsal_on_last_years_data_speaks() -> None:
    now = SAMPLE_CITY.evening_closes + timedelta(days=300)
    decision = decide(COMING, None, now=now)
    assert decision == Speak("window", BULK, now + timedelta(hours=1))


@pytest.mark.parametrize(
    ("changes", "channels"),
    [
        ({}, ["sms", "email"]),
        ({"sms_consent": False}, ["email"]),
        ({"phone": ""}, ["email"]),
        ({"email": ""}, ["sms"]),
        ({"email": "", "sms_consent": False}, []),
    ],
)
def test_no_text_without_consent_and_no_mail_without_address(
    changes: dict[str, Any], channels: list[str]
) -> None:
    found = addresses_of(replace(PARTY, **changes))
    assert [address.channel for address in found] == channels


def test_tries_are_spaced_out_and_end_with_the_message() -> None:
    now = datetime(2026, 8, 1, tzinfo=UTC)
    late = now + timedelta(days=1)
    waits = [next_try(attempt, now, late) for attempt in (1, 2, 3, 30)]
    seconds = [(wait - now).total_seconds() for wait in waits if wait]
    assert seconds == [5, 10, 20, 600]
    assert next_try(3, now, now + timedelta(seconds=20)) is None
