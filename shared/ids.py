"""Identifiers: UUIDv7 for machines, short codes for people. Anybody may import it."""

import secrets

from uuid_utils import uuid7

_CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_id() -> str:
    """A new UUIDv7 as text; ids made later sort later."""
    return str(uuid7())


def short_code(length: int = 6) -> str:
    """A random code without look-alike characters, to be read out over a telephone."""
    return "".join(_CODE_ALPHABET[byte & 31] for byte in secrets.token_bytes(length))
