"""Registration's worker edge: the facts that it hears, and its once-a-second sweep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from services.registration.adapters.postgres_answers import forget_old_answers
from services.registration.adapters.postgres_drafts import drop_old_drafts
from services.registration.adapters.postgres_heard import (
    Message,
    Plan,
    Visit,
    keep_messages,
    keep_plans,
    keep_visits,
)
from services.registration.adapters.postgres_imports import forget_old_imports
from services.registration.adapters.postgres_live import (
    LiveVisit,
    Night,
    keep_live,
    keep_nights,
)
from services.registration.adapters.postgres_numbers import keep_numbers
from services.registration.adapters.postgres_parties import PostgresPartyBook
from services.registration.adapters.postgres_replies import Reply, keep_reply, note_withdrawal
from services.registration.domain.checks import ContactReader
from services.registration.domain.civil_time import Span
from services.registration.domain.proof import Number
from services.registration.handlers.parties import Asker, withdraw_party
from services.registration.ports import LinkMaker, Means, PartyBook
from shared.contracts.envelope import Envelope
from shared.contracts.night import NightClosed, NightHeld, NightResumed
from shared.contracts.number import NumberAsked, NumberExcused, NumberProven, NumberRefused
from shared.contracts.visit import (
    VisitArrived,
    VisitCompleted,
    VisitEnRoute,
    VisitInterrupted,
    VisitSkipped,
)
from shared.db import Pool
from shared.inbox import FactHandler
from shared.work import Work

BY_TEXT = "host said so by text"


def hear_visits(work: Work, facts: Sequence[Envelope]) -> None:
    """Keep when parties are visited."""
    keep_visits(work.conn, (_scheduled(fact) for fact in facts))


def hear_no_visits(work: Work, facts: Sequence[Envelope]) -> None:
    """Keep that parties are not visited, and why."""
    keep_visits(work.conn, (_unscheduled(fact) for fact in facts))


def hear_plans(work: Work, facts: Sequence[Envelope]) -> None:
    """Keep the cities' newest plans in numbers."""
    keep_plans(work.conn, (_plan(fact) for fact in facts))


def hear_sent(work: Work, facts: Sequence[Envelope]) -> None:
    """Keep which messages were sent."""
    keep_messages(work.conn, (_sent(fact) for fact in facts))


def hear_failed(work: Work, facts: Sequence[Envelope]) -> None:
    """Keep which messages will not be sent."""
    keep_messages(work.conn, (_failed(fact) for fact in facts))


def hear_live(work: Work, facts: Sequence[Envelope]) -> None:
    """Keep what happens of visits while the evening runs."""
    keep_live(work.conn, (_live(fact) for fact in facts))


def hear_night(work: Work, facts: Sequence[Envelope]) -> None:
    """Keep whether evenings are open, held or closed."""
    keep_nights(work.conn, (_night(fact) for fact in facts))


def hear_numbers(work: Work, facts: Sequence[Envelope]) -> None:
    """Keep how hosts' numbers stand."""
    keep_numbers(work.conn, (_number(fact) for fact in facts))


@dataclass(frozen=True, slots=True)
class Ears:
    """What the worker needs to act on what hosts write; `links` lead hosts to their party."""

    links: LinkMaker
    contacts: ContactReader

    def hear_replies(self, work: Work, facts: Sequence[Envelope]) -> None:
        """Keep what hosts wrote; a NO to our question takes the party off the list, once."""
        for fact in facts:
            said = fact.data
            what = (said.meaning, said.minutes, said.words, said.channel, said.at)
            reply = Reply(fact.city, said.reply_id, fact.revision, said.party_id, *what)
            if keep_reply(work.conn, reply) and reply.meaning == "no":
                self._withdraw(work, reply)

    def _withdraw(self, work: Work, reply: Reply) -> None:
        book = PostgresPartyBook(work.conn)
        party = book.hold(reply.party_id)
        if party is None or party.is_withdrawn or party.city != reply.city:
            return
        means: Means[PartyBook] = Means(book, work, self.contacts, self.links, work.now)
        withdraw_party(party, Asker("host", BY_TEXT), means)
        note_withdrawal(work.conn, reply.reply_id)


