"""Members of staff, their roles, invitations and second factors on PostgreSQL. The desk uses it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import class_row

from services.dispatch.domain.staff import ACTIVE, Person
from shared.db import Connection
from shared.grants import Grant, Grants

LOCAL, PROVIDER = "staff", "provider"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a sign-in is checked against."""

    id: str
    name: str
    email: str
    state: str
    password: str
    totp: str


class Staff:
    """The tables within one transaction."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(self, id_: str, email: str, name: str, state: str, now: datetime) -> None:
        """Add a person; raises `psycopg.errors.UniqueViolation` for an address that is taken."""
        self._conn.execute(
            "insert into staff (id, email, name, state, made_at) values (%s, %s, %s, %s, %s)",
            (id_, email, name, state, now),
        )

    def person(self, id_: str) -> Person | None:
        """One person."""
        found = self._people("where id = %(key)s", id_)
        return found[0] if found else None

    def by_email(self, email: str) -> Person | None:
        """The person with this address."""
        found = self._people("where email = %(key)s and email <> ''", email)
        return found[0] if found else None

    def by_subject(self, subject: str) -> Person | None:
        """The person whom the provider knows by this name."""
        found = self._people("where subject = %(key)s and subject <> ''", subject)
        return found[0] if found else None

    def all(self) -> list[Person]:
        """Everybody, by name."""
        return self._people("where true or id = %(key)s", "")

    def is_empty(self) -> bool:
        """Whether nobody can sign in yet."""
        query = "select not exists (select from staff where state = %s)"
        row: Any = self._conn.execute(query, (ACTIVE,)).fetchone()
        return bool(row[0])

    def credentials(self, column: str, value: str) -> Credentials | None:
        """What the sign-in of the person with this 'email' or 'id' is checked against."""
        with self._conn.cursor(row_factory=class_row(Credentials)) as cursor:
            where = "email" if column == "email" else "id"
            return cursor.execute(
                f"select id, name, email, state, password, totp from staff"
                f" where {where} = %s and {where} <> ''",
                (value,),
            ).fetchone()

    def set_password(self, id_: str, hashed: str) -> None:
        """Keep a new password's hash."""
        self._conn.execute("update staff set password = %s where id = %s", (hashed, id_))

    def set_state(self, id_: str, state: str) -> None:
        """Make active or disabled."""
        self._conn.execute("update staff set state = %s where id = %s", (state, id_))

    def introduce(self, id_: str, email: str, name: str) -> None:
        """Keep what the person calls himself; an address known already stays."""
        self._conn.execute(
            "update staff set name = %s, email = case when email = '' then %s else email end"
            " where id = %s",
            (name, email, id_),
        )

    def set_subject(self, id_: str, subject: str) -> None:
        """Tie to the provider's name."""
        self._conn.execute("update staff set subject = %s where id = %s", (subject, id_))

    def signed_in(self, id_: str, now: datetime) -> None:
        """Remember the last sign-in."""
        self._conn.execute("update staff set signed_in_at = %s where id = %s", (now, id_))

    # --- roles ---

    def grants(self, id_: str) -> Grants:
        """Every role of the person."""
        rows = self._conn.execute("select city, role from staff_roles where staff_id = %s", (id_,))
        return frozenset(Grant(str(city), str(role)) for city, role in rows)

    def all_grants(self) -> dict[str, Grants]:
        """Everybody's roles."""
        found: dict[str, set[Grant]] = {}
        for id_, city, role in self._conn.execute("select staff_id, city, role from staff_roles"):
            found.setdefault(str(id_), set()).add(Grant(str(city), str(role)))
        return {id_: frozenset(grants) for id_, grants in found.items()}

    def set_grants(self, id_: str, grants: Iterable[Grant], source: str = LOCAL) -> bool:
        """Replace the roles that come from `source`; whether the person's roles changed."""
        before = self.grants(id_)
        self._conn.execute(
            "delete from staff_roles where staff_id = %s and source = %s", (id_, source)
        )
        with self._conn.cursor() as cursor:
            cursor.executemany(
                "insert into staff_roles (staff_id, city, role, source) values (%s, %s, %s, %s)",
                [(id_, grant.city, grant.role, source) for grant in set(grants)],
            )
        return self.grants(id_) != before

    # --- invitations ---

    def invite(self, id_: str, hashed: str, now: datetime, ends_at: datetime) -> None:
        """Keep one invitation for the person; an older one is no longer good."""
        self._conn.execute("delete from staff_invitations where staff_id = %s", (id_,))
        self._conn.execute(
            "insert into staff_invitations (hash, staff_id, made_at, ends_at)"
            " values (%s, %s, %s, %s)",
            (hashed, id_, now, ends_at),
        )

    def invited(self, hashed: str, now: datetime) -> str | None:
        """Whose invitation it is, while it is good. Locks it for the transaction."""
        row: Any = self._conn.execute(
            "select i.staff_id from staff_invitations i join staff s on s.id = i.staff_id"
            " where i.hash = %s and i.ends_at > %s and s.state <> 'disabled' for update of i",
            (hashed, now),
        ).fetchone()
        return str(row[0]) if row else None

    def forget_invitations(self, id_: str) -> None:
        """No link of this person is good any more."""
        self._conn.execute("delete from staff_invitations where staff_id = %s", (id_,))

    def forget_strangers(self) -> None:
        """Remove those who were invited without an address and never came."""
        self._conn.execute("delete from staff where state = 'invited' and email = ''")

    # --- the second factor ---

    def set_totp(self, id_: str, sealed: str, step: int, hashes: Collection[str]) -> None:
        """Switch it on with its recovery codes, or off where `sealed` is empty."""
        self._conn.execute(
            "update staff set totp = %s, totp_step = %s where id = %s", (sealed, step, id_)
        )
        self.set_recovery(id_, hashes)

    def set_recovery(self, id_: str, hashes: Collection[str]) -> None:
        """Replace the recovery codes."""
        self._conn.execute("delete from staff_recovery_codes where staff_id = %s", (id_,))
        with self._conn.cursor() as cursor:
            cursor.executemany(
                "insert into staff_recovery_codes (staff_id, hash) values (%s, %s)",
                [(id_, hashed) for hashed in hashes],
            )

    def use_step(self, id_: str, step: int) -> bool:
        """Take a code's time step; false where it, or a later one, was used before."""
        done = self._conn.execute(
            "update staff set totp_step = %s where id = %s and totp_step < %s", (step, id_, step)
        )
        return done.rowcount == 1

    def use_recovery(self, id_: str, hashed: str) -> bool:
        """Take a recovery code; false where there is no such one left."""
        done = self._conn.execute(
            "delete from staff_recovery_codes where staff_id = %s and hash = %s", (id_, hashed)
        )
        return done.rowcount == 1

    def recovery_left(self, id_: str) -> int:
        """How many recovery codes are left."""
        query = "select count(*) from staff_recovery_codes where staff_id = %s"
        row: Any = self._conn.execute(query, (id_,)).fetchone()
        return int(row[0])

    def _people(self, where: str, key: str) -> list[Person]:
        query = f"{_PERSON} {where} order by lower(name), email, id"
        with self._conn.cursor(row_factory=class_row(Person)) as cursor:
            return cursor.execute(query.encode(), {"key": key}).fetchall()


_PERSON = """
select id, email, name, state, password <> '' as has_password, totp <> '' as has_totp,
    subject <> '' as by_provider, made_at, signed_in_at
from staff
"""
