"""Registering, amending, withdrawing, restoring, importing: what is kept and what is said."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.registration.adapters.contacts import Contacts
from services.registration.domain.complaints import Rejected
from services.registration.domain.party import Party
from services.registration.domain.sheet import Row
from services.registration.domain.sheet_party import party_in
from services.registration.handlers.imports import amend_by_row, judge_row, register_row
from services.registration.handlers.parties import (
    Asker,
    TooLate,
    amend_party,
    register_party,
    restore_party,
    withdraw_party,
)
from shared.contracts.party import PartyAmended, PartyRegistered, PartyWithdrawn
from tests.registration.builders import NOW, a_city, asked
from tests.registration.fakes import Listener, MemoryPartyBook, means

CITY = a_city()
HOST = Asker("host", "192.0.2.7")


def _registered(book: MemoryPartyBook, listener: Listener, **changes: object) -> Party:
    return register_party(asked(**changes), CITY, HOST, means(book, listener))


def test_a_registration_is_kept_and_said_whole() -> None:
    book, listener = MemoryPartyBook(), Listener()
    party = _registered(book, listener)
    assert book.hold(party.id) == party
    ((fact, revision),) = listener.said
    assert isinstance(fact, PartyRegistered)
    assert (fact.party.code, revision) == (party.code, 1)
    assert fact.party.status_url.endswith(party.id)


def test_a_refused_registration_keeps_and_says_nothing() -> None:
    book, listener = MemoryPartyBook(), Listener()
    with pytest.raises(Rejected):
        _registered(book, listener, name="")
    assert (book.history, listener.said) == ([], [])


def test_consent_is_kept_with_its_wording_time_and_origin() -> None:
    book = MemoryPartyBook()
    party = _registered(book, Listener(), sms_consent=True)
    assert party.consent is not None
    assert "Night Out" in party.consent.wording
    assert (party.consent.given_at, party.consent.origin) == (NOW, "192.0.2.7")
    assert _registered(book, Listener()).consent is None


def test_consent_is_given_anew_for_another_number() -> None:
    book = MemoryPartyBook()
    party = _registered(book, Listener(), sms_consent=True)
    later = means(book, now=NOW + timedelta(days=1))
    same = amend_party(party, asked(sms_consent=True, name="New name"), CITY, HOST, later)
    assert same.consent == party.consent
    other = asked(sms_consent=True, phone="626-555-0199")
    changed = amend_party(same, other, CITY, HOST, later)
    assert changed.consent is not None
    assert changed.consent.given_at == later.now


def test_every_change_raises_the_revision_and_says_the_whole_party() -> None:
    book, listener = MemoryPartyBook(), Listener()
    party = _registered(book, listener)
    amended = amend_party(party, asked(people=99), CITY, HOST, means(book, listener))
    withdrawn = withdraw_party(amended, HOST, means(book, listener))
    restored = restore_party(withdrawn, HOST, means(book, listener))
    assert [(type(fact), revision) for fact, revision in listener.said] == [
        (PartyRegistered, 1),
        (PartyAmended, 2),
        (PartyWithdrawn, 3),
        (PartyAmended, 4),
    ]
    assert restored.state == "registered"
    assert [entry[1] for entry in book.history] == [1, 2, 3, 4]


def test_nothing_is_said_when_nothing_changes() -> None:
    book, listener = MemoryPartyBook(), Listener()
    party = _registered(book, listener)
    assert amend_party(party, asked(), CITY, HOST, means(book, listener)) == party
    assert restore_party(party, HOST, means(book, listener)) == party
    gone = withdraw_party(party, HOST, means(book, listener))
    assert withdraw_party(gone, HOST, means(book, listener)) == gone
    assert len(listener.said) == 2


def test_a_withdrawn_party_that_is_changed_stays_withdrawn() -> None:
    book, listener = MemoryPartyBook(), Listener()
    gone = withdraw_party(_registered(book, listener), HOST, means(book, listener))
    changed = amend_party(gone, asked(people=5), CITY, HOST, means(book, listener))
    assert changed.is_withdrawn
    assert isinstance(listener.said[-1][0], PartyWithdrawn)


def test_a_withdrawal_is_final_after_a_day() -> None:
    book = MemoryPartyBook()
    gone = withdraw_party(_registered(book, Listener()), HOST, means(book))
    with pytest.raises(TooLate):
        restore_party(gone, HOST, means(book, now=NOW + timedelta(hours=25)))


def _row(**values: str) -> Row:
    return Row(2, {"address": "1 Elm St", "reference": "P1", **values})


def _imported(book: MemoryPartyBook, listener: Listener, **values: str) -> str:
    row = party_in(_row(**values), CITY, values)
    known = book.imported(CITY.slug, [row.key]).get(row.key)
    versions = book.versions[known.party.id] if known else []
    verdict = judge_row(row, CITY, known, versions, Contacts())
    if known is None:
        register_row(row, CITY, means(book, listener))
    elif verdict.outcome == "changed":
        amend_by_row(row, verdict, known.party, CITY, means(book, listener))
    return verdict.outcome


def test_an_import_adds_changes_and_leaves_alone() -> None:
    book, listener = MemoryPartyBook(), Listener()
    outcomes = [
        _imported(book, listener),
        _imported(book, listener),
        _imported(book, listener, name="Elm Street"),
        _imported(book, listener, name="Elm Street"),
    ]
    assert outcomes == ["new", "unchanged", "changed", "unchanged"]
    assert [type(fact) for fact, _ in listener.said] == [PartyRegistered, PartyAmended]


def test_an_import_never_overwrites_what_its_host_changed() -> None:
    book, listener = MemoryPartyBook(), Listener()
    _imported(book, listener)
    (party,) = book.in_city(CITY.slug)
    by_host = amend_party(party, asked(), CITY, HOST, means(book, listener))
    assert _imported(book, listener) == "unchanged"
    assert _imported(book, listener, name="Elm Street") == "kept"
    assert book.hold(party.id) == by_host
    assert replace(by_host, revision=1).changed_by == "host"