def fact_handlers(ears: Ears) -> Mapping[str, FactHandler]:
    """What the inbox does with each fact that registration hears."""
    return {**_KEEPING, "host.replied.v1": ears.hear_replies}


_KEEPING: Mapping[str, FactHandler] = {
    "visit.scheduled.v1": hear_visits,
    "visit.unscheduled.v1": hear_no_visits,
    "visit.rescheduled.v1": hear_visits,
    "visit.en_route.v1": hear_live,
    "visit.arrived.v1": hear_live,
    "visit.completed.v1": hear_live,
    "visit.skipped.v1": hear_live,
    "visit.interrupted.v1": hear_live,
    "night.opened.v1": hear_night,
    "night.held.v1": hear_night,
    "night.resumed.v1": hear_night,
    "night.closed.v1": hear_night,
    "plan.published.v1": hear_plans,
    "message.sent.v1": hear_sent,
    "message.failed.v1": hear_failed,
    "number.asked.v1": hear_numbers,
    "number.refused.v1": hear_numbers,
    "number.proven.v1": hear_numbers,
    "number.excused.v1": hear_numbers,
}


def sweep(pool: Pool) -> None:
    """Delete what has served its time."""
    with pool.connection() as conn:
        forget_old_answers(conn)
        forget_old_imports(conn, datetime.now(UTC))
        drop_old_drafts(conn)


def _scheduled(fact: Envelope) -> Visit:
    said = fact.data
    window = Span(said.window.opens, said.window.closes)
    return Visit(fact.city, said.party_id, fact.revision, True, said.team_name, window)


def _unscheduled(fact: Envelope) -> Visit:
    said = fact.data
    words = {"reason": said.reason, "detail": said.detail, "why": said.why}
    return Visit(fact.city, said.party_id, fact.revision, False, **words)


_STATES = {
    VisitEnRoute: "en_route",
    VisitArrived: "on_scene",
    VisitCompleted: "done",
    VisitSkipped: "skipped",
    VisitInterrupted: "open",
}


def _live(fact: Envelope) -> LiveVisit:
    said = fact.data
    minutes = said.minutes if isinstance(said, VisitEnRoute) else 0
    state, who = _STATES[type(said)], (said.party_id, said.team_id)
    return LiveVisit(fact.city, *who, fact.revision, state, said.team_name, minutes, said.at)


def _night(fact: Envelope) -> Night:
    said = fact.data
    match said:
        case NightHeld():
            return Night(fact.city, fact.revision, "held", said.areas, False, said.at, said.reason)
        case NightResumed() if said.still_held:
            return Night(fact.city, fact.revision, "held", said.still_held, False, said.at)
        case NightClosed():
            return Night(
                fact.city, fact.revision, "closed", (), said.called_off, said.at, said.reason
            )
    return Night(fact.city, fact.revision, "open", (), False, said.at)


_NUMBER_STATES = {
    NumberAsked: "asked",
    NumberRefused: "refused",
    NumberProven: "proven",
    NumberExcused: "excused",
}


def _number(fact: Envelope) -> Number:
    said = fact.data
    told, why = said.number, said.why if isinstance(said, NumberRefused) else ""
    code = (told.goes_at, told.good_until, told.tries_left, told.another_from)
    state = _NUMBER_STATES[type(said)]
    return Number(told.id, fact.revision, state, why, said.answers, *code)


def _plan(fact: Envelope) -> Plan:
    said = fact.data
    return Plan(fact.city, said.version, said.visited, said.unvisited, said.published_at)


def _sent(fact: Envelope) -> Message:
    said = fact.data
    return _message(fact, True, said.to, said.sent_at)


def _failed(fact: Envelope) -> Message:
    said = fact.data
    return _message(fact, False, said.reason, said.failed_at)


def _message(fact: Envelope, sent: bool, detail: str, at: datetime) -> Message:
    said = fact.data
    return Message(
        fact.city,
        said.party_id,
        said.message_id,
        fact.revision,
        said.template,
        said.channel,
        sent,
        detail,
        at,
    )
