"""A host writes by a text that Twilio signs, through real processes: a need, a deed, an opt-out."""

from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.notify.adapters.twilio_signature import twilio_signature
from shared.ids import new_id
from tests.conftest import TWILIO_TOKEN
from tests.night import Night, zone_at
from tests.waiting import eventually

PLACE = "/webhooks/twilio/inbound"
PHONE = "+16265550142"


@pytest.fixture
def tonight(night: Night) -> tuple[str, dict[str, Any]]:
    """A city in whose zone it is about seven in the evening of its day, with one party."""
    zone = zone_at(19)
    day = datetime.now(ZoneInfo(zone)).date().isoformat()
    city = night.add_city(zone=zone, date=day)
    party = night.register(city, 1, phone="626-555-0142", sms_consent=True)
    for service, table in (("dispatch", "visits"), ("notify", "parties")):
        query = f"select count(*) from {table} where city = %s"
        eventually(partial(night.ask, service, query, city), 1)
    act(night, city, "open_night")
    return city, party


def act(night: Night, city: str, kind: str, **more: Any) -> None:
    body = {"id": new_id(), "kind": kind, **more}
    answer = night.client.post(night.api("dispatch", f"/api/v1/cities/{city}/actions"), json=body)
    assert answer.status_code == 200, answer.text


def write(night: Night, words: str, number: str = PHONE) -> None:
    """Bring a text of the host as Twilio does."""
    fields = {"MessageSid": f"SM{new_id()}", "From": number, "To": "+16265550000", "Body": words}
    url = night.api("notify", PLACE)
    signature = twilio_signature(TWILIO_TOKEN, url, fields.items())
    answer = night.client.post(url, data=fields, headers={"X-Twilio-Signature": signature})
    assert answer.text.endswith("<Response></Response>"), answer.text


def needs(night: Night, city: str) -> list[str]:
    shown = night.client.get(night.api("dispatch", f"/api/v1/cities/{city}/night")).json()
    return [need["words"] for need in shown["needs"] if need["kind"] == "host_replied"]


def texts(night: Night, city: str) -> list[str]:
    """The templates of all texts that the host was handed, in any order."""
    url = night.api("notify", f"/api/v1/messages?city={city}&channel=sms&state=sent")
    return sorted(m["template"] for m in night.client.get(url).json()["messages"])


def test_what_a_host_texts_reaches_the_dispatcher_and_stop_ends_all_texts(
    night: Night, tonight: tuple[str, dict[str, Any]]
) -> None:
    city, _ = tonight
    write(night, "MOVED to the park <b>")
    eventually(lambda: needs(night, city), ["Block 1: “MOVED to the park <b>”"])
    write(night, "We're running late 20 min")
    late = "select by_name from actions where city = %s and kind = 'party_late'"
    eventually(lambda: night.ask("dispatch", late, city), "the host")
    heard = "select count(*) from heard_replies where city = %s"
    eventually(lambda: night.ask("registration", heard, city), 2)
    eventually(lambda: {"reply_moved", "reply_late"} <= set(texts(night, city)))
    write(night, "Please stop texting me")
    eventually(lambda: "reply_stop" in texts(night, city))
    before = texts(night, city)
    night.register(city, 2, phone="626-555-0142", sms_consent=True, email="")
    held = (
        "select count(*) from messages where city = %s and template = 'received'"
        " and channel = 'sms' and state = 'suppressed' and reason = 'opted out'"
    )
    eventually(lambda: night.ask("notify", held, city), 1)
    assert texts(night, city) == before
