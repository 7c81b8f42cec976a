"""What follows when a message failed for good: the other channel, then a call. Handlers use it."""

from collections.abc import Sequence

from services.notify.domain.messages import HOST, VISITS, Claimed
from services.notify.ports.handing import Call, Shift
from shared.contracts.message import MessageFailed
from shared.ids import new_id

OPTED_OUT = "opted out, and there is no other way"
UNPROVEN = "the number has not answered yet, and there is no other way"
PASSING = frozenset({"on_the_way"})
"""What is not worth a call once it is too late."""


def fall_back(shift: Shift, failed: Sequence[tuple[Claimed, str]], too_late: bool = False) -> None:
    """Each failed for the reason beside it. Says that nobody was reached only where that is so."""
    if not failed:
        return
    covered = shift.desk.release([message.id for message, _ in failed], shift.now)
    alone = [(m, why) for m, why in failed if m.id not in covered and m.audience == HOST]
    calls = [
        Call(new_id(), m.city, m.party_id, m.id, m.template, why)
        for m, why in alone
        if m.party_id and not (too_late and m.template in PASSING)
    ]
    shift.desk.ask_for_calls(calls, shift.now)
    for message, reason in alone:
        _say_failed(shift, message, reason)


def give_up_refused(shift: Shift, refused: Sequence[Claimed], why: str) -> None:
    """Who may get no texts still has to hear of the visit: by the other channel, else by a call."""
    visits = [(message, why) for message in refused if message.purpose == VISITS]
    fall_back(shift, visits, too_late=True)


def _say_failed(shift: Shift, m: Claimed, reason: str) -> None:
    fact = MessageFailed(m.id, m.party_id, m.template, m.channel, reason[:1000], shift.now)
    shift.publisher.publish(
        fact, city=m.city, subject=m.id, revision=2 * m.attempts + 1, correlation=m.correlation
    )
