"""Who acts in the present request. Web edges set it once the sign-in is checked, views read it."""

from dataclasses import dataclass

from flask import g


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, a token or a team; `cities` holds '*' where every city is open to it."""

    id: str
    name: str
    roles: frozenset[str] = frozenset()
    cities: frozenset[str] = frozenset()


NOBODY = Actor("", "nobody signed in")


def current_actor() -> Actor:
    """The actor of the present request, `NOBODY` where nobody signed in."""
    actor: Actor = g.get("actor", NOBODY)
    return actor
