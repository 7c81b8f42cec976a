"""Sends private links anew, telling nobody whether there is a party. The pages go through it."""

from datetime import datetime, timedelta

from services.registration.adapters.contacts import Contacts
from services.registration.adapters.postgres_link_requests import ask_for_link, parties_of
from services.registration.domain.party import Party
from shared.clock import Clock
from shared.contracts.link import LinkRequested
from shared.db import Pool
from shared.work import Work, begin

RENEWED_FOR = timedelta(days=7)


class LinkDesk:
    """Notes who asked and says so to notify, which writes to the contact that the host gave."""

    def __init__(self, pool: Pool, clock: Clock, contacts: Contacts) -> None:
        self._pool = pool
        self._clock = clock
        self._contacts = contacts

    def send_to_contact(self, city: str, typed: str) -> bool:
        """Send the links of this contact's parties; False only if it is no contact at all."""
        phone, email = self._read(typed.strip())
        if not (phone or email):
            return False
        with begin(self._pool, self._clock) as work:
            for party in parties_of(work.conn, city, phone, email):
                _ask(work, party)
        return True

    def send(self, party: Party) -> None:
        """Send the link of this party."""
        with begin(self._pool, self._clock) as work:
            _ask(work, party)

    def _read(self, typed: str) -> tuple[str, str]:
        try:
            return ("", self._contacts.email(typed)) if "@" in typed else (self._phone(typed), "")
        except ValueError:
            return "", ""

    def _phone(self, typed: str) -> str:
        return self._contacts.phone(typed) if typed else ""


def _ask(work: Work, party: Party) -> None:
    if party.is_withdrawn or not party.details.host.can_be_reached:
        return
    times = ask_for_link(work.conn, party.id, work.now, _good_until(work.now))
    if times:
        fact = LinkRequested(party.id)
        work.publish(fact, city=party.city, subject=f"{party.id}/link", revision=times)


def _good_until(now: datetime) -> datetime:
    return now + RENEWED_FOR
