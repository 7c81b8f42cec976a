"""Letters as real e-mail. The SMTP sender and the file outbox use it.

Nothing that a stranger typed can add a header. Subjects and names are encoded here, and not by
`EmailMessage`: it decodes encoded words that were typed, line ends included, and loses spaces
when it folds long lines of other scripts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from services.notify.domain.messages import BROADCASTS, REMINDERS
from services.notify.domain.wording import one_line
from services.notify.ports.senders import Letter

_LINE = 76
LEAVABLE = frozenset({REMINDERS, BROADCASTS})
"""Purposes of which a letter offers to write no more."""


class BadAddress(Exception):
    """The letter's address is no e-mail address."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the address in From, and where answers go (empty: to the same).

    `leave_url` gives the address by which a reader takes himself off the list in one click.
    """

    address: str
    reply_to: str = ""
    leave_url: Callable[[Letter], str] | None = None

    @property
    def host(self) -> str:
        """The part behind the @."""
        return self.address.rpartition("@")[2]


def to_mail(letter: Letter, sender: Sender, now: datetime) -> EmailMessage:
    """The letter as e-mail; the same letter has the same Message-ID. Raises `BadAddress`."""
    mail = EmailMessage(policy=SMTP)
    mail.set_raw("From", _from(one_line(letter.sender_name), sender.address))
    mail["To"] = _address(letter.to)
    if sender.reply_to:
        mail["Reply-To"] = Address(addr_spec=sender.reply_to)
    mail.set_raw("Subject", _encoded("Subject", one_line(letter.subject)))
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{letter.id}@{sender.host}>"
    mail["Auto-Submitted"] = "auto-generated"
    if sender.leave_url and letter.purpose in LEAVABLE:
        mail.set_raw("List-Unsubscribe", f"<{one_line(sender.leave_url(letter))}>")
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(letter.body, cte="quoted-printable")
    if letter.html:
        mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return mail


def is_address(text: str) -> bool:
    """Whether mail can be sent to `text`."""
    try:
        _address(text)
    except BadAddress:
        return False
    return True


def _from(name: str, address: str) -> str:
    if len(name) <= 40 and name.isascii() and "=?" not in name:
        return formataddr((name, address))
    return f"{Header(name, 'utf-8', _LINE, 'From').encode()}\n <{address}>"


def _encoded(header: str, text: str) -> str:
    """The text in lines short enough to stay as they are; what looks encoded is encoded again."""
    plain = text.isascii() and "=?" not in text
    return Header(text, "us-ascii" if plain else "utf-8", _LINE, header).encode()


def _address(text: str) -> Address:
    try:
        address = Address(addr_spec=text)
    except (ValueError, IndexError, MessageError) as error:
        raise BadAddress from error
    if not address.username or not address.domain or text != one_line(text):
        raise BadAddress
    return address
