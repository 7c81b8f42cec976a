"""Notes that somebody wants nothing more, or wants it again, as they told staff. Pages use it."""

from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from services.notify.adapters.consent import PostgresLedger
from services.notify.adapters.opt_outs import OptOut, read_entry
from services.notify.answer_ports import LedgerEntry
from services.notify.domain.messages import BROADCASTS, REMINDERS, VISITS
from services.notify.domain.values import EMAIL, SMS
from services.notify.domain.wording import one_line
from shared.actor import current_actor
from shared.audit import record
from shared.clock import Clock
from shared.db import Pool
from shared.failures import Refused

EVERYTHING = "all"
PURPOSES = (EVERYTHING, VISITS, REMINDERS, BROADCASTS)
_REGION = "US"


@dataclass(frozen=True, slots=True)
class Opting:
    """The ledger, added to by staff."""

    pool: Pool
    clock: Clock

    def add(self, city: str, address: str, purpose: str, words: str) -> None:
        """Somebody told us to stop; raises `Refused` with the fields that are wrong."""
        channel, known = read_address(address)
        faults = {} if known else {"address": ["Give a telephone number or an e-mail address."]}
        if purpose not in PURPOSES:
            faults["purpose"] = ["Choose what they do not want."]
        if not words.strip():
            faults["words"] = ["Say in whose words and how you heard of it."]
        if faults:
            raise Refused("Please check what is marked.", faults)
        self._write(city, channel, known, purpose, words, opted_out=True)

    def take_back(self, city: str, entry_id: int, words: str) -> bool:
        """They want to hear from us again; raises `Refused` without a reason."""
        found = read_entry(self.pool, city, entry_id)
        if found is None:
            return False
        if not words.strip():
            raise Refused("Please say why.", {"words": ["Say who asked for it, and how."]})
        self._write(city, found.channel, found.address, found.purpose, words, opted_out=False)
        return True

    def reveal(self, city: str, entry_id: int) -> OptOut | None:
        """The entry with its whole address."""
        found = read_entry(self.pool, city, entry_id)
        if found:
            with self.pool.connection() as conn:
                what = f"{found.channel} of opt-out {found.id}"
                record(conn, "address shown", what, city=city)
        return found

    def _write(
        self, city: str, channel: str, address: str, purpose: str, words: str, *, opted_out: bool
    ) -> None:
        who = current_actor().name
        said = one_line(words)[:500]
        entry = LedgerEntry(city, channel, address, purpose, opted_out, said, "staff", who)
        with self.pool.connection() as conn:
            PostgresLedger(conn).note(entry, self.clock.now())
            what = "opt-out added" if opted_out else "opt-out taken back"
            record(conn, what, f"{channel}, {purpose}", city=city)


def read_address(text: str) -> tuple[str, str]:
    """Channel and address as they are kept; empty texts where it is neither."""
    text = one_line(text)
    if "@" in text:
        try:
            return EMAIL, validate_email(text, check_deliverability=False).normalized
        except EmailNotValidError:
            return "", ""
    try:
        number = phonenumbers.parse(text, _REGION)
    except phonenumbers.NumberParseException:
        return "", ""
    if not phonenumbers.is_valid_number(number):
        return "", ""
    return SMS, str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
