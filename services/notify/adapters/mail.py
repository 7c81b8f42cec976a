"""Letters as real e-mail. The SMTP sender and the file outbox use it.

Nothing that a stranger typed can add a header: the standard library refuses line ends in them.
"""

from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from services.notify.domain.wording import one_line
from services.notify.ports import Letter


class BadAddress(Exception):
    """The letter's address is no e-mail address."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the address in From, and where answers go (empty: to the same)."""

    address: str
    reply_to: str = ""

    @property
    def host(self) -> str:
        """The part behind the @."""
        return self.address.rpartition("@")[2]


def to_mail(letter: Letter, sender: Sender, now: datetime) -> EmailMessage:
    """The letter as e-mail; the same letter has the same Message-ID. Raises `BadAddress`."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(one_line(letter.sender_name), addr_spec=sender.address)
    mail["To"] = _address(letter.to)
    if sender.reply_to:
        mail["Reply-To"] = Address(addr_spec=sender.reply_to)
    mail["Subject"] = one_line(letter.subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{letter.id}@{sender.host}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.body, cte="quoted-printable")
    if letter.html:
        mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return mail


def _address(text: str) -> Address:
    try:
        address = Address(addr_spec=text)
    except (ValueError, IndexError, MessageError) as error:
        raise BadAddress from error
    if not address.username or not address.domain or text != one_line(text):
        raise BadAddress
    return address
