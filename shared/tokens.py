"""Signed tokens, with a role, a city and an end. Web edges verify, the command line issues."""

import time
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer

from shared.failures import Permanent
from shared.grants import ROLES, Grant, Grants

SCOPES = ("read", "write", "positions")
_SALT = "porchlight-api-token"


class TokenRefused(Permanent):
    """The token is not ours, was changed, or has ended."""


@dataclass(frozen=True, slots=True)
class Token:
    """What a verified token allows: `role` within `city` ('*' for every city)."""

    role: str
    city: str

    @property
    def grants(self) -> Grants:
        """The same as grants."""
        return frozenset({Grant(self.city, self.role)})

    def allows(self, city: str, *roles: str) -> bool:
        """Whether it opens something in `city` that is meant for one of `roles`."""
        return self.city in (city, "*") and self.role in (*roles, "administrator")


def issue(secret: str, role: str, city: str, days: int) -> str:
    """A token that ends `days` from now; raises `ValueError` for an unknown role."""
    if role not in ROLES:
        raise ValueError(f"There is no role {role!r}; choose one of: {', '.join(ROLES)}.")
    end = int(time.time()) + days * 86_400
    return str(URLSafeSerializer(secret, _SALT).dumps({"r": role, "c": city, "x": end}))


def verify(secret: str, text: str) -> Token:
    """What the token allows; raises `TokenRefused`."""
    try:
        found = URLSafeSerializer(secret, _SALT).loads(text)
        role, city, end = str(found["r"]), str(found["c"]), int(found["x"])
    except (BadData, KeyError, TypeError, ValueError) as error:
        raise TokenRefused("This token is not valid.") from error
    if end < time.time():
        raise TokenRefused("This token has ended; ask for a new one.")
    return Token(role, city)
