"""What every party book does: the same suite on the fake and on PostgreSQL."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from services.registration.adapters.postgres_parties import PostgresPartyBook
from services.registration.domain.party import Consent, Party
from services.registration.ports import Imported, ImportMark, PartyBook
from shared.ids import new_id
from tests.registration.builders import NOW, a_city, a_party
from tests.registration.fakes import MemoryPartyBook

MARK = ImportMark("ref 1", b"one")


@pytest.fixture(params=["memory", "postgres"])
def book(request: pytest.FixtureRequest) -> Iterator[PartyBook]:
    if request.param == "memory":
        yield MemoryPartyBook()
        return
    database: Callable[[str], str] = request.getfixturevalue("database")
    with psycopg.connect(database("registration")) as conn:
        yield PostgresPartyBook(conn)
        conn.rollback()


def _renamed(party: Party) -> Party:
    details = replace(party.details, name="Renamed")
    later = party.changed_at + timedelta(hours=1)
    return replace(party, details=details, revision=party.revision + 1, changed_at=later)


def test_a_party_comes_back_as_it_was_entered(book: PartyBook) -> None:
    consent = Consent("I agree", NOW, "192.0.2.1")
    for changes in ({}, {"lat": None, "lon": None}, {"name": "🎉 جيران \"'; drop table parties"}):
        party = replace(a_party(**changes), consent=consent)
        book.add(party)
        assert book.hold(party.id) == party


def test_an_unknown_party_is_not_found(book: PartyBook) -> None:
    assert book.hold(a_party().id) is None


def test_a_newer_state_replaces_the_older(book: PartyBook) -> None:
    party = a_party()
    book.add(party)
    book.replace(party, _renamed(party))
    assert book.hold(party.id) == _renamed(party)


def test_a_state_that_does_not_follow_the_kept_one_changes_nothing(book: PartyBook) -> None:
    party = a_party()
    book.add(party)
    newer = _renamed(party)
    book.replace(party, newer)
    book.replace(party, newer)
    assert book.hold(party.id) == newer


def test_a_city_sees_its_own_parties_only_and_the_oldest_first(book: PartyBook) -> None:
    first, second = a_party(), a_party()
    for party in (second, first, a_party(a_city(slug="elsewhere"))):
        book.add(party)
    assert book.in_city("pasadena") == [first, second]
    assert book.in_city("nowhere") == []


def test_imported_parties_are_found_by_their_rows_keys(book: PartyBook) -> None:
    party = a_party()
    book.add(party, MARK)
    book.add(a_party())
    assert book.imported("pasadena", ["ref 1", "ref 2"]) == {"ref 1": Imported(party, MARK)}
    assert book.imported("elsewhere", ["ref 1"]) == {}


def test_a_mark_stays_until_an_import_changes_the_party(book: PartyBook) -> None:
    party = a_party()
    book.add(party, MARK)
    by_host = _renamed(party)
    book.replace(party, by_host)
    assert book.imported("pasadena", ["ref 1"])["ref 1"].mark == MARK
    newer = ImportMark("ref 1", b"two")
    book.replace(by_host, _renamed(by_host), newer)
    assert book.imported("pasadena", ["ref 1"])["ref 1"].mark == newer


def test_places_are_counted_for_this_evening_and_given_in_turn(book: PartyBook) -> None:
    city = a_city()
    placed, quiet = a_party(), a_party(no_visit=True, wanted=())
    gone = replace(a_party(), state="withdrawn")
    old = a_party(a_city(date="2026-08-04"))
    first, second = (replace(a_party(), waiting=True) for _ in range(2))
    for party in (placed, quiet, gone, old, replace(old, id=new_id(), waiting=True, code="OLD")):
        book.add(party)
    book.add(first)
    book.add(second)
    assert book.wanting_visits(city) == 1
    assert book.hold_next_waiting(city) == first
    assert book.hold_next_waiting(a_city(slug="elsewhere")) is None
