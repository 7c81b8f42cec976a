"""What a phone sends: each tap once, at its true time, whatever the phone's clock says."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from services.dispatch.domain.taps import PhoneTime
from services.dispatch.field_desk import FieldDesk
from tests.dispatch.team.fake_night import FakeNight

Tapped = Callable[..., list[dict[str, object]]]
MINUTE = timedelta(minutes=1)


def tap(kind: str, party: str = "p1", minutes_ago: float = 0, **over: object) -> dict[str, object]:
    at = datetime.now(UTC) - minutes_ago * MINUTE
    return {"id": str(uuid.uuid4()), "kind": kind, "party": party, "at": at.isoformat(), **over}


def test_a_tap_moves_the_night(tapped: Tapped, phone: httpx.Client) -> None:
    (outcome,) = tapped(tap("arrived"))
    assert outcome["applied"] is True
    team = phone.get("/team/state").json()["team"]
    assert (team["state"], team["stops"][0]["state"]) == ("on_scene", "on_scene")


def test_the_same_tap_twice_is_one(tapped: Tapped, night: FakeNight) -> None:
    one = tap("arrived")
    assert [outcome["already"] for outcome in tapped(one, one)] == [False]
    assert [outcome["already"] for outcome in tapped(one)] == [True]
    assert len(night.taps) == 1


def test_a_senseless_tap_does_not_keep_the_others_waiting(tapped: Tapped, night: FakeNight) -> None:
    bad = [
        tap("dance"),
        tap("skip", reason=""),
        tap("arrived", at="yesterday"),
        tap("arrived", at="2026-08-04T19:00:00"),
        tap("head_count", people=-1),
        tap("note", words="  "),
        {"id": "short"},
        "nothing",
    ]
    outcomes = {o["id"]: o for o in tapped(*bad, tap("arrived"))}
    assert sum(bool(o["applied"]) for o in outcomes.values()) == 1
    assert all(o["fault"] == "not_understood" for o in outcomes.values() if not o["applied"])
    assert [each.kind for each in night.taps.values()] == ["arrived"]


def test_taps_of_another_team_are_not_taken_for_this_team(tapped: Tapped, night: FakeNight) -> None:
    (outcome,) = tapped(tap("arrived", shift="pasadena/t2/now"))
    assert (outcome["applied"], outcome["fault"]) == (False, "other_shift")
    assert night.taps == {}


def test_a_wrong_clock_is_mended_by_when_the_phone_says_it_sent(
    tapped: Tapped, night: FakeNight
) -> None:
    wrong = timedelta(hours=3, minutes=7)
    sent = datetime.now(UTC) + wrong
    tapped(tap("arrived", at=(sent - 5 * MINUTE).isoformat()), sent_at=sent)
    (kept,) = night.taps.values()
    assert abs(datetime.now(UTC) - 5 * MINUTE - kept.at) < MINUTE


NOON = datetime(2026, 8, 4, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "sent", "age", "passed"),
    [
        (0, 5, None, 5),  # a right clock
        (600, 605, None, 5),  # ten hours ahead
        (-600, -595, 5, 5),  # ten hours behind
        (600, 5, 5, 5),  # set right between the tap and the sending: the other clock knows
        (0, 60, 5, 60),  # the phone slept, and that clock with it
        (5, 0, None, 0),  # set back between: never in the future
    ],
)
def test_when_a_tap_was(at: int, sent: int, age: int | None, passed: int) -> None:
    phone = PhoneTime(
        NOON + at * MINUTE, NOON + sent * MINUTE, None if age is None else age * MINUTE
    )
    assert NOON - phone.mended(NOON) == passed * MINUTE


def test_notes_counts_and_wishes_are_kept_once(
    tapped: Tapped, client: httpx.Client, desk: FieldDesk
) -> None:
    sent = [
        tap("note", words="Lost dog, brown"),
        tap("head_count", people=63),
        tap("follow_up", words="Wants a neighbourhood watch"),
    ]
    tapped(*sent)
    assert all(o["already"] for o in tapped(*sent))
    notes = client.get("/api/v1/cities/pasadena/field-notes").json()["notes"]
    assert {(n["kind"], n["words"], n["people"], n["team_id"]) for n in notes} == {
        ("note", "Lost dog, brown", None, "t1"),
        ("head_count", "", 63, "t1"),
        ("follow_up", "Wants a neighbourhood watch", None, "t1"),
    }


@pytest.mark.parametrize("body", [{}, [], {"taps": []}, {"sent_at": "now", "taps": [1]}])
def test_a_body_that_is_no_batch_is_refused(phone: httpx.Client, body: object) -> None:
    assert phone.post("/team/taps", json=body).status_code == 422


def test_another_site_cannot_tap(phone: httpx.Client, night: FakeNight) -> None:
    answer = phone.post("/team/taps", json={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_state_has_a_tag_that_saves_reading_it_again(phone: httpx.Client, tapped: Tapped) -> None:
    first = phone.get("/team/state")
    again = {"If-None-Match": first.headers["etag"]}
    unchanged = phone.get("/team/state", headers=again)
    assert unchanged.status_code == 304
    assert unchanged.headers["x-now"]
    tapped(tap("to_call", ""))
    changed = phone.get("/team/state", headers=again)
    assert changed.json()["team"]["state"] == "to_call"


def test_a_team_that_left_the_roster_has_no_page(phone: httpx.Client, night: FakeNight) -> None:
    night.team = night.team.__class__("t7", "Other", (), night.team.shift, "off", None, "open", ())
    assert phone.get("/team/state").status_code == 410
