"""Ports that the handlers of every service depend on. Anybody may import it."""

from typing import Protocol

from shared.contracts.envelope import Envelope


class Publisher(Protocol):
    """Says a fact once the surrounding write stands."""

    def publish(
        self,
        fact: object,
        *,
        city: str,
        subject: str,
        revision: int,
        cause: Envelope | None = None,
        correlation: str | None = None,
    ) -> None:
        """Say `fact` about `subject`; `cause` hands on the correlation of an earlier fact."""
        ...
