"""Signs people in for tests: makes the account, opens the session, gives the cookie."""

from collections.abc import Iterable
from datetime import timedelta

from argon2 import PasswordHasher
from flask import Flask
from playwright.sync_api import Browser, Page

from services.dispatch.adapters.factors import Passwords
from services.dispatch.adapters.postgres_staff import Staff
from services.dispatch.desk.sessions import FULL, SessionBook, Where
from services.dispatch.domain.staff import ACTIVE
from services.dispatch.main.access import ACCESS
from services.dispatch.main.accounts import set_up_accounts
from services.dispatch.pages.keeper import COOKIE
from services.dispatch.settings import Settings
from shared.access import Table
from shared.clock import SystemClock
from shared.db import Pool
from shared.grants import Grant
from shared.ids import new_id

SECRET = "x" * 32
PASSWORD = "correct horse battery staple"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
EVERYTHING = ("administrator@*",)


def settings_of(redis_url: str, **more: str) -> Settings:
    """Dispatch's settings for a test; its pool is given apart."""
    environ = {"DISPATCH_DATABASE_URL": "none", "REDIS_URL": redis_url, "SECRET_KEY": SECRET}
    return Settings.read(environ | more)


def guard(app: Flask, pool: Pool, redis_url: str, table: Table = ACCESS, **more: str) -> None:
    """Put accounts and the gate on a test's application, before its other blueprints."""

    def cities() -> list[tuple[str, str]]:
        with pool.connection() as conn:
            rows = conn.execute("select id, name from cities order by name").fetchall()
        return [(str(row[0]), str(row[1])) for row in rows]

    set_up_accounts(app, settings_of(redis_url, **more), pool, table, cities, QUICK)


def person(pool: Pool, *roles: str, email: str = "", name: str = "Kim Lee") -> str:
    """An account with roles such as 'dispatcher@pasadena'; returns its id."""
    id_ = new_id()
    with pool.connection() as conn:
        staff = Staff(conn)
        staff.add(id_, email or f"{id_}@example.org", name, ACTIVE, SystemClock().now())
        staff.set_password(id_, Passwords(QUICK).hash(PASSWORD))
        staff.set_grants(id_, grants_of(roles))
    return id_


def grants_of(roles: Iterable[str]) -> list[Grant]:
    """Roles written as 'role@city'."""
    return [Grant(city, role) for role, _, city in (text.partition("@") for text in roles)]


def session_of(pool: Pool, staff_id: str) -> str:
    """The cookie's value of a new session of this person."""
    book = SessionBook(pool, SystemClock(), idle=timedelta(hours=8), longest=timedelta(days=1))
    with pool.connection() as conn:
        where = Where("127.0.0.1", "a test")
        return book.open(conn, staff_id, FULL, "password", where).secret


def cookie(pool: Pool, *roles: str) -> dict[str, str]:
    """The cookie of somebody with these roles, an administrator of everything without any."""
    return {COOKIE: session_of(pool, person(pool, *(roles or EVERYTHING)))}


def signed_in_page(browser: Browser, url: str, cookies: dict[str, str], **options: object) -> Page:
    """A page of a browser that has these cookies for `url`."""
    page = browser.new_page(**options)  # type: ignore[arg-type]  # Playwright's own options
    page.context.add_cookies(
        [{"name": name, "value": value, "url": url} for name, value in cookies.items()]
    )
    return page
