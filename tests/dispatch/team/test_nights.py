"""One suite for the port `TapDesk`, run on the night in memory and on the live one."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.dispatch.adapters.acting import sessions
from services.dispatch.adapters.live_night import LiveNight
from services.dispatch.domain.actions import Details, Kind
from services.dispatch.domain.phone_team import PhoneTeam
from services.dispatch.domain.taps import Outcome, Tap
from services.dispatch.field_ports import TapDesk
from services.dispatch.handlers.acting import Order, take
from services.dispatch.handlers.proposing import live_of
from services.dispatch.planning import Planning, plan_city
from shared.clock import SystemClock
from shared.db import Pool
from shared.ids import new_id
from shared.inbox import Inbox
from tests.dispatch.builders import city_fact, make_city, make_party, make_team, party_fact
from tests.dispatch.hearing import hear
from tests.dispatch.team.conftest import SHIFT
from tests.dispatch.team.fake_night import FakeNight, make_stop

OPENED = datetime.now(UTC) - timedelta(minutes=50)


@pytest.fixture(params=["fake", "live"])
def desk(request: pytest.FixtureRequest) -> TapDesk:
    """A night that was opened 50 minutes ago; Patrol 1 has two stops and drives to the first."""
    if request.param == "live":
        live: TapDesk = request.getfixturevalue("live")
        return live
    night: FakeNight = request.getfixturevalue("night")
    stops = [make_stop(party, 70, SHIFT.opens) for party in ("p1", "p2")]
    stops[0] = replace(stops[0], state="en_route")
    night.team = replace(night.team, stops=tuple(stops), state="en_route", since=OPENED)
    return night


@pytest.fixture
def live(pool: Pool, inbox: Inbox, planning: Planning) -> TapDesk:
    """The live night, planned and opened."""
    city = make_city(evening=SHIFT, areas={"east": "East Pasadena"})
    hear(inbox, city_fact(city, teams=[make_team("t1", shift=SHIFT)]))
    given = {"wanted": ("police",), "materials": ("home_safety", "career_talk"), "area": "east"}
    parties = [make_party(p, window=SHIFT, **given) for p in ("p1", "p2")]
    hear(inbox, *map(party_fact, parties))
    plan_city(planning, "pasadena")
    _act(pool, Kind.OPEN_NIGHT, at=OPENED)
    return LiveNight(pool, sessions(pool, SystemClock()), lambda _: None)


def _act(pool: Pool, kind: Kind, **over: Any) -> None:
    with sessions(pool, SystemClock())() as session:
        take(live_of(session), "pasadena", Order(new_id(), kind, **over))


def now(desk: TapDesk) -> PhoneTeam:
    found = desk.now("pasadena", "t1")
    assert found is not None
    return found


def first(desk: TapDesk) -> str:
    return now(desk).stops[0].party_id


def tap(kind: str, party: str = "", minutes_ago: float = 0, **over: str) -> Tap:
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    return Tap(str(uuid.uuid4()), kind, at, party, **over)


@pytest.fixture
def send(desk: TapDesk) -> Callable[..., list[Outcome]]:
    """Applies taps of Patrol 1."""
    return lambda *taps: desk.apply("pasadena", "t1", taps, datetime.now(UTC))


def test_a_team_that_is_not_there_has_no_night(desk: TapDesk) -> None:
    assert desk.now("pasadena", "t9") is None


def test_a_stop_is_arrived_at_and_left(desk: TapDesk, send: Callable[..., list[Outcome]]) -> None:
    one, two = (stop.party_id for stop in now(desk).stops)
    assert [o.applied for o in send(tap("arrived", one))] == [True]
    assert (now(desk).state, now(desk).stops[0].state) == ("on_scene", "on_scene")
    send(tap("left", one))
    states = {stop.party_id: stop.state for stop in now(desk).stops}
    assert states == {one: "done", two: "en_route"}


def test_taps_are_applied_by_their_times_and_each_once(
    desk: TapDesk, send: Callable[..., list[Outcome]]
) -> None:
    one = first(desk)
    left, arrived = tap("left", one, 5), tap("arrived", one, 20)
    outcomes = send(left, arrived)
    assert [o.id for o in outcomes] == [left.id, arrived.id]
    assert {stop.state for stop in now(desk).stops if stop.party_id == one} == {"done"}
    again = send(arrived, left)
    assert [(o.applied, o.already) for o in again] == [(True, True), (True, True)]


def test_a_call_and_back(desk: TapDesk, send: Callable[..., list[Outcome]]) -> None:
    send(tap("to_call"))
    assert now(desk).state == "to_call"
    assert now(desk).since is not None
    send(tap("back_from_call"))
    assert now(desk).state == "en_route"


def test_a_stop_is_skipped_for_a_reason(desk: TapDesk, send: Callable[..., list[Outcome]]) -> None:
    one = first(desk)
    send(tap("skip", one, reason="nobody_there"))
    (stop,) = [stop for stop in now(desk).stops if stop.party_id == one]
    assert stop.state == "skipped"
    assert stop.reason


def test_a_slip_is_undone_once_and_listed_until_then(
    desk: TapDesk, send: Callable[..., list[Outcome]]
) -> None:
    slip = tap("arrived", first(desk))
    send(slip)
    assert slip.id in [done.id for done in now(desk).undoable]
    undo = tap("undo", of=slip.id)
    assert [o.applied for o in send(undo)] == [True]
    assert now(desk).state == "en_route"
    assert slip.id not in [done.id for done in now(desk).undoable]
    assert [o.already for o in send(undo)] == [True]


def test_what_cannot_be_is_told_and_the_rest_applied(
    desk: TapDesk, send: Callable[..., list[Outcome]]
) -> None:
    one = first(desk)
    send(tap("arrived", one), tap("left", one))
    bad, good = tap("arrived", one), tap("to_call")
    outcomes = send(bad, good)
    assert [o.applied for o in outcomes] == [False, True]
    assert outcomes[0].detail
    assert now(desk).state == "to_call"


def test_another_team_s_tap_cannot_be_undone(live: LiveNight) -> None:
    mine = tap("arrived", first(live))
    live.apply("pasadena", "t1", [mine], datetime.now(UTC))
    (outcome,) = live.apply("pasadena", "t2", [tap("undo", of=mine.id)], datetime.now(UTC))
    assert not outcome.applied
    assert now(live).state == "on_scene"


def test_the_live_stop_holds_all_that_a_team_needs(live: LiveNight, pool: Pool) -> None:
    _act(pool, Kind.BROADCAST, details=Details(words="Storm at 8."))
    team = now(live)
    stop = team.stops[0]
    assert (stop.host_name, stop.wanted, stop.people) == ("Pat", ("Police",), 40)
    assert stop.materials == ("Home safety", "Careers in public safety")
    assert stop.area == "East Pasadena"
    assert stop.promise is not None
    assert team.night == "open"
    assert [message.words for message in team.messages] == ["Storm at 8."]


def test_the_team_is_told_in_which_parts_of_the_city_visits_are_held(
    live: LiveNight, pool: Pool
) -> None:
    _act(pool, Kind.HOLD_NIGHT, details=Details(reason="Storm", areas=("east",)))
    team = now(live)
    assert (team.night, team.held_areas, team.called_off) == ("held", ("East Pasadena",), ())
    _act(pool, Kind.CALL_OFF_AREA, details=Details(reason="Storm", areas=("east",)))
    assert now(live).called_off == ("East Pasadena",)


def test_a_party_that_is_called_off_is_not_wanted_any_more(live: LiveNight, pool: Pool) -> None:
    party = now(live).stops[1].party_id
    details = Details(reason="Rain.")
    _act(pool, Kind.PARTY_CANCELLED, party=party, details=details)
    states = {stop.party_id: stop.state for stop in now(live).stops}
    assert states[party] == "withdrawn"
