"""A purge through real parts: afterwards no column of any database holds what it removed."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql

from local.stack import Stack
from services.notify.adapters.twilio_signature import twilio_signature
from services.registration.adapters.links import Links
from services.registration.adapters.postgres_cities import CityMemory
from services.registration.purge_desk import PurgeDesk
from shared.clock import SystemClock
from shared.db import open_pool
from shared.ids import new_id
from shared.redis import open_redis
from shared.routes import SERVICES, stream_of
from tests.conftest import TWILIO_TOKEN
from tests.night import Night
from tests.waiting import eventually

RETENTION = "[retention]\ncontacts = 1\naddresses = 1\nnotes = 1\nhistory = 1\n"
HOST = {
    "name": "Quillfeather garden party",
    "address": "1717 Quetzal St",
    "host_name": "Zenobia Quillfeather",
    "phone": "626-555-0177",
    "email": "zenobia@quillfeather.example.org",
    "location_notes": "Ring Quillfeather, 626-555-0177",
    "sms_consent": True,
}
GONE = ("quillfeather", "zenobia", "5550177", "555-0177", "1717 quetzal", "wintergreen")
LEAVER = {"host_name": "Ottoline Vexley", "phone": "626-555-0188", "sms_consent": True}
GONE_BUT_OPTED_OUT = ("vexley", "5550188", "555-0188")
STAYS = {("notify", "consent_ledger", "address")}
"""Where the number of who opted out stays, so that it is heeded: decision 0031 says why."""


class InThreeDays:
    """The clock of the purge."""

    def now(self) -> datetime:
        return SystemClock().now() + timedelta(days=3)


def holders(stack: Stack, words: Iterable[str]) -> set[tuple[str, str, str]]:
    """Service, table and column of every value that holds one of the words, in any case."""
    pattern = "|".join(re.escape(word) for word in words)
    return {
        (service, table, column)
        for service in SERVICES
        for table, column in _holding(stack.servers.database_urls[service], pattern)
    }


def _holding(url: str, pattern: str) -> Iterable[tuple[str, str]]:
    with psycopg.connect(url, autocommit=True) as conn:
        columns: Any = conn.execute(_COLUMNS).fetchall()
        assert len(columns) > 50
        for table, column, kind in columns:
            value = sql.SQL("encode({}, 'escape')" if kind == "bytea" else "{}::text")
            query = sql.SQL("select exists(select from {} where {} ~* %s)").format(
                sql.Identifier(table), value.format(sql.Identifier(column))
            )
            row: Any = conn.execute(query, (pattern,)).fetchone()
            if row[0]:
                yield table, column


_COLUMNS = """
select table_name, column_name, data_type
from information_schema.columns join information_schema.tables using (table_schema, table_name)
where table_schema = 'public' and table_type = 'BASE TABLE' and data_type not in
    ('integer', 'bigint', 'smallint', 'boolean', 'real', 'double precision', 'date', 'uuid')
