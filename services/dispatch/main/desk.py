"""The staff's desk on PostgreSQL, for the web role and for commands."""

from dataclasses import dataclass
from datetime import timedelta

from argon2 import PasswordHasher

from services.dispatch.adapters.factors import Codes, Passwords
from services.dispatch.adapters.throttle import Throttle
from services.dispatch.desk.api_tokens import TokenBook
from services.dispatch.desk.entering import Entrance
from services.dispatch.desk.people import People
from services.dispatch.desk.sessions import SessionBook
from services.dispatch.settings import Settings
from shared.clock import SystemClock
from shared.db import Pool


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts of the staff's desk, for pages and commands."""

    book: SessionBook
    people: People
    tokens: TokenBook
    entrance: Entrance


def make_desk(settings: Settings, pool: Pool, hasher: PasswordHasher | None = None) -> Desk:
    """The desk on PostgreSQL."""
    clock = SystemClock()
    book = SessionBook(
        pool,
        clock,
        idle=timedelta(minutes=settings.session_idle_minutes),
        longest=timedelta(hours=settings.session_hours),
    )
    codes, throttle = Codes(settings.secret), Throttle(settings.redis_url)
    entrance = Entrance(pool, clock, Passwords(hasher), codes, throttle, book)
    return Desk(book, People(pool, clock, book), TokenBook(pool, clock), entrance)
