"""Tokens of team links and secrets of phones: signed, kept only as hashes. Edges use it."""

import base64
import binascii
import hashlib
import secrets
import uuid

from itsdangerous import BadSignature, Signer

_SALT = "porchlight-team-link"


class TeamTokens:
    """A link's token is its id and a signature, so a lost sheet can be printed again.

    The database alone opens nothing: it has neither the key nor the tokens.
    """

    def __init__(self, secret: str, base: str) -> None:
        self._signer = Signer(secret, salt=_SALT)
        self._base = base.rstrip("/")

    def token(self, link: str) -> str:
        """The token of the link with this id."""
        short = base64.urlsafe_b64encode(uuid.UUID(link).bytes).rstrip(b"=")
        return self._signer.sign(short).decode()

    def url(self, link: str) -> str:
        """The whole address; never log it."""
        return f"{self._base}/t/{self.token(link)}"

    def token_hash(self, link: str) -> bytes:
        """The hash under which the link's token is kept."""
        return hashed(self.token(link))

    def genuine(self, token: str) -> bool:
        """Whether we made it; saves asking the database about every guess."""
        try:
            uuid.UUID(bytes=base64.urlsafe_b64decode(self._signer.unsign(token.encode()) + b"=="))
        except (BadSignature, binascii.Error, ValueError):
            return False
        return True


def new_secret() -> str:
    """A secret for one phone's cookie."""
    return secrets.token_urlsafe(24)


def hashed(secret: str) -> bytes:
    """How a token or secret is kept."""
    return hashlib.sha256(secret.encode()).digest()