"""


def act(night: Night, city: str, kind: str, **more: object) -> None:
    body = {"id": new_id(), "kind": kind, **more}
    url = night.api("dispatch", f"/api/v1/cities/{city}/actions")
    # The plan may be stored in this moment; the same id again is the same action.
    eventually(lambda: night.client.post(url, json=body).status_code, 200)


def write(night: Night, sender: str, words: str) -> None:
    """Bring a text as Twilio does."""
    fields = {"MessageSid": f"SM{new_id()}", "From": sender, "To": "+16265550000", "Body": words}
    url = night.api("notify", "/webhooks/twilio/inbound")
    signature = twilio_signature(TWILIO_TOKEN, url, fields.items())
    assert night.client.post(url, data=fields, headers={"X-Twilio-Signature": signature}).is_success


def live_an_evening(night: Night, city: str) -> Mapping[str, Any]:
    """Everything by which a host's data gets about; the party."""
    live = "insert into live_cities values (%s, now(), 'a test') returning city"
    eventually(lambda: night.ask("notify", "select id from cities where id = %s", city), city)
    night.ask("notify", live, city)  # its numbers are asked, and stay on the outbox page
    party = night.register(city, 1, **HOST)
    asked = "select count(*) from numbers where city = %s and told <> ''"
    eventually(lambda: night.ask("notify", asked, city), 1)
    night.register(city, 2, **LEAVER)
    eventually(lambda: night.board(city)["planned"], 2)
    ref = str(night.ask("registration", "select id from parties where code = %s", party["code"]))
    edits = night.api("dispatch", f"/api/v1/cities/{city}/edits")
    reason = "Quillfeather asked for them"
    edit = {"kind": "pin", "party": ref, "team": "team-1", "reason": reason}
    assert night.client.post(edits, json=edit).is_success
    changed = {"location_notes": "Zenobia is at the gate", "name": "Zenobia and friends"}
    api = night.api("registration", "") + party["api_url"]
    assert night.client.patch(api, json=changed).is_success
    act(night, city, "open_night")
    now = SystemClock().now()
    walk_up = {
        "lat": 34.15,
        "lon": -118.08,
        "address": "1717 Quetzal St, rear",
        "host_name": "Yolanda Wintergreen",
        "name": "Wintergreens",
        "notes": "Ask Wintergreen",
        "window": {
            "opens": now.isoformat(),
            "closes": (now + timedelta(hours=1)).isoformat(),
        },
    }
    act(night, city, "add_party", **walk_up)
    act(night, city, "party_moved", party=ref, lat=34.151, lon=-118.081, address="1717 Quetzal Ct")
    write(night, "+16265550177", "LATE 20 says Zenobia Quillfeather, 626-555-0177")
    write(night, "+16265550188", "STOP please, O. Vexley")
    act(night, city, "party_cancelled", party=ref, reason="Zenobia Quillfeather is ill")
    heard = "select count(*) from host_replies where city = %s"
    eventually(lambda: night.ask("dispatch", heard, city), lambda number: number >= 1)
    said = "select count(*) from opted_out where address = '+16265550188'"
    eventually(lambda: night.ask("notify", said), 1)
    return party


def bury(night: Night, city: str) -> list[str]:
    """Dead letters: a fact of the party that dispatch could not read, and one not applied."""
    body = "select body from outbox where type = 'party.registered.v1' order by id desc limit 1"
    whole = bytes(night.ask("registration", body))
    order = (
        "insert into dead_letters (id, publisher, type, body, error, attempts)"
        " values (%s, 'registration', 'party.registered.v1', %s, 'of Quillfeather', 1)"
        " returning 1"
    )
    ref = str(night.ask("registration", "select id from parties where city = %s order by id", city))
    broken = f'{{"party": "{ref}", Zenobia Quillfeather'.encode()
    letters = {new_id(): whole, new_id(): broken}
    for id_, letter in letters.items():
        assert night.ask("dispatch", order, id_, letter)
    return list(letters)


def test_after_a_purge_no_database_holds_what_it_removed(night: Night) -> None:
    city = night.add_city_tonight(2, of_last_team=RETENTION)
    party = live_an_evening(night, city)
    letters = bury(night, city)
    eventually(lambda: night.unsettled(city), 0)
    assert {service for service, _, _ in holders(night.stack, GONE)} == set(SERVICES)
    url = night.stack.servers.database_urls["registration"]
    links = Links(night.stack.env["SECRET_KEY"], night.api("registration", ""))
    with open_pool(url, most=2) as pool:
        desk = PurgeDesk(pool, InThreeDays(), CityMemory(pool), links)
        found = desk.cities.find(city)
        assert found
        assert desk.purge(found, "a test")["contacts of parties"] == 2
        waits = "select count(*) from forgotten_parties where city = %s and not waits"
        for service in ("dispatch", "notify"):
            eventually(lambda s=service: night.ask(s, waits, city), lambda number: number >= 2)
        eventually(lambda: holders(night.stack, GONE), set())
        assert desk.purge(found, "a test") == {}
    assert holders(night.stack, GONE_BUT_OPTED_OUT) == STAYS
    for service in ("dispatch", "notify"):
        audit = "select count(*) from audit where city = %s and what = 'personal data removed'"
        assert night.ask(service, audit, city) >= 1
    redis = open_redis(night.stack.servers.redis_url)
    for service in SERVICES:
        eventually(
            lambda s=service: (
                b"Quillfeather" in b"".join(e[b"e"] for _, e in redis.xrange(stream_of(s)))
            ),
            False,
        )
    assert "Zenobia" not in night.client.get(party["status_url"]).text
    said = "select people from parties where city = %s and code = %s"
    assert night.ask("dispatch", said, city, party["code"]) is not None
    assert night.ask("notify", "select count(*) from messages where city = %s", city) > 2
    assert holders(night.stack, GONE) == set()
    dug_up = "delete from dead_letters where id = any(%s) returning 1"
    assert night.ask("dispatch", dug_up, letters)  # the next test asks whether any letter died
