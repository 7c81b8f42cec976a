"""What registration has forgotten goes here, too; who opted out stays out."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from orjson import dumps

from services.notify.adapters.delivery import Delivery
from services.notify.adapters.forgetting import forget_documents
from services.notify.adapters.sandbox import Sandbox
from shared.contracts.envelope import Envelope
from shared.contracts.party import GROUPS, Party, PartyForgotten
from shared.contracts.route import RouteUpdated, Stop
from shared.contracts.values import Place
from shared.db import Pool
from shared.work import begin
from tests.notify.bench import SENDER, Bench
from tests.notify.facts import (
    CITY,
    HOST,
    PARTY,
    amended,
    city_configured,
    party_of,
    registered,
    said,
)

OTHER = PARTY[:-1] + "2"


def forgotten(
    party: Party | None = None, revision: int = 5, groups: Collection[str] = GROUPS
) -> Envelope:
    """`party.forgotten` as registration would say it."""
    full = party or party_of()
    host = replace(full.host, name="", phone="", email="", sms_consent=False)
    left = replace(full, name="100 block", address="100 block", host=host, status_url="")
    return said(PartyForgotten(left, False, tuple(groups)), left.id, revision)


@pytest.fixture
def told(bench: Bench) -> Bench:
    """A host who was told that the party is registered."""
    bench.hear(city_configured(), registered())
    bench.deliver()
    return bench


def ask(bench: Bench, query: str) -> list[tuple[Any, ...]]:
    with bench.pool.connection() as conn:
        return conn.execute(query.encode()).fetchall()


def test_messages_stay_as_numbers_states_and_times(told: Bench) -> None:
    counted = "select id, state, template, created_at, changed_at, segments from messages"
    before = ask(told, counted)
    assert before
    told.hear(forgotten())
    assert ask(told, counted) == before
    texts = "select to_address || subject || body || html from messages union all"
    texts += " select to_address || subject || body || html from sandbox"
    assert {row[0] for row in ask(told, texts)} == {""}
    kept = "select host_name || phone || email || status_url, address, revision from parties"
    assert ask(told, kept) == [("", "100 block", 5)]


def test_a_late_amendment_brings_nothing_back_and_writes_to_nobody(told: Bench) -> None:
    count = told.taken()
    told.hear(forgotten())
    told.hear(amended(party_of(replace(HOST, phone="+16265550199")), revision=4))
    told.deliver()
    assert told.taken() == count
    assert ask(told, "select phone || email from parties") == [("",)]


def test_forgotten_first_a_party_is_never_known_or_welcomed(bench: Bench) -> None:
    bench.hear(city_configured(), forgotten(), registered())
    bench.deliver()
    assert bench.taken() == 0
    assert ask(bench, "select phone || email from parties") == [("",)]


def test_what_waits_to_be_sent_is_held_back(bench: Bench) -> None:
    bench.hear(city_configured(), registered(), forgotten())
    bench.deliver()
    assert bench.taken() == 0
    states = "select distinct state, reason from messages where channel <> 'none'"
    assert ask(bench, states) == [("suppressed", "party forgotten")]


def test_twice_is_once_in_the_audit_log(told: Bench) -> None:
    told.hear(forgotten())
    audit = "select actor, what, object from audit order by id"
    before = ask(told, audit)
    assert before[0][:2] == ("the purge", "personal data removed")
    assert "texts of messages" in before[0][2]
    told.hear(forgotten())
    told.tick()
    assert ask(told, audit)[: len(before)] == before
    assert len(ask(told, audit)) <= len(before) + 1


_LEDGER = """
insert into consent_ledger (city, channel, address, purpose, opted_out, words, source, at)
select 'pasadena', 'sms', a, 'all', o, 'Ana says', 'inbound', now() from (values {}) v (a, o)
"""
_ENTRIES = "select address, opted_out, words from consent_ledger order by id"


def entries(bench: Bench, *given: tuple[str, bool]) -> None:
    values = ", ".join(f"('{address}', {opted_out})" for address, opted_out in given)
    with bench.pool.connection() as conn:
        conn.execute(_LEDGER.format(values).encode())


def test_who_opted_out_stays_out_and_nothing_else_is_kept_of_consent(told: Bench) -> None:
    entries(told, (HOST.phone, True), (HOST.phone, False), (HOST.phone, True))
    told.hear(forgotten())
    assert ask(told, _ENTRIES) == [(HOST.phone, True, "")]
    again = registered(party_of(replace(HOST, email=""), OTHER, code="Q4ZX8W"))
    told.hear(again)
    told.deliver()
    states = f"select distinct state, reason from messages where party_id = '{OTHER}'"
    assert ("suppressed", "opted out") in ask(told, states)


def test_who_came_back_leaves_no_trace_of_consent(told: Bench) -> None:
    entries(told, (HOST.phone, True), (HOST.phone, False))
    told.hear(forgotten())
    assert ask(told, _ENTRIES) == []


def test_whose_party_of_this_year_stands_is_still_known(told: Bench) -> None:
    told.hear(registered(party_of(HOST, OTHER, code="Q4ZX8W")))
    entries(told, (HOST.phone, True), (HOST.phone, False))
    with told.pool.connection() as conn:
        conn.execute("insert into proven_numbers values (%s, 'x', now())", (HOST.phone,))
    told.hear(forgotten())
    assert len(ask(told, _ENTRIES)) == 2
    assert ask(told, "select phone from proven_numbers") == [(HOST.phone,)]
    assert ask(told, f"select phone from parties where id = '{OTHER}'") == [(HOST.phone,)]
    told.hear(forgotten(party_of(HOST, OTHER)))
    assert ask(told, _ENTRIES) == []
    assert ask(told, "select phone from proven_numbers") == []


def test_a_number_that_was_asked_goes_with_its_code(bench: Bench) -> None:
    Delivery(bench.pool, bench.clock).trust(CITY, False, "Kim")
    bench.hear(city_configured(), registered())
    assert ask(bench, "select phone from numbers union select phone from number_codes")
    bench.hear(forgotten())
    bench.tick()
    assert ask(bench, "select phone, told from numbers") == [("", "")]
    assert ask(bench, "select phone from number_codes") == []


def test_texts_of_the_host_and_of_unknown_senders_of_the_evening_go(told: Bench) -> None:
    text = (
        "insert into inbound (id, city, provider, provider_ref, channel, from_address, to_address,"
        " party_id, body, meaning, state, received_at) values (%s, %s, 'x', %s, 'sms', %s, '',"
        " %s, 'It is Ana', 'other', 'open', %s)"
    )
    later = "2027-01-01"
    with told.pool.connection() as conn:
        for id_, party, at in (("a", PARTY, later), ("b", "", "2026-08-04"), ("c", "", later)):
            conn.execute(text, (id_, CITY, id_, HOST.phone, party, at))
    told.hear(forgotten())
    found = ask(told, "select id, from_address, body, state from inbound order by id")
    assert found[:2] == [("a", "", "", "closed"), ("b", "", "", "closed")]
    assert found[2] == ("c", HOST.phone, "It is Ana", "open")


def test_only_notes_leave_contacts_where_they_are(told: Bench) -> None:
    notes = said(PartyForgotten(party_of(), False, ("notes",)), PARTY, 3)
    told.hear(notes)
    assert ask(told, "select phone, email from parties") == [(HOST.phone, HOST.email)]
    assert {row[0] for row in ask(told, "select to_address from messages")} != {""}
    assert {row[0] for row in ask(told, "select body from messages")} == {""}


def test_routes_texts_to_teams_and_files_of_the_outbox_go(
    told: Bench, pool: Pool, tmp_path: Path
) -> None:
    address = party_of().address
    usual = {"code": "K", "arrives_at": "2026-08-05T02:00:00Z"}
    stops = [
        usual | {"party_id": id_, "address": at}
        for id_, at in ((PARTY, address), ("walk-up", "9 Oak St"))
    ]
    with pool.connection() as conn:
        conn.execute(
            "insert into routes (city, team_id, revision, team_name, plan_version, stops)"
            " values (%s, 't1', 1, 'Team', 1, %s)",
            (CITY, dumps(stops).decode()),
        )
        conn.execute(
            "insert into messages select (jsonb_populate_record(m, jsonb_build_object('id', 'tm',"
            " 'dedupe', 'tm', 'audience', 'team', 'party_id', '', 'body', 'Next: ' || %s))).*"
            " from messages m where channel <> 'none' limit 1",
            (address,),
        )
    Sandbox(pool, told.clock, SENDER, tmp_path)
    for (id_,) in ask(told, f"select id from messages where party_id = '{PARTY}'"):
        (tmp_path / f"{id_}.txt").write_text("Ana")
    (tmp_path / "other.txt").write_text("kept")
    told.hear(forgotten())
    with begin(pool, told.clock) as work:
        assert forget_documents(work.conn, tmp_path) == 2
    assert [file.name for file in tmp_path.iterdir()] == ["other.txt"]
    places = "select stops -> 0 ->> 'address', stops -> 1 ->> 'address' from routes"
    assert ask(told, places) == [("", "")]
    assert ask(told, "select body from messages where id = 'tm'") == [("",)]


def test_a_route_that_comes_late_is_gone_through_again(told: Bench) -> None:
    told.hear(forgotten())
    told.tick()
    place, at = Place(34.1, -118.1), datetime(2026, 8, 5, 2, tzinfo=UTC)
    stops = [
        Stop(id_, "K", "Ana's", "9 Oak St", place, (), at, at) for id_ in (PARTY, "walk-up", OTHER)
    ]
    told.hear(registered(party_of(HOST, OTHER, code="Q4ZX8W")))
    told.hear(said(RouteUpdated("t1", "Team 1", 1, tuple(stops)), "t1", 1))
    told.tick()
    left = "select stop ->> 'party_id', stop ->> 'address' from routes,"
    left += " jsonb_array_elements(stops) stop order by 1"
    assert dict(ask(told, left)) == {PARTY: "", "walk-up": "", OTHER: "9 Oak St"}
