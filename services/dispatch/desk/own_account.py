"""What a person changes of his own: password, second factor, sessions. Account pages use it."""

from dataclasses import dataclass

from services.dispatch.adapters.postgres_sessions import Session
from services.dispatch.adapters.postgres_staff import Credentials, Staff
from services.dispatch.desk.entering import NOT_A_CODE, Entrance
from services.dispatch.desk.sessions import Known, Opened, Where
from services.dispatch.domain.staff import Person, faults_of_password
from shared.audit import record
from shared.db import Connection
from shared.failures import Refused

WRONG = {"current": ["That is not your present password."]}


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """The account of whose session `known` is."""

    entrance: Entrance
    known: Known
    where: Where

    @property
    def id(self) -> str:
        """The person's id."""
        return self.known.session.staff_id

    def person(self) -> Person:
        """What is known of the person."""
        with self.entrance.pool.connection() as conn:
            found = Staff(conn).person(self.id)
        if found is None:
            raise Refused("There is no such account any more.")
        return found

    def recovery_left(self) -> int:
        """How many recovery codes are left."""
        with self.entrance.pool.connection() as conn:
            return Staff(conn).recovery_left(self.id)

    def sessions(self) -> list[Session]:
        """Where the person is signed in."""
        return self.entrance.book.of(self.id)

    def change_password(self, current: str, new: str) -> Opened:
        """A new password; other sessions end and this one changes its secret."""
        mine = self._checked(current)
        faults = faults_of_password(new, mine.email, mine.name)
        if faults:
            raise Refused("Please check the form.", {"new": faults})
        hashed = self.entrance.passwords.hash(new)
        with self.entrance.pool.connection() as conn:
            Staff(conn).set_password(self.id, hashed)
            record(conn, "password changed", mine.name)
            return self._renewed(conn)

    def switch_on(self, sealed: str, code: str) -> tuple[Opened, list[str]]:
        """The second factor with the secret that was shown; its recovery codes, told this once."""
        self._attempt()
        step = self.entrance.codes.step_of(sealed, code)
        if step is None:
            raise Refused(NOT_A_CODE, {"code": [NOT_A_CODE]})
        codes = self.entrance.codes.recovery_codes()
        hashes = {self.entrance.codes.recovery_hash(one) for one in codes}
        with self.entrance.pool.connection() as conn:
            Staff(conn).set_totp(self.id, sealed, step, hashes)
            record(conn, "second factor switched on", self.known.session.name)
            return self._renewed(conn), codes

    def switch_off(self, current: str) -> Opened:
        """No second factor any more."""
        mine = self._checked(current)
        with self.entrance.pool.connection() as conn:
            Staff(conn).set_totp(self.id, "", 0, ())
            record(conn, "second factor switched off", mine.name)
            return self._renewed(conn)

    def renew_recovery(self, current: str) -> list[str]:
        """New recovery codes in place of all old ones."""
        mine = self._checked(current)
        codes = self.entrance.codes.recovery_codes()
        with self.entrance.pool.connection() as conn:
            hashes = {self.entrance.codes.recovery_hash(one) for one in codes}
            Staff(conn).set_recovery(self.id, hashes)
            record(conn, "recovery codes renewed", mine.name)
        return codes

    def end_session(self, id_: str) -> bool:
        """Sign out one of the person's browsers."""
        with self.entrance.pool.connection() as conn:
            ended = self.entrance.book.end(conn, self.id, id_)
            if ended:
                record(conn, "session ended", self.known.session.name)
            return ended

    def end_others(self) -> None:
        """Sign out everywhere but here."""
        with self.entrance.pool.connection() as conn:
            self.entrance.book.end_all(conn, self.id, but=self.known.session.id)
            record(conn, "other sessions ended", self.known.session.name)

    def _renewed(self, conn: Connection) -> Opened:
        self.entrance.book.end_all(conn, self.id)
        return self.entrance.book.exchange(conn, self.known.session, self.where)

    def _checked(self, current: str) -> Credentials:
        self._attempt()
        with self.entrance.pool.connection() as conn:
            mine = Staff(conn).credentials("id", self.id)
        if mine is None or not self.entrance.passwords.fits(mine.password, current):
            raise Refused(WRONG["current"][0], WRONG)
        self.entrance.throttle.succeeded(f"own {self.id}", self.where.address)
        return mine

    def _attempt(self) -> None:
        if not self.entrance.throttle.attempt(f"own {self.id}", self.where.address):
            raise Refused("That was tried too often. Please wait ten minutes.")
