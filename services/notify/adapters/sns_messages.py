"""Reads what AWS SNS posts, and checks that AWS signed it. The webhook uses it.

The libraries that do this were last kept in 2022 or are written for other frameworks; what is
checked here is what AWS describes: certificate from AWS's own host, known topic, signature.
"""

import re
from base64 import b64decode
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import httpx
import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509 import load_pem_x509_certificate

_HOST: Final = re.compile(r"sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")
_SIGNED: Final = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        *("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    ),
}
_HASHES: Final = {"1": SHA1, "2": SHA256}
Fetch = Callable[[str], bytes]


class NotSigned(Exception):
    """It does not come from AWS, or from no topic of ours."""


@dataclass(frozen=True, slots=True)
class SnsMessage:
    """A signed message of one of our topics; `subscribe_url` only where it asks to be confirmed."""

    kind: str
    topic: str
    words: str
    subscribe_url: str = ""


def fetch(url: str) -> bytes:
    """What AWS serves at the address."""
    return httpx.get(url, timeout=5.0, follow_redirects=False).raise_for_status().content


class SnsReader:
    """Reads messages of `topics`; certificates are fetched once each."""

    def __init__(self, topics: Collection[str], get: Fetch = fetch) -> None:
        self._topics = frozenset(topics)
        self._get = get
        self._keys: dict[str, RSAPublicKey] = {}

    def read(self, body: bytes) -> SnsMessage:
        """The message in `body`; raises `NotSigned`."""
        try:
            fields = orjson.loads(body)
        except ValueError as error:
            raise NotSigned("This is no message of SNS.") from error
        known = isinstance(fields, dict) and isinstance(fields.get("Type"), str)
        if not known or not all(isinstance(v, str) for v in _needed(fields)):
            raise NotSigned("This is no message of SNS.")
        if fields["TopicArn"] not in self._topics:
            raise NotSigned("This topic is none of ours.")
        self._check(fields)
        url = str(fields.get("SubscribeURL") or "")
        return SnsMessage(fields["Type"], fields["TopicArn"], fields["Message"], url)

    def confirm(self, message: SnsMessage) -> None:
        """Say to AWS that we want what the topic tells."""
        if not _is_aws(message.subscribe_url):
            raise NotSigned("This address is none of AWS's.")
        self._get(message.subscribe_url)

    def _check(self, fields: Mapping[str, str]) -> None:
        version = _HASHES.get(fields["SignatureVersion"])
        if version is None or not _is_aws(fields["SigningCertURL"], ".pem"):
            raise NotSigned("This signature cannot be checked.")
        try:
            signature = b64decode(fields["Signature"], validate=True)
            key = self._key(fields["SigningCertURL"])
            key.verify(signature, canonical(fields), PKCS1v15(), version())
        except (InvalidSignature, ValueError, httpx.HTTPError) as error:
            raise NotSigned("This signature is wrong.") from error

    def _key(self, url: str) -> RSAPublicKey:
        if url not in self._keys:
            key = load_pem_x509_certificate(self._get(url)).public_key()
            if not isinstance(key, RSAPublicKey) or len(self._keys) >= 20:
                raise NotSigned("This signature cannot be checked.")
            self._keys[url] = key
        return self._keys[url]


def canonical(fields: Mapping[str, str]) -> bytes:
    """What AWS signs: some fields in order of their names, each name and value on its line."""
    names = (name for name in _SIGNED[fields["Type"]] if fields.get(name) is not None)
    return "".join(f"{name}\n{fields[name]}\n" for name in names).encode()


def _needed(fields: Mapping[str, object]) -> list[object]:
    names = _SIGNED.get(str(fields["Type"]))
    if names is None:
        return [None]
    always = [name for name in names if name != "Subject" or fields.get("Subject") is not None]
    return [fields.get(n) for n in (*always, "Signature", "SignatureVersion", "SigningCertURL")]


def _is_aws(url: str, ending: str = "") -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    own = parts.scheme == "https" and port in (None, 443) and not parts.username
    return own and bool(_HOST.fullmatch(parts.hostname or "")) and parts.path.endswith(ending)
