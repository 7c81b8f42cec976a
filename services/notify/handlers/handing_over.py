"""Hands messages to their providers: claimed, handed over, recorded. The worker calls it.

A claim is committed before the provider hears of the message, and what the provider said is
committed with the fact that tells of it. A process that dies in between leaves the message
`sending`; it is then settled by asking the provider, and never by blindly sending again.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from services.notify.domain.codes import CodeMaker
from services.notify.domain.messages import HOST, Claimed, Fate
from services.notify.domain.outcomes import Accepted, Deferred, Outcome, Refused, Unsure
from services.notify.domain.retries import next_try
from services.notify.domain.values import CHANNELS, EMAIL, SMS
from services.notify.domain.wording import masked
from services.notify.handlers.falling_back import OPTED_OUT, UNPROVEN, fall_back, give_up_refused
from services.notify.ports.handing import Office, Shift
from services.notify.ports.senders import Letter, Sought, Text
from shared.contracts.message import MessageSent

CLAIM_LASTS = timedelta(seconds=30)
TOO_LATE = "it would arrive too late"
NOBODY_KNOWS = "the process died while sending, and the provider cannot be asked"
ASKING = "the provider is being asked whether it has it"
GONE = "no provider of this name is set any more"
Handed = TypeVar("Handed", Text, Letter)


def hand_over(lane: str, office: Office, most: int = 50) -> int:
    """Hand over one batch of the lane's due messages; returns how many were claimed."""
    choices = {c: office.watch.choose(office.senders.choices(c)) for c in CHANNELS}
    providers = {channel: choice.provider for channel, choice in choices.items()}
    if any(choice.probes for choice in choices.values()):
        most = 1
    with office.open() as shift:
        give_up_refused(shift, shift.desk.refuse_opted_out(lane, shift.now), OPTED_OUT)
        give_up_refused(shift, shift.desk.refuse_unproven(lane, shift.now), UNPROVEN)
        claimed = shift.desk.claim(lane, office.claimant, providers, shift.now, most, office.paces)
    if claimed:
        outcomes = _give(office, claimed)
        with office.open() as shift:
            _record(shift, claimed, outcomes, _elsewhere(office))
    return len(claimed)


def settle_stranded(office: Office, most: int = 100) -> int:
    """Find out what became of messages whose sender died or was left without an answer."""
    askable = [
        name
        for senders in (office.senders.of_sms(), office.senders.of_email())
        for name, sender in senders.items()
        if sender.known(()) is not None
    ]
    with office.open() as shift:
        lost = [
            *shift.desk.stranded(office.claimant, shift.now - CLAIM_LASTS, most),
            *shift.desk.unsure(askable, shift.now, most),
        ]
        now = shift.now
    # No transaction is open while a provider is asked; what others find out meanwhile stands.
    outcomes = _ask(office, lost, now) if lost else {}
    with office.open() as shift:
        _record(shift, lost, outcomes)
    return len(lost)


def expire_late(office: Office, most: int = 200) -> int:
    """Drop what newer news overtook or what would arrive too late; returns how many were late."""
    with office.open() as shift:
        shift.desk.drop_overtaken(shift.now)
        late = shift.desk.expire(shift.now, most)
        fall_back(shift, [(message, TOO_LATE) for message in late], too_late=True)
        shift.desk.release_all(shift.now)
    return len(late)


def _give(office: Office, claimed: Sequence[Claimed]) -> dict[str, Outcome]:
    said: dict[str, Outcome] = {}
    texts, letters = office.senders.of_sms(), office.senders.of_email()
    for provider in sorted({m.provider for m in claimed}):
        mine = [m for m in claimed if m.provider == provider]
        short = [_text(m, office.codes) for m in mine if m.channel == SMS]
        long = [_letter(m) for m in mine if m.channel == EMAIL]
        if short:
            said |= _timed(office, provider, short, texts[provider].send_texts)
        if long:
            said |= _timed(office, provider, long, letters[provider].send_letters)
    return said


