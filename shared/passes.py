"""Passes: what a person may do, signed by dispatch for one other service and one browser.

A pass lives for five minutes; whoever was signed out meanwhile gets no new one. It is bound to a
key that the other service gave to the browser: a pass that was read elsewhere opens nothing.
"""

import hashlib
from collections.abc import Mapping
from urllib.parse import urlencode

from itsdangerous import BadData, URLSafeTimedSerializer

from shared.access import Caller
from shared.actor import Actor
from shared.failures import Permanent
from shared.grants import Grant

LIFE = 300
_SALT = "porchlight-pass"


class PassRefused(Permanent):
    """The pass is not ours, is too old, or was made for another service or browser."""


def issue(secret: str, actor: Actor, service: str, lock: str) -> str:
    """The actor's pass for `service`, for the browser whose key has this lock."""
    grants = [(grant.city, grant.role) for grant in sorted(actor.grants)]
    body = {"i": actor.id, "n": actor.name, "g": grants, "s": service, "l": lock}
    return str(URLSafeTimedSerializer(secret, _SALT).dumps(body))


def verify(secret: str, text: str, service: str, key: str) -> Caller:
    """Who holds the pass; raises `PassRefused`."""
    try:
        found = URLSafeTimedSerializer(secret, _SALT).loads(text, max_age=LIFE)
        if (found["s"], found["l"]) != (service, lock_of(key)):
            raise PassRefused("This pass was made for somebody else.")
        grants = frozenset(Grant(str(city), str(role)) for city, role in found["g"])
        return Caller(str(found["i"]), str(found["n"]), grants)
    except (BadData, KeyError, TypeError, ValueError) as error:
        raise PassRefused("This pass is not valid.") from error


def lock_of(key: str) -> str:
    """What may be known of a browser's key."""
    return hashlib.sha256(key.encode()).hexdigest()


def cookie_of(service: str) -> str:
    """The cookie in which a browser keeps its pass for the service."""
    return f"porchlight_{service}_pass"


def entrance(address: str, text: str, asked: Mapping[str, str]) -> str:
    """Where the service at `address` takes the pass, with what it asked to be told again."""
    kept = {name: asked[name] for name in ("back", "again") if name in asked}
    return f"{address.rstrip('/')}/enter?{urlencode({'pass': text, **kept})}"
