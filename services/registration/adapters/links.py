"""Private links: a party's id, signed, so that nobody can guess one. Edges and handlers use it."""

import base64
import binascii
import hmac
import uuid
from dataclasses import dataclass
from functools import lru_cache

from itsdangerous import BadSignature, Signer
from itsdangerous.signer import SigningAlgorithm

_SALT = "porchlight-private-link"
_ID_BYTES = 16


class BadLink(ValueError):
    """A token that this installation did not make."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a token says: the party, and the version of its links that it was made for."""

    party_id: str
    version: int


class _OneShot(SigningAlgorithm):
    """itsdangerous' usual HMAC-SHA1, in one call of OpenSSL instead of a dozen of Python's."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hmac.digest(key, value, "sha1")


class Links:
    """Makes and opens the tokens of private links; `base` is the service's public address."""

    def __init__(self, secret: str, base: str) -> None:
        key = Signer(secret, salt=_SALT).derive_key()
        self._signer = Signer(key, key_derivation="none", algorithm=_OneShot())
        self._base = base.rstrip("/")
        self.token = lru_cache(maxsize=256)(self._token)  # one request asks three times

    def _token(self, party_id: str, version: int = 0) -> str:
        """The token that opens the party while its links have this version."""
        said = uuid.UUID(party_id).bytes + (version.to_bytes(2, "big") if version else b"")
        return self._signer.sign(base64.urlsafe_b64encode(said).rstrip(b"=")).decode()

    def status_url(self, city: str, party_id: str, version: int = 0) -> str:
        """The whole address of the party's private page; never log it."""
        return f"{self._base}/{city}/party/{self.token(party_id, version)}"

    def open(self, token: str) -> Opened:
        """What the token says; raises `BadLink`."""
        try:
            short = self._signer.unsign(token.encode())
            said = base64.urlsafe_b64decode(short + b"==")
            party_id = str(uuid.UUID(bytes=said[:_ID_BYTES]))
            return Opened(party_id, int.from_bytes(said[_ID_BYTES:], "big"))
        except (BadSignature, binascii.Error, ValueError) as error:
            raise BadLink("not a private link of ours") from error
