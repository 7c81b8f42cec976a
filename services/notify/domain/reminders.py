"""What is said at its hour: asking to confirm, a new date, thanks. Pure; handlers call it.

          7 days before   1 day before   the day        next morning
10:00 ────── confirm ───────── confirm ──── confirm ─┐  9:00 thanks
             not to who has answered, and not to parties registered later
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.notify.domain.decisions import (
    BULK,
    TOO_LATE,
    WITHDRAWN,
    Decision,
    Silence,
    Speak,
)
from services.notify.domain.restraint import awake_at
from services.notify.domain.values import City, Party

CONFIRM, THANKS, NEW_DATE = ("confirm", "thanks", "new_date")
YES, NO = ("yes", "no")
GRACE = timedelta(hours=20)
"""So long after its hour a slot is still made up for, such as after a failure."""
THANKS_LAST = timedelta(hours=12)

ANSWERED = "the host has answered"
NOT_HELD = "the party did not take place"
CALLED_OFF = "the evening was called off"


@dataclass(frozen=True, slots=True)
class Slot:
    """One occasion to write to every host of a city: due once, useless after `until`."""

    kind: str
    mark: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a party: whether somebody came, what its host answered, if called off."""

    visited: bool
    answer: str
    called_off: bool


def date_of(city: City) -> date:
    """The date of the evening as people in the city say it."""
    return city.evening_opens.astimezone(ZoneInfo(city.zone)).date()


def slots_of(city: City) -> list[Slot]:
    """The occasions of the city's evening, by time."""
    found = [_confirm(city, days) for days in city.voice.confirm_days]
    found.append(_thanks(city))
    return sorted(found, key=lambda slot: slot.at)


def due_slots(city: City, now: datetime) -> list[Slot]:
    """Those whose hour has come and is not long past."""
    return [s for s in slots_of(city) if s.at <= now < min(s.until, s.at + GRACE)]


def decide_confirm(party: Party, answer: str, slot: Slot, now: datetime) -> Decision:
    """Who has answered is not asked again."""
    if party.withdrawn:
        return Silence(WITHDRAWN)
    if answer:
        return Silence(ANSWERED)
    return _said(CONFIRM, slot, now)


def decide_thanks(party: Party, ended: Ended, slot: Slot, now: datetime) -> Decision:
    """Thanks go to whoever was visited, and to whose party took place as far as is known."""
    if party.withdrawn:
        return Silence(WITHDRAWN)
    if not ended.visited and ended.called_off:
        return Silence(CALLED_OFF)
    if not ended.visited and ended.answer == NO:
        return Silence(NOT_HELD)
    return _said(THANKS, slot, now)


def decide_new_date(city: City, party: Party, now: datetime) -> Decision:
    """A host who was told another date hears of the new one until the evening begins."""
    if party.withdrawn:
        return Silence(WITHDRAWN)
    if city.evening_opens <= now:
        return Silence(TOO_LATE)
    return Speak(NEW_DATE, BULK, city.evening_opens)


def _said(template: str, slot: Slot, now: datetime) -> Decision:
    return Speak(template, BULK, slot.until) if now < slot.until else Silence(TOO_LATE)


def _confirm(city: City, days: int) -> Slot:
    day = date_of(city)
    at = _local(city, day - timedelta(days=days), city.voice.confirm_hour)
    until = min(at + timedelta(hours=24), city.evening_opens)
    return Slot(CONFIRM, f"{day}/{days}", at, until)


def _thanks(city: City) -> Slot:
    day = date_of(city)
    at = awake_at(_local(city, day + timedelta(days=1), city.voice.thanks_hour), city)
    return Slot(THANKS, str(day), at, at + THANKS_LAST)


def _local(city: City, day: date, hour: int) -> datetime:
    local = datetime.combine(day, time(hour), ZoneInfo(city.zone))
    return local.astimezone(city.evening_opens.tzinfo)
