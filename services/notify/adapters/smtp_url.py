"""Reads SMTP_URL. Settings and the SMTP sender use it.

smtp://host:25, smtp+starttls://user:password@host:587 or smtps://user:password@host:465;
`?cafile=/path/to/ca.pem` trusts a certificate authority of one's own.
"""

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in, and how. `repr` shows no password."""

    security: str
    host: str
    port: int
    user: str
    password: str
    ca_file: str

    @property
    def secures_itself(self) -> bool:
        """Whether STARTTLS is demanded: a password is never sent in the clear."""
        return self.security == "smtp+starttls" or (self.security == "smtp" and bool(self.user))

    def __repr__(self) -> str:
        return f"MailServer({self.security}://{self.host}:{self.port})"


def read_smtp_url(url: str) -> MailServer:
    """The mail server that `url` names; raises `ValueError` with one sentence."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError(
            "SMTP_URL must look like smtp+starttls://user:password@host:587"
            " (or smtp://… or smtps://…)"
        )
    return MailServer(
        parts.scheme,
        parts.hostname,
        parts.port or _PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        parse_qs(parts.query).get("cafile", [""])[0],
    )
