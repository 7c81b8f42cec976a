"""Takes in what providers say later of messages that they have. The webhooks call it."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager

from services.notify.domain.receipts import Receipt, moves
from services.notify.handlers.falling_back import fall_back
from services.notify.handlers.handing_over import say_sent
from services.notify.ports.handing import Shift

Open = Callable[[], AbstractContextManager[Shift]]
HANDED = ("sent", "delivered")


def take_receipts(open_shift: Open, receipts: Iterable[Receipt]) -> int:
    """Record each in a transaction of its own; returns how many changed something.

    The same again, or one that was overtaken on its way, changes nothing. What is not known is
    passed over: it may be of another installation.
    """
    return sum(_take(open_shift, receipt) for receipt in receipts)


def _take(open_shift: Open, receipt: Receipt) -> bool:
    with open_shift() as shift:
        found = shift.desk.receive(receipt)
        if found is None:
            return False
        message, state, ref = found
        if receipt.opted_out:
            shift.desk.opt_out(message, receipt.reason, shift.now)
        if not moves(state, ref, receipt):
            return False
        shift.desk.mark(message, receipt, shift.now)
        if receipt.state in HANDED and state in ("created", "sending", "unsure"):
            say_sent(shift, message)
        if receipt.state.startswith("failed"):
            fall_back(shift, [(message, receipt.reason)])
        return True