def _timed(
    office: Office,
    provider: str,
    batch: Sequence[Handed],
    send: Callable[[Sequence[Handed]], Sequence[Outcome]],
) -> dict[str, Outcome]:
    began = time.monotonic()
    outcomes = send(batch)
    office.watch.tell(provider, outcomes, time.monotonic() - began)
    return {item.id: outcome for item, outcome in zip(batch, outcomes, strict=True)}


def _text(message: Claimed, codes: CodeMaker) -> Text:
    body = codes.filled(message.body, message.to)
    return Text(message.id, message.to, body, message.sender, message.expires_at)


def _letter(m: Claimed) -> Letter:
    return Letter(m.id, m.to, m.sender_name, m.subject, m.body, m.html, m.purpose, m.city)


def _ask(office: Office, lost: Sequence[Claimed], now: datetime) -> dict[str, Outcome]:
    senders, filled = office.senders, office.codes.filled
    found: dict[str, Outcome] = {}
    for channel in CHANNELS:
        named = senders.of_sms() if channel == SMS else senders.of_email()
        for provider in sorted({m.provider for m in lost if m.channel == channel}):
            mine = [m for m in lost if m.channel == channel and m.provider == provider]
            sender = named.get(provider)
            sought = [Sought(m.id, m.to, filled(m.body, m.to), m.claimed_at or now) for m in mine]
            known = sender.known(sought) if sender else None
            words = NOBODY_KNOWS if known is None else ASKING
            found |= {m.id: (known or {}).get(m.id, Unsure(words)) for m in mine}
    return found


def _elsewhere(office: Office) -> Mapping[str, str]:
    """The provider of each channel that can be given, now, what another one did not take."""
    choices = {c: office.watch.choose(office.senders.choices(c)) for c in CHANNELS}
    return {channel: c.provider for channel, c in choices.items() if c.well}


def _record(
    shift: Shift,
    messages: Sequence[Claimed],
    outcomes: Mapping[str, Outcome],
    elsewhere: Mapping[str, str] | None = None,
) -> None:
    fates = [
        _fate(m, outcomes[m.id], shift.now, (elsewhere or {}).get(m.channel)) for m in messages
    ]
    settled = shift.desk.settle(fates, shift.now) if fates else frozenset()
    done = [(m, f) for m, f in zip(messages, fates, strict=True) if m.id in settled]
    for message, fate in done:
        outcome = outcomes[message.id]
        if isinstance(outcome, Refused) and outcome.opted_out:
            shift.desk.opt_out(message, outcome.reason, shift.now)
        if fate.state == "sent":
            say_sent(shift, message)
    fall_back(shift, [(m, f.reason) for m, f in done if f.state.startswith("failed")])


def _fate(message: Claimed, outcome: Outcome, now: datetime, elsewhere: str | None) -> Fate:
    match outcome:
        case Accepted(ref):
            return Fate(message.id, message.attempts, "sent", "", None, ref)
        case Refused(reason):
            return Fate(message.id, message.attempts, "failed_permanent", reason)
        case Unsure(reason):
            return Fate(message.id, message.attempts, "unsure", reason)
        case Deferred(reason, seconds):
            due = next_try(message.attempts, now, message.expires_at, seconds)
            if elsewhere not in (None, message.provider) and now < message.expires_at:
                due = now
            if due is None:
                return Fate(
                    message.id, message.attempts, "failed_temporary", f"{TOO_LATE}; {reason}"
                )
            return Fate(message.id, message.attempts, "created", reason, due)


def say_sent(shift: Shift, m: Claimed) -> None:
    """Tell the other services that the message is on its way to a host."""
    if m.audience != HOST or m.trial:
        return
    fact = MessageSent(m.id, m.party_id, m.template, m.channel, masked(m.channel, m.to), shift.now)
    shift.publisher.publish(
        fact, city=m.city, subject=m.id, revision=2 * m.attempts, correlation=m.correlation
    )
