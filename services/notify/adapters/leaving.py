"""The address in a letter by which its reader leaves the list. Senders and the page use it."""

from dataclasses import dataclass
from typing import Final

from itsdangerous import BadData, URLSafeSerializer

from services.notify.domain.messages import BROADCASTS, REMINDERS
from services.notify.ports.senders import Letter
from shared.db import Pool

LEFT = (REMINDERS, BROADCASTS)
"""What a reader leaves: news of the visit itself still comes."""
_SALT = "porchlight-unsubscribe"


@dataclass(frozen=True, slots=True)
class Leaver:
    """Who leaves: the address, and the letter that made the reader do so."""

    address: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What the page says of the letter: city, programme and language; empty where it is gone."""

    city: str = ""
    programme: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class LeaveLinks:
    """Makes and reads the addresses; `base` is where notify is reached."""

    secret: str
    base: str

    def unsubscribe_url(self, letter: Letter) -> str:
        """Where the reader of the letter takes himself off the list, in one click."""
        token = URLSafeSerializer(self.secret, _SALT).dumps([letter.to, letter.id])
        return f"{self.base.rstrip('/')}/u/{token}"

    def read(self, token: str) -> Leaver | None:
        """Whose link it is, None where it is not ours."""
        try:
            address, message_id = URLSafeSerializer(self.secret, _SALT).loads(token)
        except (BadData, ValueError, TypeError):
            return None
        return Leaver(str(address), str(message_id))


def letterhead(pool: Pool, leaver: Leaver) -> Letterhead:
    """Who wrote the letter."""
    with pool.connection() as conn:
        row = conn.execute(_HEAD, (leaver.message_id,)).fetchone()
    return Letterhead(*(str(value) for value in row)) if row else Letterhead()


_HEAD: Final = """
select m.city, c.programme, m.language from messages m join cities c on c.id = m.city
where m.id = %s
"""
