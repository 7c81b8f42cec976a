"""What registration has forgotten goes here, too: in any order, twice, and for good."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from services.dispatch.adapters.draft_document import as_json
from services.dispatch.domain.drafts import LeftOut
from services.dispatch.domain.evening import Party
from services.dispatch.worker import Forgetting
from shared.clock import SystemClock
from shared.contracts.envelope import Envelope, encode
from shared.contracts.party import GROUPS, PartyAmended, PartyForgotten
from shared.db import Pool
from shared.inbox import Inbox
from tests.dispatch.builders import at, city_fact, make_party, make_team, party_fact, replied_fact
from tests.dispatch.hearing import hear

FULL = make_party(
    "p1", name="Ana's", address="412 Maple St", host_name="Ana", location_notes="Ask Ana"
)
LEFT = replace(FULL, name="400 block", address="400 block", host_name="", location_notes="")


def forgotten_fact(
    party: Party, revision: int, groups: Collection[str] = GROUPS, *, withdrawn: bool = False
) -> Envelope:
    """`party.forgotten` as registration would say it."""

    def kind(told: Any) -> PartyForgotten:
        host = replace(told.host, phone="")
        return PartyForgotten(replace(told, host=host), withdrawn, tuple(groups))

    return party_fact(party, revision, kind=kind)


def ask(pool: Pool, query: str) -> list[tuple[Any, ...]]:
    with pool.connection() as conn:
        return conn.execute(query.encode()).fetchall()


def known(pool: Pool) -> list[tuple[Any, ...]]:
    return ask(pool, "select name, address, host_name, location_notes, revision from parties")


@pytest.fixture
def city(inbox: Inbox, hinted: list[str]) -> None:
    hear(inbox, city_fact(teams=[make_team("t1")]), party_fact(FULL))
    hinted.clear()


@pytest.mark.usefixtures("city")
def test_a_late_amendment_brings_nothing_back_and_a_newer_one_holds(
    pool: Pool, inbox: Inbox, hinted: list[str]
) -> None:
    hear(inbox, forgotten_fact(LEFT, 3))
    assert known(pool) == [("400 block", "400 block", "", "", 3)]
    assert hinted == []
    hear(inbox, party_fact(FULL, 2, kind=PartyAmended))
    assert known(pool)[0][2:] == ("", "", 3)
    hear(inbox, party_fact(replace(LEFT, host_name="Bo"), 4, kind=PartyAmended))
    hear(inbox, forgotten_fact(LEFT, 3))
    assert known(pool)[0][2:] == ("Bo", "", 4)


def test_forgotten_before_it_was_heard_of_it_is_never_known(pool: Pool, inbox: Inbox) -> None:
    hear(inbox, city_fact(), forgotten_fact(LEFT, 3, withdrawn=True))
    hear(inbox, party_fact(FULL))
    assert known(pool) == [("400 block", "400 block", "", "", 3)]
    assert ask(pool, "select withdrawn from parties") == [(True,)]


@pytest.mark.usefixtures("city")
def test_only_the_groups_that_are_over_go(pool: Pool, inbox: Inbox) -> None:
    hear(inbox, replied_fact("r1", "p1", "other", "Ana here", at(0)))
    kept = replace(FULL, location_notes="")
    hear(inbox, forgotten_fact(kept, 2, ("notes",)))
    assert known(pool) == [("Ana's", "412 Maple St", "Ana", "", 2)]
    assert ask(pool, "select words, meaning <> '' from host_replies") == [("", True)]


@pytest.mark.usefixtures("city")
def test_twice_removes_nothing_more_and_each_removal_is_in_the_audit_log(
    pool: Pool, inbox: Inbox
) -> None:
    hear(inbox, replied_fact("r1", "p1", "other", "Ana here", at(0)), forgotten_fact(LEFT, 2))
    audit = "select actor, city, what, object from audit"
    before = ask(pool, audit)
    assert before == [
        ("the purge", "pasadena", "personal data removed", "1 words of hosts of 1 parties")
    ]
    hear(inbox, forgotten_fact(LEFT, 2), forgotten_fact(LEFT, 3))
    assert ask(pool, audit) == before
    hear(inbox, replied_fact("r2", "p1", "other", "Ana again", at(0)))
    assert ask(pool, "select distinct words from host_replies") == [("",)]


@pytest.mark.usefixtures("city")
def test_the_log_of_the_night_gives_up_hosts_and_nothing_else(pool: Pool, inbox: Inbox) -> None:
    with pool.connection() as conn:
        conn.execute(
            "insert into actions (city, id, version, kind, party_id, at, received_at, by_id,"
            " by_name, source, details, applied, changes) values ('pasadena', gen_random_uuid(),"
            " 1, 'party_moved', 'p1', now(), now(), '', 'Kim', 'console', %s, true, %s)",
            (
                '{"host_name": "Ana", "reason": "Ana said so", "address": "412 Maple St",'
                ' "place": {"lat": 34.123456, "lon": -118.123456}, "minutes": 5}',
                '[{"key": "party:p1", "before": "", "after": "at 34.12345, -118.12345"}]',
            ),
        )
    hear(inbox, forgotten_fact(LEFT, 2))
    assert ask(pool, "select details, changes, by_name, kind from actions") == [
        (
            {"minutes": 5, "place": {"lat": 34.123, "lon": -118.123}},
            [{"key": "party:p1", "before": "", "after": ""}],
            "Kim",
            "party_moved",
        )
    ]
    for change in ("update actions set details = '{}'", "delete from actions"):
        with pool.connection() as conn, pytest.raises(psycopg.errors.RaiseException):
            conn.execute(change.encode())


@pytest.mark.usefixtures("city")
def test_walk_ups_go_with_the_parties_of_their_evening(pool: Pool, inbox: Inbox) -> None:
    same, later = make_party("w1", host_name="Wim"), make_party("w2", host_name="Wilma")
    later = replace(later, window=replace(later.window, opens=at(60 * 48), closes=at(60 * 50)))
    hear(inbox, party_fact(same, 0), party_fact(later, 0), forgotten_fact(LEFT, 2))
    assert ask(pool, "select id, name, address, host_name from parties order by id")[1:] == [
        ("w1", "Walk-up party", "", ""),
        ("w2", "Party w2", "w2 Street", "Wilma"),
    ]


@pytest.mark.usefixtures("city")
def test_blocks_remember_that_they_were_visited_without_the_house(pool: Pool, inbox: Inbox) -> None:
    with pool.connection() as conn:
        conn.execute(
            "insert into block_history select 'pasadena', block_key(a), a, y from (values"
            " ('412 Maple St', 2024), ('430 Maple St', 2025)) v (a, y)"
        )
    hear(inbox, party_fact(make_party("p2", address="430 Maple St")))
    hear(inbox, forgotten_fact(LEFT, 2), forgotten_fact(replace(LEFT, id="p2"), 2))
    assert ask(pool, "select address, last_visited from block_history") == [
        ("400 block of maple st", 2025)
    ]
    hear(inbox, party_fact(make_party("p3", address="499 Maple St.")))
    joined = (
        "select p.id from block_history h join parties p"
        " on h.block in (block_key(p.address), hundred_key(p.address))"
    )
    assert ask(pool, joined) == [("p3",)]


@pytest.mark.usefixtures("city")
def test_routes_drafts_and_dead_letters_are_gone_through_once_for_all_that_wait(
    pool: Pool, inbox: Inbox
) -> None:
    stop = (
        '{"party_id": "%s", "code": "C", "name": "Ana\'s", "address": "412 Maple St", "kinds": [],'
        ' "place": {"lat": 34.123456, "lon": 1}, "arrives_at": "x", "leaves_at": "x"}'
    )
    with pool.connection() as conn:
        conn.execute(
            "insert into plans (city, version, name, made_at, parties, visited, unvisited, teams)"
            " values ('pasadena', 1, 'Plan 1', now(), 2, 2, 0, 1)"
        )
        route = f"[{stop % 'p1'}, {stop % 'other'}]"
        conn.execute("insert into routes values ('pasadena', 't1', 1, true, %s)", (route,))
        for body in (encode(party_fact(FULL)), b'{"p1": "Ana", broken', b"others, broken"):
            conn.execute(
                "insert into dead_letters (id, publisher, type, body, error, attempts)"
                " values (gen_random_uuid(), 'registration', 'x', %s, 'Ana failed', 1)",
                (body,),
            )
    hear(inbox, forgotten_fact(LEFT, 2))
    Forgetting(pool, SystemClock())()
    ((first, second),) = [row[0] for row in ask(pool, "select stops from routes")]
    assert (first["address"], first["name"], first["place"]["lat"]) == ("", "", 34.123)
    assert second["address"] == "412 Maple St"
    letters = dict(ask(pool, "select body, error from dead_letters"))
    assert sorted(map(len, letters))[:2] == [0, 14]
    assert not [body for body in letters if b"Ana" in body or b"5550100" in body]
    assert letters[b"others, broken"] == "Ana failed"
    assert ask(pool, "select count(*) from forgotten_parties where waits") == [(0,)]
    said = ask(pool, "select object from audit order by id")
    assert said[-1] == ("1 routes, 2 facts and dead letters",)


@pytest.mark.usefixtures("city")
def test_what_teams_brought_back_of_it_goes_and_heads_stay_counted(
    pool: Pool, inbox: Inbox
) -> None:
    with pool.connection() as conn:
        for party, words in (("p1", "Ana will call"), ("other", "Bo will call")):
            conn.execute(
                "insert into field_notes (city, id, team_id, party_id, kind, words, people, at,"
                " received_at)"
                " values ('pasadena', gen_random_uuid(), 't1', %s, 'note', %s, 40, now(), now())",
                (party, words),
            )
            conn.execute(
                "insert into field_photos (city, id, link_id, team_id, party_id, caption, width,"
                " height, jpeg, at, received_at) values ('pasadena', gen_random_uuid(),"
                " gen_random_uuid(), 't1', %s, %s, 1, 1, 'x', now(), now())",
                (party, words),
            )
    hear(inbox, forgotten_fact(LEFT, 2, {"contacts"}))
    assert ask(pool, "select count(*) from field_photos") == [(2,)]
    hear(inbox, forgotten_fact(LEFT, 3))
    notes = ask(pool, "select party_id, words, people from field_notes order by party_id desc")
    assert notes == [("p1", "", 40), ("other", "Bo will call", 40)]
    assert ask(pool, "select party_id from field_photos") == [("other",)]


@pytest.mark.usefixtures("city")
def test_a_draft_and_a_forecast_give_up_what_was_said_of_it(pool: Pool, inbox: Inbox) -> None:
    told = ("no_team", "412 Maple St", "Ana asked late.", "Ana's street is closed.", "Skip Ana.")
    content = {"left": [LeftOut("p1", *told), LeftOut("other", *told)], "note": "of Monday"}
    with pool.connection() as conn:
        conn.execute(
            "insert into drafts (city, name, id, made_by, asked_at, state, wish, policies, content)"
            " values ('pasadena', 'Monday', 'd1', 'Kim', now(), 'made', '{}', '{}', %s)",
            (as_json(content),),
        )
        conn.execute(
            "insert into forecasts (city, asked_at, state, content)"
            " values ('pasadena', now(), 'made', %s)",
            (as_json(content),),
        )
    hear(inbox, forgotten_fact(LEFT, 2))
    Forgetting(pool, SystemClock())()
    for table in ("drafts", "forecasts"):
        ((found,),) = ask(pool, f"select content from {table}")
        left, other = (LeftOut(**one) for one in found["left"])
        assert left == LeftOut("p1", "no_team", "", "", "", "")
        assert (other, found["note"]) == (LeftOut("other", *told), "of Monday")
