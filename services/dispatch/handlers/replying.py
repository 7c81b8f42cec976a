"""What dispatch does with what hosts write: some of it acts, the rest waits for a dispatcher.

The worker's edge calls it, with the night's ports in the transaction of the facts.
"""

from collections.abc import Sequence

from services.dispatch.domain.replies import BY_TEXT, Reply, deed_of
from services.dispatch.handlers.acting import Order, Unknown, take
from services.dispatch.handlers.turn import Acting
from services.dispatch.ports.heard import Replies
from shared.contracts.envelope import Envelope
from shared.failures import Refused


def hear_replies(ports: Acting, replies: Replies, facts: Sequence[Envelope]) -> list[str]:
    """Keep the texts, and let act what may; returns the cities that have to be planned anew."""
    acted = []
    for fact in facts:
        told = fact.data
        words = (told.meaning, told.minutes, told.words, told.at)
        reply = Reply(told.reply_id, told.party_id, *words)
        if not replies.keep(fact.city, reply, fact.revision):
            continue
        if _act(ports, replies, fact.city, reply):
            acted.append(fact.city)
        else:
            ports.boards.changed(fact.city, ports.now)
    return acted


def _act(ports: Acting, replies: Replies, city: str, reply: Reply) -> bool:
    """Take down what the text says, under the text's own id: however often it comes, once."""
    deed = deed_of(reply, ports.nights.night(city))
    if deed is None:
        return False
    what = (deed.kind, "", reply.party_id, reply.at, deed.details, BY_TEXT)
    try:
        taken = take(ports, city, Order(reply.id, *what))
    except (Refused, Unknown) as refusal:
        replies.acted(city, reply.id, str(refusal))
        return False
    replies.acted(city, reply.id, "")
    return not taken.already
