"""Invites people, gives roles, ends access. The pages for administrators and `staff` use it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from services.dispatch.adapters.factors import fingerprint, new_secret
from services.dispatch.adapters.postgres_staff import PROVIDER, Credentials, Staff
from services.dispatch.desk.entering import NotLetIn
from services.dispatch.desk.sessions import SessionBook
from services.dispatch.domain.staff import ACTIVE, DISABLED, INVITED, LONGEST_NAME, Person
from services.dispatch.domain.staff import tidy_email as tidy
from shared.audit import record
from shared.clock import Clock
from shared.db import Connection, Pool
from shared.failures import Refused
from shared.grants import ADMINISTRATOR, EVERYWHERE, ROLES, Grant, Grants, administers
from shared.ids import new_id

INVITATION_LASTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Listed:
    """A person with the roles held."""

    person: Person
    grants: Grants


def may_manage(mine: Grants, theirs: Grants) -> bool:
    """Whether whoever holds `mine` administers every city in which the other holds a role."""
    if not theirs:
        return administers(mine, EVERYWHERE)
    return all(administers(mine, grant.city) for grant in theirs)


@dataclass(frozen=True, slots=True)
class People:
    """The staff; `mine` are always the roles of who asks."""

    pool: Pool
    clock: Clock
    book: SessionBook

    def listed(self, mine: Grants) -> list[Listed]:
        """Everybody in whose city the asker administers, whatever else he is elsewhere."""
        with self.pool.connection() as conn:
            grants = Staff(conn).all_grants()
            everybody = [Listed(p, grants.get(p.id, frozenset())) for p in Staff(conn).all()]
        if administers(mine, EVERYWHERE):
            return everybody
        return [e for e in everybody if any(administers(mine, g.city) for g in e.grants)]

    def one(self, id_: str, mine: Grants) -> Listed | None:
        """A person whom the asker may manage."""
        with self.pool.connection() as conn:
            return _managed(conn, id_, mine)

    def invite(self, email: str, name: str, grants: Iterable[Grant], mine: Grants) -> str:
        """The secret of the link for a new person; raises `Refused`."""
        wanted = checked(grants, mine)
        address = tidy(email)
        if not wanted:
            raise Refused("Please choose a role.", {"role": ["Please choose a role."]})
        if "@" not in address or any(c.isspace() for c in address):
            raise Refused("Please check.", {"email": ["Please give an e-mail address."]})
        with self.pool.connection() as conn:
            if Staff(conn).by_email(address):
                there = "There is an account with this address already."
                raise Refused(there, {"email": [there]})
            return self._invite(conn, address, " ".join(name.split())[:LONGEST_NAME], wanted)

    def invite_first(self) -> str:
        """The secret of the link for the first administrator; '' where somebody is there."""
        with self.pool.connection() as conn:
            staff = Staff(conn)
            if not staff.is_empty():
                return ""
            # Links that were printed before and never used are no longer good.
            staff.forget_strangers()
            return self._invite(conn, "", "", frozenset({Grant(EVERYWHERE, ADMINISTRATOR)}))

    def invite_again(self, id_: str, mine: Grants) -> str:
        """The secret of a new link, for a lost one or a forgotten password."""
        with self.pool.connection() as conn:
            found = self._found(conn, id_, mine)
            if found.person.state == DISABLED:
                raise Refused("This account is disabled.")
            secret = self._link(conn, id_)
            record(conn, "invited again", found.person.shown, city=_place(found.grants))
            return secret

    def give(self, id_: str, grants: Iterable[Grant], mine: Grants, me: str) -> None:
        """Replace the roles; the person's sessions end, for they were opened with others."""
        wanted = checked(grants, mine)
        with self.pool.connection() as conn:
            found = self._found(conn, id_, mine)
            if id_ == me and not _keeps(found.grants, wanted):
                raise Refused("You cannot take the role of administrator from yourself.")
            if Staff(conn).set_grants(id_, wanted):
                words = f"{found.person.shown}: {in_words(found.grants)} → {in_words(wanted)}"
                record(conn, "roles changed", words, city=_place(found.grants | wanted))
                self.book.end_all(conn, id_)

    def disable(self, id_: str, mine: Grants, me: str) -> None:
        """The person can no longer sign in, and is signed out everywhere."""
        if id_ == me:
            raise Refused("You cannot disable your own account.")
        with self.pool.connection() as conn:
            found = self._found(conn, id_, mine)
            Staff(conn).set_state(id_, DISABLED)
            Staff(conn).forget_invitations(id_)
            self.book.end_all(conn, id_)
            record(conn, "account disabled", found.person.shown, city=_place(found.grants))

    def enable(self, id_: str, mine: Grants) -> None:
        """The person can sign in again."""
        with self.pool.connection() as conn:
            found = self._found(conn, id_, mine)
            able = found.person.has_password or found.person.by_provider
            Staff(conn).set_state(id_, ACTIVE if able else INVITED)
            record(conn, "account enabled", found.person.shown, city=_place(found.grants))

    def drop_second_factor(self, id_: str, mine: Grants) -> None:
        """For whoever lost telephone and recovery codes."""
        with self.pool.connection() as conn:
            found = self._found(conn, id_, mine)
            Staff(conn).set_totp(id_, "", 0, ())
            self.book.end_all(conn, id_)
            record(conn, "second factor removed", found.person.shown, city=_place(found.grants))

    def sign_out(self, id_: str, mine: Grants) -> int:
        """End all of the person's sessions; how many there were."""
        with self.pool.connection() as conn:
            found = self._found(conn, id_, mine)
            ended = self.book.end_all(conn, id_)
            record(conn, "signed out by another", found.person.shown, city=_place(found.grants))
            return ended

    def vouched_for(self, subject: str, email: str, name: str, grants: Grants) -> Credentials:
        """The account of whom the provider vouches, made where there is none; raises `NotLetIn`.

        An account is found by the provider's own name for the person, or else by a checked address.
        """
        with self.pool.connection() as conn:
            staff = Staff(conn)
            found = staff.by_subject(subject)
            namesake = None if found else staff.by_email(tidy(email))
            if namesake and not namesake.by_provider:
                found = namesake
            if found is None and namesake is None and grants:
                id_ = new_id()
                staff.add(id_, tidy(email), name, ACTIVE, self.clock.now())
                record(conn, "account made by the provider", name, actor_id=id_, actor=name)
                found = staff.person(id_)
            if found is None or found.state == DISABLED:
                record(conn, "sign-in by the provider refused", name, actor_id="", actor="")
                refusal = "You are known to the provider, but have no role in Porchlight."
            else:
                refusal = self._tie(conn, found, subject, name, grants)
            known = staff.credentials("id", found.id) if found else None
        if refusal or known is None:
            raise NotLetIn(refusal)
        return known

    def _tie(self, conn: Connection, found: Person, subject: str, name: str, grants: Grants) -> str:
        """Keep what the provider says now; a sentence where that leaves no role."""
        staff = Staff(conn)
        staff.set_subject(found.id, subject)
        if found.state == INVITED:
            staff.introduce(found.id, found.email, found.name or name)
            staff.set_state(found.id, ACTIVE)
            staff.forget_invitations(found.id)
        if staff.set_grants(found.id, grants, PROVIDER):
            words = f"{found.shown}: {in_words(staff.grants(found.id))}"
            record(conn, "roles changed by the provider", words, actor_id=found.id, actor=name)
            self.book.end_all(conn, found.id)
        return "" if staff.grants(found.id) else "You have no role in Porchlight any more."

    def _invite(self, conn: Connection, email: str, name: str, grants: Grants) -> str:
        id_ = new_id()
        Staff(conn).add(id_, email, name, INVITED, self.clock.now())
        Staff(conn).set_grants(id_, grants)
        whom = email or "the first administrator"
        record(conn, "invited", f"{whom}: {in_words(grants)}", city=_place(grants))
        return self._link(conn, id_)

    def _link(self, conn: Connection, id_: str) -> str:
        secret, now = new_secret(), self.clock.now()
        Staff(conn).invite(id_, fingerprint(secret), now, now + INVITATION_LASTS)
        return secret

    def _found(self, conn: Connection, id_: str, mine: Grants) -> Listed:
        found = _managed(conn, id_, mine)
        if found is None:
            raise Refused("There is no such account among those that you manage.")
        return found


