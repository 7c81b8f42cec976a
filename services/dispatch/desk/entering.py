"""Lets people in: password, second factor, link of an invitation. The sign-in pages use it."""

from collections.abc import Callable
from dataclasses import dataclass

from services.dispatch.adapters.factors import Codes, Passwords, fingerprint
from services.dispatch.adapters.postgres_staff import Credentials, Staff
from services.dispatch.adapters.throttle import Throttle
from services.dispatch.desk.sessions import CODE, FULL, Opened, SessionBook, Where
from services.dispatch.domain.staff import ACTIVE, LONGEST_NAME, faults_of_password, tidy_email
from shared.audit import record
from shared.clock import Clock
from shared.db import Connection, Pool
from shared.failures import Permanent, Refused

NOT_KNOWN = "That address and password do not belong together."
NOT_A_CODE = "That code is not valid, or was used before."


class TooMany(Permanent):
    """Too many attempts; nothing was looked at."""


class NotLetIn(Permanent):
    """Wrong, and the reason is not told."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """What letting people in needs."""

    pool: Pool
    clock: Clock
    passwords: Passwords
    codes: Codes
    throttle: Throttle
    book: SessionBook

    def by_password(self, email: str, password: str, where: Where) -> Opened:
        """A session, half way where a second factor is to follow; raises `NotLetIn`, `TooMany`.

        Whether there is such an account shows neither in what is said nor in how long it takes.
        """
        address = tidy_email(email)
        if not self.throttle.attempt(address, where.address):
            self._note("sign-in refused: too many attempts", address)
            raise TooMany
        with self.pool.connection() as conn:
            known = Staff(conn).credentials("email", address)
        fits = self.passwords.fits(known.password if known else "", password)
        if known is None or not fits or known.state != ACTIVE:
            self._note("sign-in refused", address)
            raise NotLetIn(NOT_KNOWN)
        with self.pool.connection() as conn:
            if self.passwords.is_outdated(known.password):
                Staff(conn).set_password(known.id, self.passwords.hash(password))
            return self._let_in(conn, known, "password", where)

    def by_code(self, secret: str, code: str, where: Where) -> Opened:
        """The full session in place of the half one; raises `NotLetIn`, `TooMany`."""
        known = self.book.find(secret)
        if known is None or known.session.stage != CODE:
            raise NotLetIn("Please sign in again.")
        session = known.session
        if not self.throttle.attempt(f"code {session.staff_id}", where.address):
            with self.pool.connection() as conn:
                self.book.end(conn, session.staff_id, session.id)
            self._note("second factor refused: too many attempts", session.name)
            raise TooMany
        with self.pool.connection() as conn:
            way = self._used(conn, session.staff_id, code)
            if way:
                opened = self.book.exchange(conn, session, where)
                self._welcome(conn, session.staff_id, session.name, f"{session.way} and {way}")
                self.throttle.succeeded(f"code {session.staff_id}", where.address)
                return opened
        self._note("second factor refused", session.name)
        raise NotLetIn(NOT_A_CODE)

    def invited(self, token: str) -> Credentials | None:
        """For whom the link of an invitation is, while it is good."""
        with self.pool.connection() as conn:
            id_ = Staff(conn).invited(fingerprint(token), self.clock.now())
            return Staff(conn).credentials("id", id_) if id_ else None

    def accept(self, token: str, name: str, email: str, password: str, where: Where) -> Opened:
        """Sign in whoever was invited, with the password now chosen; raises `Refused`."""
        known = self.invited(token)
        if known is None:
            raise NotLetIn("This link was used already, or is too old. Please ask for a new one.")
        name = " ".join(name.split())[:LONGEST_NAME] or known.name
        address = known.email or tidy_email(email)
        faults = _faults(name, address, password)
        if faults:
            raise Refused("Please check the form.", faults)
        hashed = self.passwords.hash(password)
        with self.pool.connection() as conn:
            staff = Staff(conn)
            if staff.invited(fingerprint(token), self.clock.now()) != known.id:
                raise NotLetIn("This link was used already.")
            if not known.email and staff.by_email(address):
                taken = "Somebody else uses this address. Please take another one."
                raise Refused("Please check the form.", {"email": [taken]})
            staff.introduce(known.id, address, name)
            staff.set_password(known.id, hashed)
            staff.set_state(known.id, ACTIVE)
            staff.forget_invitations(known.id)
            self.book.end_all(conn, known.id)
            record(conn, "password set by invitation", name, actor_id=known.id, actor=name)
            found = staff.credentials("id", known.id)
            return self._let_in(conn, found or known, "invitation", where)

    def by_provider(self, known: Credentials, where: Where) -> Opened:
        """A full session for whom the provider vouches; its second factor is the provider's."""
        with self.pool.connection() as conn:
            opened = self.book.open(conn, known.id, FULL, "provider", where)
            self._welcome(conn, known.id, known.name, "provider")
            return opened

    def _let_in(self, conn: Connection, known: Credentials, way: str, where: Where) -> Opened:
        self.throttle.succeeded(known.email, where.address)
        if known.totp:
            return self.book.open(conn, known.id, CODE, way, where)
        self._welcome(conn, known.id, known.name, way)
        return self.book.open(conn, known.id, FULL, way, where)

    def _welcome(self, conn: Connection, id_: str, name: str, way: str) -> None:
        Staff(conn).signed_in(id_, self.clock.now())
        record(conn, "signed in", f"by {way}", actor_id=id_, actor=name)

    def _used(self, conn: Connection, staff_id: str, code: str) -> str:
        """'code' or 'recovery code' if this one was good and is now used up, else ''."""
        known = Staff(conn).credentials("id", staff_id)
        if known is None or not known.totp:
            return ""
        step = self.codes.step_of(known.totp, code)
        if step is not None:
            return "code" if Staff(conn).use_step(staff_id, step) else ""
        hashed = self.codes.recovery_hash(code)
        return "recovery code" if Staff(conn).use_recovery(staff_id, hashed) else ""

    def _note(self, what: str, who: str) -> None:
        with self.pool.connection() as conn:
            record(conn, what, who, actor_id="", actor="")


def _faults(name: str, email: str, password: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    checks: tuple[tuple[str, Callable[[], list[str]]], ...] = (
        ("name", lambda: [] if name else ["Please give your name."]),
        ("email", lambda: [] if _is_email(email) else ["Please give an e-mail address."]),
        ("password", lambda: faults_of_password(password, email, name)),
    )
    for field, check in checks:
        said = check()
        if said:
            found[field] = said
    return found


def _is_email(text: str) -> bool:
    before, at, after = text.partition("@")
    return bool(before and at and after) and not any(c.isspace() or c in "<>,;" for c in text)
