"""Whether there is news worth telling a host, and why not. Pure functions; handlers call them.

heard: visit 7:10 ── settles ──► told nothing yet ─► speak `window`
heard: visit 7:15 ── settles ──► told 7:10        ─► silence, moved by less than 10 minutes
heard: visit 7:40 ── settles ──► told 7:10        ─► speak `window_changed`
heard: 7:40, then 7:10 while settling; told 7:10  ─► silence, told the same
heard: nobody     ── settles ──► told 7:10        ─► speak `not_coming`
heard: visit 7:10 ── settles ──► told 7:10, while 7:40 waits ─► silence, 7:40 is dropped
heard: 7:10, an engine ─ settles ► told 7:10, officers      ─► speak `somebody_else`
heard: nobody     ── settles ──► told `skipped` meanwhile   ─► silence, told the same
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notify.domain.values import City, Party, Span, Told, Visit, addresses_of

URGENT = "urgent"
BULK = "bulk"
LANES = (URGENT, BULK)
EARLIER, LATER = ("earlier", "later")

URGENT_WITHIN = timedelta(hours=3)
RECEIVED_LASTS = timedelta(days=2)
ANOTHER_DAY = timedelta(hours=12)
"""A window so far from the one that was told belongs to another evening."""
REPLAY_AFTER = timedelta(days=30)
REPLAY_LASTS = timedelta(hours=1)

WITHDRAWN = "party withdrawn"
TOLD_ALREADY = "told already"
TOLD_THE_SAME = "told the same"
MOVED_TOO_LITTLE = "moved too little to be worth a message"
NOTHING_PROMISED = "no visit was promised"
ON_ITS_WAY = "already on its way"
CALLED_OFF = "the evening was called off"
HELD = "held"
"""Dispatch's word for a visit that waits until its part of the city is open again."""
TOO_LATE = "its time has passed"


@dataclass(frozen=True, slots=True)
class Speak:
    """There is news: say `template`, in `lane`, before `expires_at`.

    `change` says which way a time moved: EARLIER, LATER, or '' where there was none before.
    """

    template: str
    lane: str
    expires_at: datetime
    change: str = ""


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
    live: str = "",
) -> Decision:
    """The settled state of a visit against what the host was told of it, and what waits to be.

    `live` is the template of what the host has heard of the running evening since then.
    """
    if party.withdrawn:
        return Silence(WITHDRAWN)
    if live == "called_off":
        return Silence(CALLED_OFF)
    if waiting and not _differs(city, waiting, visit):
        return Silence(ON_ITS_WAY, waiting_stands=True)
    last = _heard(told, party)
    if live == "skipped":
        return _after_left_out(city, visit.span, now)
    if visit.span is None:
        return _nobody_comes(city, last, now, visit.reason)
    return _somebody_comes(city, visit, visit.span, last, now)


def _after_left_out(city: City, span: Span | None, now: datetime) -> Decision:
    """A host who was left out knows that nobody comes, and not that somebody does after all."""
    return _in_time(city, "window_changed", span, now) if span else Silence(TOLD_THE_SAME)


def _heard(told: Told | None, party: Party) -> Told | None:
    """What the host truly heard: with an address at last, what went nowhere was not told."""
    return told if told and (told.reached or not addresses_of(party)) else None


def _somebody_comes(
    city: City, visit: Visit, span: Span, last: Told | None, now: datetime
) -> Decision:
    before = last.span if last else None
    if last is None or before is None:
        return _in_time(city, "window_changed" if last else "window", span, now)
    if abs(span.opens - before.opens) > ANOTHER_DAY:
        return _in_time(city, "window", span, now)
    if _others_come(city, last, visit):
        return _in_time(city, "somebody_else", span, now)
    if not _moved(city, before, span):
        return Silence(TOLD_THE_SAME if before == span else MOVED_TOO_LITTLE)
    change = EARLIER if (span.opens, span.closes) < (before.opens, before.closes) else LATER
    return _in_time(city, "window_changed", span, now, change)


def _nobody_comes(city: City, last: Told | None, now: datetime, reason: str) -> Decision:
    if last is None:
        return Silence(NOTHING_PROMISED)
    if last.span is None:
        return Silence(TOLD_THE_SAME)
    return _in_time(city, "held" if reason == HELD else "not_coming", last.span, now)


def _differs(city: City, waiting: Told, visit: Visit) -> bool:
    if waiting.span and visit.span:
        moved = _moved(city, waiting.span, visit.span)
        return moved or _others_come(city, waiting, visit)
    return waiting.span != visit.span


def _others_come(city: City, told: Told, visit: Visit) -> bool:
    """Whether others come than was said; another team is others only where teams are named."""
    if told.kinds and visit.kinds and set(told.kinds) != set(visit.kinds):
        return True
    named = city.voice.name_teams and told.team_id and visit.team_id
    return bool(named) and told.team_id != visit.team_id


def _moved(city: City, before: Span, after: Span) -> bool:
    farthest = max(abs(after.opens - before.opens), abs(after.closes - before.closes))
    return farthest >= city.voice.smallest_change


def _in_time(city: City, template: str, span: Span, now: datetime, change: str = "") -> Decision:
    """News of a span is worth telling until the span has passed; near it, it is urgent."""
    if is_replay(city, now):
        return Speak(template, BULK, now + REPLAY_LASTS, change)
    if span.closes <= now:
        return Silence(TOO_LATE)
    lane = URGENT if span.opens - now <= URGENT_WITHIN else BULK
    return Speak(template, lane, span.closes, change)


def is_replay(city: City, now: datetime) -> bool:
    """Whether the evening is so long past that this can only be a rehearsal on old data."""
    return now - city.evening_closes > REPLAY_AFTER
