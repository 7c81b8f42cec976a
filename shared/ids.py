"""Identifiers: UUIDv7 for machines, short codes for people. Anybody may import it."""

import hmac
import secrets
from hashlib import sha256

from uuid_utils import uuid7

_CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_id() -> str:
    """A new UUIDv7 as text; ids made later sort later."""
    return str(uuid7())


def short_code(length: int = 6) -> str:
    """A random code without look-alike characters, to be read out over a telephone."""
    return "".join(_CODE_ALPHABET[byte & 31] for byte in secrets.token_bytes(length))


def number_id(secret: str, city: str, phone: str) -> str:
    """The id of a telephone number in a city, the same in every service that has the secret.

    Without it nobody learns the number from the id, so that facts and copies hold no number.
    """
    key = f"porchlight number ids/{secret}".encode()
    return hmac.new(key, f"{city}/{phone}".encode(), sha256).hexdigest()[:32]
