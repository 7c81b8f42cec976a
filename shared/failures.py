"""The tree of failures that plumbing and handlers raise; only a worker's edge catches it broadly.

PorchlightError
├── Transient          may pass by itself: try again later
│   └── Unavailable    a server that we need does not answer
└── Permanent          will never pass: dead letter, or an answer to the person who asked
    ├── Undecodable    bytes that are no envelope of ours (carries them)
    ├── UnknownType    a well-formed envelope of a type that nobody here knows
    └── Refused        a request that breaks a rule; carries field -> messages
"""

from collections.abc import Mapping, Sequence


class PorchlightError(Exception):
    """Anything that Porchlight itself raises on purpose."""


class Transient(PorchlightError):
    """May pass by itself; whoever asked should try again later."""


class Unavailable(Transient):
    """A server that this process needs does not answer."""


class Permanent(PorchlightError):
    """Will not pass by itself; trying again is a waste."""


class Undecodable(Permanent):
    """Bytes that are not one of our envelopes; `raw` holds them as they came."""

    def __init__(self, raw: bytes, why: str) -> None:
        super().__init__(why)
        self.raw = raw


class UnknownType(Permanent):
    """A well-formed envelope whose type nobody here knows."""


class Refused(Permanent):
    """A request that breaks a rule; `fields` maps a field's name to what is wrong with it."""

    def __init__(self, message: str, fields: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__(message)
        self.fields: dict[str, list[str]] = {k: list(v) for k, v in (fields or {}).items()}