def checked(grants: Iterable[Grant], mine: Grants) -> Grants:
    """The roles, if they exist and may be given by who holds `mine`; raises `Refused`."""
    wanted = frozenset(grants)
    for grant in wanted:
        if grant.role not in ROLES or not grant.city:
            raise Refused("There is no such role.", {"role": ["There is no such role."]})
        if not administers(mine, grant.city):
            raise Refused("Roles can be given only in cities of which you are an administrator.")
    return wanted


def in_words(grants: Grants) -> str:
    """Roles in one line."""
    places = (f"{g.role} in {'every city' if g.city == EVERYWHERE else g.city}" for g in grants)
    return ", ".join(sorted(places)) or "no role"


def _managed(conn: Connection, id_: str, mine: Grants) -> Listed | None:
    person = Staff(conn).person(id_)
    if person is None:
        return None
    grants = Staff(conn).grants(id_)
    return Listed(person, grants) if may_manage(mine, grants) else None


def _keeps(before: Grants, after: Grants) -> bool:
    kept = {g for g in before if g.role == ADMINISTRATOR}
    return kept <= after


def _place(grants: Grants) -> str:
    """The city to which an entry belongs: the only one, or none."""
    cities = {grant.city for grant in grants}
    return cities.pop() if len(cities) == 1 and EVERYWHERE not in cities else ""
