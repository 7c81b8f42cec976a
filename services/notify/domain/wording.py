"""Makes what strangers typed safe to stand in one line of text, and hides addresses."""

import re
import unicodedata

from services.notify.domain.codes import hidden

_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(text: str) -> str:
    """`text` without line ends, control characters and direction overrides."""
    visible = "".join(" " if unicodedata.category(c) in _BREAKS else c for c in text)
    return " ".join("".join(c for c in visible if c not in _BIDI).split())


_BREAKS = ("Cc", "Zl", "Zp", "Cs")


def masked(channel: str, to: str) -> str:
    """Like "b…@example.org" or "+1 •••• 23": enough to recognise, too little to use."""
    if channel == "email":
        name, _, host = to.rpartition("@")
        return f"{name[:1]}…@{host}"
    return f"{_country(to)} •••• {to[-2:]}" if len(to) > 7 else "••••"


def _country(phone: str) -> str:
    return "+1" if phone.startswith("+1") else phone[:3]


def veiled(text: str) -> str:
    """`text` with every host's private link hidden, for whoever has it can change the party, and
    every code.
    """
    return hidden(_PRIVATE.sub(PRIVATE_LINK, text))


PRIVATE_LINK = "[private link]"
_PRIVATE = re.compile(r"https?://[^\s<>\"]+/(?:party|p|u|unsubscribe)/[^\s<>\"]+")
