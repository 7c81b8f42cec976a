"""Positions from phones and trackers: hints, the newest by the device's time, only in the shift."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from services.dispatch.field_desk import FieldDesk
from services.dispatch.worker import OffDuty
from tests.dispatch.team.conftest import SHIFT, WatchClock

CITY = "/api/v1/cities/pasadena"
Known = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def known(client: httpx.Client, desk: FieldDesk) -> Known:
    """Assigns two devices to Patrol 1; reads what positions are known."""
    for device in ("owntracks/patrol/one", "862311"):
        put = client.put(f"{CITY}/trackers/{device}", json={"team": "t1"})
        assert put.status_code == 204

    def read() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = client.get(f"{CITY}/positions").json()["positions"]
        return found

    return read


def owntracks(ago: float, lat: float = 34.15, **over: object) -> dict[str, object]:
    """As the OwnTracks apps send it by HTTP."""
    tst = int((datetime.now(UTC) - timedelta(seconds=ago)).timestamp())
    return {
        "_type": "location",
        "lat": lat,
        "lon": -118.1,
        "tst": tst,
        "acc": 12,
        "batt": 80,
        "tid": "p1",
        "topic": "owntracks/patrol/one",
        **over,
    }


def forwarded(ago: float, lat: float = 34.15, device: str = "862311") -> dict[str, object]:
    """As Traccar's server forwards it."""
    at = (datetime.now(UTC) - timedelta(seconds=ago)).isoformat(timespec="milliseconds")
    position = {
        "id": 18336,
        "deviceId": 7,
        "protocol": "osmand",
        "deviceTime": at.replace("+00:00", "+0000"),
        "fixTime": at.replace("+00:00", "+0000"),
        "valid": True,
        "outdated": False,
        "latitude": lat,
        "longitude": -118.1,
        "accuracy": 0.0,
        "attributes": {},
    }
    return {"position": position, "device": {"id": 7, "uniqueId": device, "name": "Car 1"}}


def of_client(ago: float, lat: float = 34.15) -> dict[str, object]:
    """As Traccar's own client sends it."""
    at = (datetime.now(UTC) - timedelta(seconds=ago)).isoformat().replace("+00:00", "Z")
    coords = {"latitude": lat, "longitude": -118.1, "accuracy": 8, "speed": 3}
    return {"location": {"timestamp": at, "coords": coords}, "device_id": "862311"}


def test_owntracks_is_answered_as_it_expects(client: httpx.Client, known: Known) -> None:
    answer = client.post(f"{CITY}/positions/owntracks", json=owntracks(5))
    assert (answer.status_code, answer.json()) == (200, [])
    (found,) = known()
    assert (found["team_id"], found["fix"]["source"]) == ("t1", "owntracks")


@pytest.mark.parametrize("body", [b"", b'{"_type":"lwt","tst":1}', b'{"_type":"status"}'])
def test_owntracks_other_messages_are_taken_and_mean_nothing(
    client: httpx.Client, known: Known, body: bytes
) -> None:
    assert client.post(f"{CITY}/positions/owntracks", content=body).json() == []
    assert known() == []


@pytest.mark.parametrize("message", [forwarded(5), of_client(5), [of_client(9), of_client(5)]])
def test_traccar_is_understood_from_server_and_client(
    client: httpx.Client, known: Known, message: object
) -> None:
    assert client.post(f"{CITY}/positions/traccar", json=message).status_code == 200
    (found,) = known()
    assert found["fix"]["source"] == "traccar"


def test_late_and_doubled_positions_change_nothing(client: httpx.Client, known: Known) -> None:
    client.post(f"{CITY}/positions/traccar", json=forwarded(10, lat=34.20))
    (before,) = known()
    late = client.post(f"{CITY}/positions/owntracks", json=owntracks(60, lat=34.10))
    again = client.post(f"{CITY}/positions/traccar", json=forwarded(60, lat=34.10))
    assert (late.status_code, again.json()) == (200, {"kept": 0})
    assert known() == [before]
    client.post(f"{CITY}/positions/owntracks", json=owntracks(1, lat=34.30))
    (after,) = known()
    assert after["fix"]["place"]["lat"] == 34.30


def test_a_device_ahead_of_us_does_not_outlive_what_follows(
    client: httpx.Client, known: Known
) -> None:
    client.post(f"{CITY}/positions/owntracks", json=owntracks(-86_400, lat=34.1))
    client.post(f"{CITY}/positions/traccar", json=forwarded(-60, lat=34.2))
    (found,) = known()
    assert found["fix"]["place"]["lat"] == 34.2


def test_an_unknown_device_is_a_problem(client: httpx.Client, known: Known) -> None:
    answer = client.post(f"{CITY}/positions/traccar", json=forwarded(5, device="stranger"))
    assert answer.status_code == 422
    assert "device" in answer.json()["errors"]
    assert client.delete(f"{CITY}/trackers/862311").status_code == 204
    assert client.post(f"{CITY}/positions/traccar", json=forwarded(5)).status_code == 422
    assert client.delete(f"{CITY}/trackers/862311").status_code == 404
    wrong = client.put(f"{CITY}/trackers/new", json={"team": "t9"})
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        {"_type": "location", "lat": 91, "lon": 0, "tst": 1, "tid": "p1"},
        {"_type": "location", "lat": 1, "lon": 0, "tid": "p1"},
        {"_type": "location", "lat": "x", "lon": 0, "tst": 1, "tid": "p1"},
    ],
)
def test_nonsense_is_refused_by_field(
    client: httpx.Client, known: Known, body: dict[str, object]
) -> None:
    answer = client.post(f"{CITY}/positions/owntracks", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert client.post(f"{CITY}/positions/traccar", json=body).status_code == 422


def test_nobody_is_followed_out_of_the_shift(
    client: httpx.Client, known: Known, desk: FieldDesk, watch: WatchClock
) -> None:
    client.post(f"{CITY}/positions/traccar", json=forwarded(1))
    assert len(known()) == 1
    off_duty = OffDuty(desk.pool, watch)
    off_duty()
    assert len(known()) == 1
    watch.ahead = SHIFT.closes + timedelta(hours=3) - datetime.now(UTC)
    off_duty()
    assert known() == []
    assert client.post(f"{CITY}/positions/traccar", json=forwarded(1)).json() == {"kept": 0}
    assert known() == []


def test_a_phone_shares_its_place_and_takes_it_back(phone: httpx.Client, known: Known) -> None:
    now = datetime.now(UTC).isoformat()
    place = {"lat": 34.15, "lon": -118.1, "accuracy": 20, "at": now, "sent_at": now}
    assert phone.post("/team/position", json=place).json() == {"kept": True}
    (found,) = known()
    assert found["fix"]["source"] == "phone"
    json = {"Content-Type": "application/json"}
    assert phone.delete("/team/position", headers=json).status_code == 204
    assert known() == []
    assert phone.post("/team/position", json={"lat": 1}).status_code == 422
