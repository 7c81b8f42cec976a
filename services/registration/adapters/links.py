"""Private links: a party's id, signed, so that nobody can guess one. Edges and handlers use it."""

import base64
import binascii
import hmac
import uuid
from dataclasses import dataclass
from functools import lru_cache

from itsdangerous import BadSignature, Signer
from itsdangerous.signer import SigningAlgorithm

from services.registration.domain.party import Party

_SALT = "porchlight-private-link"
_ID_BYTES = 16
_MARKED = _ID_BYTES + 2


class BadLink(ValueError):
    """A token that this installation did not make."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a token says: the party, the version of its links that it was made for, and the mark of
    the contacts that it was written to, if it was written to any.
    """

    party_id: str
    version: int
    mark: bytes = b""


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

    def _token(self, party_id: str, version: int = 0, mark: bytes = b"") -> str:
        """The token that opens the party while its links have this version."""
        numbered = version.to_bytes(2, "big") if version or mark else b""
        said = uuid.UUID(party_id).bytes + numbered + mark
        return self._signer.sign(base64.urlsafe_b64encode(said).rstrip(b"=")).decode()

    def status_url(self, city: str, party_id: str, version: int = 0) -> str:
        """The whole address of the party's private page; never log it."""
        return f"{self._base}/{city}/party/{self.token(party_id, version)}"

    def written_url(self, party: Party) -> str:
        """The address as it is written to the host: opening it shows that the message arrived."""
        token = self.token(party.id, party.link_version, party.details.host.mark)
        return f"{self._base}/{party.city}/party/{token}"

    def open(self, token: str) -> Opened:
        """What the token says; raises `BadLink`."""
        try:
            short = self._signer.unsign(token.encode())
            said = base64.urlsafe_b64decode(short + b"==")
            party_id = str(uuid.UUID(bytes=said[:_ID_BYTES]))
            numbered, mark = said[_ID_BYTES:_MARKED], said[_MARKED:]
            return Opened(party_id, int.from_bytes(numbered, "big"), mark)
        except (BadSignature, binascii.Error, ValueError) as error:
            raise BadLink("not a private link of ours") from error
