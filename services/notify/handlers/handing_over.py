"""Hands messages to their providers: claimed, handed over, recorded. The worker calls it.

A claim is committed before the provider hears of the message, and what the provider said is
committed with the fact that tells of it. A process that dies in between leaves the message
`sending`; it is then settled by asking the provider, and never by blindly sending again.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from services.notify.domain.messages import Claimed, Fate
from services.notify.domain.outcomes import Accepted, Deferred, Outcome, Refused, Unsure
from services.notify.domain.retries import next_try
from services.notify.domain.values import CHANNELS, EMAIL, SMS
from services.notify.domain.wording import masked
from services.notify.ports import Letter, Office, Senders, Shift, Text
from shared.contracts.message import MessageFailed, MessageSent

CLAIM_LASTS = timedelta(seconds=30)
TOO_LATE = "it would arrive too late"
NOBODY_KNOWS = "the process died while sending, and the provider cannot be asked"


def hand_over(lane: str, office: Office, most: int = 50) -> int:
    """Hand over one batch of the lane's due messages; returns how many were claimed."""
    with office.open() as shift:
        claimed = shift.desk.claim(lane, office.claimant, office.senders.names(), shift.now, most)
    if claimed:
        outcomes = _give(office.senders, claimed)
        with office.open() as shift:
            _record(shift, claimed, outcomes)
    return len(claimed)


def settle_stranded(office: Office, most: int = 200) -> int:
    """Find out what became of messages whose sender died; returns how many there were."""
    with office.open() as shift:
        lost = shift.desk.stranded(office.claimant, shift.now - CLAIM_LASTS, most)
        for channel in CHANNELS:
            group = [m for m in lost if m.channel == channel]
            _record(shift, group, _ask(office.senders, channel, group))
    return len(lost)


def expire_late(office: Office, most: int = 200) -> int:
    """Drop what newer news overtook or what would arrive too late; returns how many were late."""
    with office.open() as shift:
        shift.desk.drop_overtaken(shift.now)
        late = shift.desk.expire(shift.now, most)
        for message in late:
            _say_failed(shift, message, TOO_LATE)
    return len(late)


def _give(senders: Senders, claimed: Sequence[Claimed]) -> list[Outcome]:
    said: dict[str, Outcome] = {}
    texts = [m for m in claimed if m.channel == SMS]
    letters = [m for m in claimed if m.channel == EMAIL]
    if texts:
        said |= _paired(texts, senders.sms.send_texts([_text(m) for m in texts]))
    if letters:
        said |= _paired(letters, senders.email.send_letters([_letter(m) for m in letters]))
    return [said[m.id] for m in claimed]


def _paired(messages: Sequence[Claimed], outcomes: Iterable[Outcome]) -> dict[str, Outcome]:
    return {m.id: outcome for m, outcome in zip(messages, outcomes, strict=True)}


def _text(message: Claimed) -> Text:
    return Text(message.id, message.to, message.body)


def _letter(m: Claimed) -> Letter:
    return Letter(m.id, m.to, m.sender_name, m.subject, m.body, m.html)


def _ask(senders: Senders, channel: str, lost: Sequence[Claimed]) -> list[Outcome]:
    if not lost:
        return []
    sender = senders.sms if channel == SMS else senders.email
    known = sender.known({m.id for m in lost if m.provider == sender.name})
    return [_found(m, known, sender.name) for m in lost]


def _found(message: Claimed, known: frozenset[str] | None, provider: str) -> Outcome:
    if known is None or message.provider != provider:
        return Unsure(NOBODY_KNOWS)
    if message.id in known:
        return Accepted()
    return Deferred("the process died before the provider had it")


def _record(shift: Shift, messages: Sequence[Claimed], outcomes: Sequence[Outcome]) -> None:
    fates = [_fate(m, o, shift.now) for m, o in zip(messages, outcomes, strict=True)]
    settled = shift.desk.settle(fates, shift.now) if fates else frozenset()
    for message, fate in zip(messages, fates, strict=True):
        if message.id in settled:
            _say(shift, message, fate)


def _fate(message: Claimed, outcome: Outcome, now: datetime) -> Fate:
    match outcome:
        case Accepted():
            return Fate(message.id, message.attempts, "sent", "")
        case Refused(reason):
            return Fate(message.id, message.attempts, "failed_permanent", reason)
        case Unsure(reason):
            return Fate(message.id, message.attempts, "unsure", reason)
        case Deferred(reason):
            due = next_try(message.attempts, now, message.expires_at)
            if due is None:
                return Fate(
                    message.id, message.attempts, "failed_temporary", f"{TOO_LATE}; {reason}"
                )
            return Fate(message.id, message.attempts, "created", reason, due)


def _say(shift: Shift, message: Claimed, fate: Fate) -> None:
    if fate.state == "sent":
        _say_sent(shift, message)
    elif fate.state in ("failed_permanent", "failed_temporary", "expired"):
        _say_failed(shift, message, fate.reason)


def _say_sent(shift: Shift, m: Claimed) -> None:
    fact = MessageSent(m.id, m.party_id, m.template, m.channel, masked(m.channel, m.to), shift.now)
    shift.publisher.publish(
        fact, city=m.city, subject=m.id, revision=m.attempts, correlation=m.correlation
    )


def _say_failed(shift: Shift, m: Claimed, reason: str) -> None:
    fact = MessageFailed(m.id, m.party_id, m.template, m.channel, reason[:1000], shift.now)
    shift.publisher.publish(
        fact, city=m.city, subject=m.id, revision=m.attempts, correlation=m.correlation
    )
