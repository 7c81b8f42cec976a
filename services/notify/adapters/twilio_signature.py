"""Signs requests as Twilio does, to check theirs. The webhooks use it."""

import hmac
from base64 import b64encode
from collections.abc import Iterable


def twilio_signature(token: str, url: str, fields: Iterable[tuple[str, str]]) -> str:
    """What `X-Twilio-Signature` has to be: the address as it was called, then each field once."""
    said = url + "".join(name + value for name, value in sorted(set(fields)))
    return b64encode(hmac.digest(token.encode(), said.encode(), "sha1")).decode()


def is_from_twilio(
    signature: str, tokens: Iterable[str], url: str, fields: Iterable[tuple[str, str]]
) -> bool:
    """Whether one of `tokens` signed it; several are known while a token is being changed."""
    given, known = signature.encode(), list(fields)
    wanted = [twilio_signature(token, url, known).encode() for token in tokens if token]
    return any(hmac.compare_digest(given, one) for one in wanted)
