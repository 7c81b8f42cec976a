"""The table that says who may use which endpoint, and the question it answers. For web edges.

Each service has one table, in its `main/access.py`. An endpoint that no row names is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from fnmatch import fnmatchcase

from shared.actor import Actor
from shared.grants import ADMINISTRATOR, EVERYWHERE, Grants, roles_within

READS = frozenset({"GET", "HEAD", "OPTIONS"})


class Door(Enum):
    """How an endpoint is opened."""

    PUBLIC = auto()  # by anybody
    OWN = auto()  # by a proof that the view itself asks for, such as a team's link
    SEALED = auto()  # by a program that signs each request; the view checks the signature
    SIGNED_IN = auto()  # by every member of staff, for matters of his own
    CITY = auto()  # by a role in the city that the address names
    SOME_CITY = auto()  # by a role in any city; the view shows what belongs to `actor.cities`
    EVERY_CITY = auto()  # by a role in all cities


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `endpoint` may hold '*', and the first row that fits is taken.

    Who administers may do what any role may. A token needs `scope`, or else 'read' or 'write' by
    the method; where `people` is set no token will do.
    """

    endpoint: str
    door: Door
    roles: frozenset[str] = frozenset()
    scope: str = ""
    people: bool = False


Table = Sequence[Row]


def public(*endpoints: str) -> tuple[Row, ...]:
    """Rows for what anybody may use."""
    return tuple(Row(endpoint, Door.PUBLIC) for endpoint in endpoints)


def own(*endpoints: str) -> tuple[Row, ...]:
    """Rows for views that check a proof of their own and set `g.actor` themselves."""
    return tuple(Row(endpoint, Door.OWN) for endpoint in endpoints)


def sealed(*endpoints: str) -> tuple[Row, ...]:
    """Rows for what other parties' servers call; their views check who signed the request."""
    return tuple(Row(endpoint, Door.SEALED) for endpoint in endpoints)


def for_staff(
    door: Door, roles: str, *endpoints: str, scope: str = "", people: bool = False
) -> tuple[Row, ...]:
    """Rows that ask for one of `roles`, names with spaces between."""
    wanted = frozenset(roles.split())
    return tuple(Row(endpoint, door, wanted, scope, people) for endpoint in endpoints)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a person by a session or a pass, or a program by a token with its scopes."""

    id: str
    name: str
    grants: Grants
    scopes: frozenset[str] | None = None
    session: str = ""

    @property
    def is_program(self) -> bool:
        """Whether it came with a token."""
        return self.scopes is not None


@dataclass(frozen=True, slots=True)
class Denied:
    """Why it may not; `known` says whether another sign-in would be needed or none helps."""

    known: bool
    why: str


def row_for(table: Table, endpoint: str) -> Row | None:
    """The first row that fits the endpoint."""
    exact = (row for row in table if row.endpoint == endpoint)
    fitting = (row for row in table if fnmatchcase(endpoint, row.endpoint))
    return next(exact, None) or next(fitting, None)


def admit(
    row: Row | None, caller: Caller | None, method: str, address: Mapping[str, object]
) -> Actor | Denied:
    """The actor for a request to the row's endpoint, or why there is none."""
    if row is None:
        return Denied(True, "This is open to nobody.")
    if caller is None:
        return Denied(False, "Please sign in, or send a token.")
    if not _in_scope(row, caller, method):
        return Denied(True, "This token does not reach that far.")
    if row.door is Door.SIGNED_IN:
        cities = frozenset(grant.city for grant in caller.grants)
        roles = frozenset(grant.role for grant in caller.grants)
        return Actor(caller.id, caller.name, roles, cities, caller.grants)
    wanted = row.roles | {ADMINISTRATOR}
    opening = frozenset(g for g in caller.grants if g.role in wanted)
    if row.door is Door.CITY:
        city = str(address.get("city") or "")
        opening = frozenset(g for g in opening if city and g.city in (city, EVERYWHERE))
    elif row.door is Door.EVERY_CITY:
        opening = frozenset(g for g in opening if g.city == EVERYWHERE)
    if not opening:
        return Denied(True, "Your roles do not open this.")
    cities = frozenset(grant.city for grant in opening)
    roles = frozenset(grant.role for grant in opening)
    if row.door is Door.CITY:
        roles = roles_within(caller.grants, city)
    return Actor(caller.id, caller.name, roles, cities, caller.grants)


def _in_scope(row: Row, caller: Caller, method: str) -> bool:
    if caller.scopes is None:
        return True
    if row.people:
        return False
    needed = row.scope or ("read" if method in READS else "write")
    return needed in caller.scopes
