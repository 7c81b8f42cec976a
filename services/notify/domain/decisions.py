"""Whether there is news worth telling a host, and why not. Pure functions; handlers call them.

heard: visit 7:10 ── settles ──► told nothing yet ─► speak `window`
heard: visit 7:15 ── settles ──► told 7:10        ─► silence, moved by less than 10 minutes
heard: visit 7:40 ── settles ──► told 7:10        ─► speak `window_changed`
heard: 7:40, then 7:10 while settling; told 7:10  ─► silence, told the same
heard: nobody     ── settles ──► told 7:10        ─► speak `not_coming`
heard: visit 7:10 ── settles ──► told 7:10, while 7:40 waits ─► silence, 7:40 is dropped
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notify.domain.values import City, Party, Span, Told, Visit, addresses_of

URGENT = "urgent"
BULK = "bulk"
LANES = (URGENT, BULK)

SMALLEST_MOVE = timedelta(minutes=10)
URGENT_WITHIN = timedelta(hours=3)
RECEIVED_LASTS = timedelta(days=2)
REPLAY_AFTER = timedelta(days=30)
REPLAY_LASTS = timedelta(hours=1)

WITHDRAWN = "party withdrawn"
TOLD_ALREADY = "told already"
TOLD_THE_SAME = "told the same"
MOVED_TOO_LITTLE = "moved by less than 10 minutes"
NOTHING_PROMISED = "no visit was promised"
ON_ITS_WAY = "already on its way"
HELD, CALLED_OFF = "held", "called_off"
"""Dispatch's words for a visit that waits for its part of the city, or is off with it."""
TOO_LATE = "its time has passed"


@dataclass(frozen=True, slots=True)
class Speak:
    """There is news: say `template`, in `lane`, before `expires_at`."""

    template: str
    lane: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Silence:
    """There is nothing to say; `reason` says why. What waits goes, unless `waiting_stands`."""

    reason: str
    waiting_stands: bool = False


Decision = Speak | Silence


def decide_received(party: Party, told: Told | None, now: datetime) -> Decision:
    """A host is told once that the registration arrived."""
    if party.withdrawn:
        return Silence(WITHDRAWN)
    if _heard(told, party):
        return Silence(TOLD_ALREADY, waiting_stands=True)
    return Speak("received", BULK, now + RECEIVED_LASTS)


def decide_visit(
    city: City,
    party: Party,
    visit: Visit,
    now: datetime,
    *,
    told: Told | None,
    waiting: Told | None,
) -> Decision:
    """The settled state of a visit against what the host was told of it, and what waits to be."""
    if party.withdrawn:
        return Silence(WITHDRAWN)
    if waiting and not _differs(waiting.span, visit.span):
        return Silence(ON_ITS_WAY, waiting_stands=True)
    last = _heard(told, party)
    if visit.span is None:
        return _nobody_comes(city, last, now, visit.code)
    return _somebody_comes(city, visit.span, last, now)


def _heard(told: Told | None, party: Party) -> Told | None:
    """What the host truly heard: with an address at last, what went nowhere was not told."""
    return told if told and (told.reached or not addresses_of(party)) else None


def _somebody_comes(city: City, span: Span, last: Told | None, now: datetime) -> Decision:
    before = last.span if last else None
    if before and not _moved(before, span):
        return Silence(TOLD_THE_SAME if before == span else MOVED_TOO_LITTLE)
    return _in_time(city, "window_changed" if last else "window", span, now)


def _nobody_comes(city: City, last: Told | None, now: datetime, reason: str) -> Decision:
    if last is None:
        return Silence(NOTHING_PROMISED)
    if last.span is None:
        return Silence(TOLD_THE_SAME)
    template = reason if reason in (HELD, CALLED_OFF) else "not_coming"
    return _in_time(city, template, last.span, now)


def _differs(before: Span | None, after: Span | None) -> bool:
    if before and after:
        return _moved(before, after)
    return before != after


def _moved(before: Span, after: Span) -> bool:
    farthest = max(abs(after.opens - before.opens), abs(after.closes - before.closes))
    return farthest >= SMALLEST_MOVE


def _in_time(city: City, template: str, span: Span, now: datetime) -> Decision:
    """News of a span is worth telling until the span has passed; near it, it is urgent."""
    if is_replay(city, now):
        return Speak(template, BULK, now + REPLAY_LASTS)
    if span.closes <= now:
        return Silence(TOO_LATE)
    lane = URGENT if span.opens - now <= URGENT_WITHIN else BULK
    return Speak(template, lane, span.closes)


def is_replay(city: City, now: datetime) -> bool:
    """Whether the evening is so long past that this can only be a rehearsal on old data."""
    return now - city.evening_closes > REPLAY_AFTER
