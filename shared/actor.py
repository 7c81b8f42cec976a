"""Who acts in the present request. Web edges set it once the sign-in is checked, views read it."""

from dataclasses import dataclass

from flask import g

from shared.grants import ADMINISTRATOR, EVERYWHERE, Grants, roles_within


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, a token or a team; `cities` holds '*' where every city is open to it.

    `roles` and `cities` are those that opened the present endpoint; `grants` is all there is.
    """

    id: str
    name: str
    roles: frozenset[str] = frozenset()
    cities: frozenset[str] = frozenset()
    grants: Grants = frozenset()

    def has(self, city: str, *roles: str) -> bool:
        """Whether it holds one of `roles`, or administers, in `city`."""
        return bool(roles_within(self.grants, city) & {*roles, ADMINISTRATOR})

    def reaches(self, city: str) -> bool:
        """Whether the city is among those for which the present endpoint was opened."""
        return EVERYWHERE in self.cities or city in self.cities


NOBODY = Actor("", "nobody signed in")


def current_actor() -> Actor:
    """The actor of the present request, `NOBODY` where nobody signed in."""
    actor: Actor = g.get("actor", NOBODY)
    return actor
