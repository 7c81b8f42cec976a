"""What a provider says of a message later on, in any order and any number of times. Pure."""

from dataclasses import dataclass

_RANKS = {
    "created": 0,
    "sending": 0,
    "unsure": 0,
    "sent": 1,
    "failed_temporary": 2,
    "failed_permanent": 2,
    "delivered": 3,
}
"""What is known of a message only grows: who has it in the hand was reached, whatever came before.

A message that expired or was suppressed was never handed over; no receipt can be of it.
"""


@dataclass(frozen=True, slots=True)
class Receipt:
    """`state` is "sent", "delivered", "failed_permanent" or "failed_temporary".

    It names the message by our `message_id`, or by the provider's `ref`, or by both.
    `opted_out`: whom it was for has told the provider that nothing more is wanted.
    """

    provider: str
    message_id: str
    ref: str
    state: str
    reason: str = ""
    opted_out: bool = False


def moves(before: str, ref: str, receipt: Receipt) -> bool:
    """Whether the receipt changes a message that is `before` and known to the provider as `ref`."""
    if before not in _RANKS or _RANKS[receipt.state] <= _RANKS[before]:
        return False
    stranger = bool(ref and receipt.ref and ref != receipt.ref)
    return receipt.state == "delivered" or not stranger
