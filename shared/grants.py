"""Roles and where they are held. Anybody may import it."""

from collections.abc import Iterable
from dataclasses import dataclass

ROLES = ("administrator", "planner", "dispatcher", "notifier", "auditor", "team")
ADMINISTRATOR = "administrator"
EVERYWHERE = "*"


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """A role in a city, or in every city ('*')."""

    city: str
    role: str


Grants = frozenset[Grant]


def roles_within(grants: Iterable[Grant], city: str) -> frozenset[str]:
    """The roles held in `city`, those held everywhere included."""
    return frozenset(grant.role for grant in grants if grant.city in (city, EVERYWHERE))


def administers(grants: Iterable[Grant], city: str) -> bool:
    """Whether they make an administrator of `city`; '*' asks for all cities."""
    return ADMINISTRATOR in roles_within(grants, city)


def read_roles(text: str) -> dict[str, Grants]:
    """`group=role@city`, several with spaces between; raises `ValueError` for anything else."""
    found: dict[str, set[Grant]] = {}
    for word in text.split():
        group, equals, right = word.partition("=")
        role, at, city = right.partition("@")
        if not (group and equals and role and at and city):
            raise ValueError(word)
        found.setdefault(group, set()).add(Grant(city, role))
    return {group: frozenset(grants) for group, grants in found.items()}
