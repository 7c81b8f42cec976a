"""Answers already given under an idempotency key, in PostgreSQL. The front desk uses it."""

from dataclasses import dataclass
from typing import Any

from shared.db import Connection

KEEP_HOURS = 24


@dataclass(frozen=True, slots=True)
class Key:
    """A caller's idempotency key within a city, and a digest of the body sent with it."""

    city: str
    text: str
    digest: bytes


class KeyReused(ValueError):
    """The key came before with another body."""


def answer_given(conn: Connection, key: Key) -> bytes | None:
    """The answer given before under the key; raises `KeyReused` if it was for another body."""
    row: Any = conn.execute(
        "select digest, body from idempotency_keys where city = %s and key = %s",
        (key.city, key.text),
    ).fetchone()
    if row is None:
        return None
    digest, body = row
    if digest != key.digest:
        raise KeyReused("This Idempotency-Key was used before with another body.")
    answer: bytes = body
    return answer


def keep_answer(conn: Connection, key: Key, body: bytes) -> None:
    """Keep the answer; `psycopg.errors.UniqueViolation` if the key has one already."""
    conn.execute(
        "insert into idempotency_keys (city, key, digest, body) values (%s, %s, %s, %s)",
        (key.city, key.text, key.digest, body),
    )


def forget_old_answers(conn: Connection) -> None:
    """Delete what is older than `KEEP_HOURS`."""
    conn.execute(
        "delete from idempotency_keys where made_at < now() - make_interval(hours => %s)",
        (KEEP_HOURS,),
    )
