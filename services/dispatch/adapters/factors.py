"""Passwords by argon2, one-time codes by TOTP, secrets as hashes. The desk uses it."""

import base64
import hashlib
import hmac
import io
import secrets
import threading
import time

import pyotp
import segno
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.fernet import Fernet, InvalidToken

from shared.ids import short_code

AT_ONCE = 2
STEP = 30
CODES = 10


def new_secret() -> str:
    """A secret for a link, a cookie or a token: 256 random bits."""
    return secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """What is kept of such a secret. It is random, so a fast hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Passwords:
    """argon2id with the parameters of RFC 9106 for little memory.

    Each takes 64 MB for a moment, so only a few are worked on at once.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._nobody = ""

    def hash(self, password: str) -> str:
        """The hash to keep."""
        with self._turns:
            return self._hasher.hash(password)

    def fits(self, kept: str, password: str) -> bool:
        """Whether it is the password; takes as long where none is kept."""
        if not self._nobody:
            self._nobody = self.hash(new_secret())
        with self._turns:
            try:
                return self._hasher.verify(kept or self._nobody, password) and bool(kept)
            except (VerificationError, InvalidHashError):
                return False

    def is_outdated(self, kept: str) -> bool:
        """Whether it was made with weaker parameters than are used now."""
        return self._hasher.check_needs_rehash(kept)


class Codes:
    """One-time codes; their secrets are sealed with the installation's key."""

    def __init__(self, secret: str) -> None:
        key = hashlib.blake2b(secret.encode(), digest_size=32, person=b"porchlight-totp").digest()
        self._key = key
        self._seal = Fernet(base64.urlsafe_b64encode(key))

    def new(self) -> str:
        """A new sealed secret."""
        return self._seal.encrypt(pyotp.random_base32().encode()).decode()

    def words(self, sealed: str) -> str:
        """The secret in groups of four, to be typed into an app."""
        plain = self._open(sealed)
        return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))

    def picture(self, sealed: str, account: str) -> str:
        """The secret as a QR code: the SVG in a data address."""
        address = pyotp.TOTP(self._open(sealed)).provisioning_uri(
            name=account, issuer_name="Porchlight"
        )
        out = io.BytesIO()
        segno.make(address, error="m").save(out, kind="svg", scale=5, border=3, light="#fff")
        return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()

    def step_of(self, sealed: str, code: str) -> int | None:
        """The time step whose code it is, of the present and its neighbours; None where wrong."""
        text = code.replace(" ", "")
        if not (text.isascii() and text.isdigit() and len(text) == 6):
            return None
        totp = pyotp.TOTP(self._open(sealed))
        now = int(time.time()) // STEP
        steps = (now, now - 1, now + 1)
        return next((s for s in steps if hmac.compare_digest(totp.at(s * STEP), text)), None)

    def recovery_codes(self) -> list[str]:
        """New codes to keep on paper."""
        return [f"{short_code(5)}-{short_code(5)}" for _ in range(CODES)]

    def recovery_hash(self, code: str) -> str:
        """What is kept of a recovery code."""
        plain = "".join(c for c in code.upper() if c.isalnum())
        return hmac.new(self._key, plain.encode(), "sha256").hexdigest()

    def _open(self, sealed: str) -> str:
        try:
            return self._seal.decrypt(sealed.encode()).decode()
        except InvalidToken:
            # The installation's key was changed: no code will ever fit.
            return pyotp.random_base32()
