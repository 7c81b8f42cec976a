"""The outbox provider: takes every message and keeps it for the outbox page. The default."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from services.notify.adapters.files import keep_file, text_file
from services.notify.adapters.mail import BadAddress, Sender, to_mail
from services.notify.domain.outcomes import Accepted, Deferred, Outcome, Refused
from services.notify.ports.senders import Letter, Sought, Text
from shared.clock import Clock
from shared.db import Pool

NAME = "outbox"
BAD_ADDRESS = "this is not an e-mail address"
NEVER_CAME = "the process died before the provider had it"

Row = tuple[str, str, str, str, str, str, datetime]


class Sandbox:
    """Fulfils `SmsSender` and `EmailSender`; with a folder it writes .txt and .eml files too."""

    name = NAME

    def __init__(self, pool: Pool, clock: Clock, sender: Sender, folder: Path | None) -> None:
        self._pool = pool
        self._clock = clock
        self._sender = sender
        self._folder = folder

    def send_texts(self, texts: Sequence[Text]) -> Sequence[Outcome]:
        now = self._clock.now()
        for text in texts if self._folder else ():
            self._file(f"{text.id}.txt", text_file(text))
        self._store([(t.id, "sms", t.to, "", t.body, "", now) for t in texts])
        return [Accepted() for _ in texts]

    def send_letters(self, letters: Sequence[Letter]) -> Sequence[Outcome]:
        now = self._clock.now()
        outcomes = [self._post(letter, now) for letter in letters]
        taken = [x for x, o in zip(letters, outcomes, strict=True) if isinstance(o, Accepted)]
        self._store([(x.id, "email", x.to, x.subject, x.body, x.html, now) for x in taken])
        return outcomes

    def known(self, sought: Sequence[Sought]) -> Mapping[str, Outcome] | None:
        if not sought:
            return {}
        ids = [one.id for one in sought]
        with self._pool.connection() as conn:
            rows = conn.execute(
                "select message_id from sandbox where message_id = any(%s)", (ids,)
            ).fetchall()
        kept = {str(row[0]) for row in rows}
        return {i: Accepted() if i in kept else Deferred(NEVER_CAME) for i in ids}

    def _post(self, letter: Letter, now: datetime) -> Outcome:
        try:
            mail = to_mail(letter, self._sender, now)
        except BadAddress:
            return Refused(BAD_ADDRESS)
        if self._folder:
            self._file(f"{letter.id}.eml", mail.as_bytes())
        return Accepted()

    def _file(self, name: str, content: bytes) -> None:
        if self._folder:
            keep_file(self._folder, name, content)

    def _store(self, rows: Sequence[Row]) -> None:
        with self._pool.connection() as conn, conn.cursor() as cursor:
            cursor.executemany(_STORE, rows)


_STORE: Final = """
insert into sandbox (message_id, channel, to_address, subject, body, html, taken_at)
values (%s, %s, %s, %s, %s, %s, %s)
on conflict (message_id) do nothing
"""
