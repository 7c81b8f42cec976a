"""What a provider says of a message that was handed to it. Adapters return it, handlers judge."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has it."""


@dataclass(frozen=True, slots=True)
class Refused:
    """It will never take it: a bad address, a permanent answer."""

    reason: str


@dataclass(frozen=True, slots=True)
class Deferred:
    """It does not have it now; trying again later may help."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """Nobody can tell whether it has it; sending again might tell a host twice."""

    reason: str


Outcome = Accepted | Refused | Deferred | Unsure
