"""What a provider says of a message that was handed to it. Adapters return it, handlers judge."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has it, and calls it `ref` where it gave it a name."""

    ref: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """It will never take it: a bad address, a permanent answer.

    `opted_out`: the provider itself has it from whom it is for that nothing more is wanted.
    """

    reason: str
    opted_out: bool = False


@dataclass(frozen=True, slots=True)
class Deferred:
    """It does not have it now; trying again later may help, after so many `seconds` if it says."""

    reason: str
    seconds: float = 0


@dataclass(frozen=True, slots=True)
class Unsure:
    """Nobody can tell whether it has it; sending again might tell a host twice."""

    reason: str


Outcome = Accepted | Refused | Deferred | Unsure
