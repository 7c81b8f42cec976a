"""When a host is left in peace: quiet hours and the budget of a day. Pure; handlers call it.

21:30 ─ quiet ─ 8:00   what is not urgent waits until 8:00, or is dropped if that is too late
8 messages on a day    the ninth is not said, unless it is essential
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.notify.domain.decisions import URGENT, Decision, Silence, Speak
from services.notify.domain.values import EMAIL, City, Span

ESSENTIAL = frozenset({"not_coming", "skipped", "held", "called_off", "new_date"})
"""A host who does not hear these waits in vain."""
ANSWERS = frozenset({"received"})
"""What answers something that the host did just now may arrive by e-mail at any hour."""

OVER_BUDGET = "the host has heard enough for one day"
QUIET_TOO_LATE = "quiet hours, and too late after them"


def day_of(moment: datetime, zone: str) -> Span:
    """The day in the city's zone in which the moment lies."""
    local = moment.astimezone(ZoneInfo(zone))
    midnight = datetime.combine(local.date(), time(), ZoneInfo(zone))
    following = datetime.combine(local.date() + timedelta(days=1), time(), ZoneInfo(zone))
    return Span(midnight.astimezone(moment.tzinfo), following.astimezone(moment.tzinfo))


def awake_at(now: datetime, city: City) -> datetime:
    """The moment from which a text may disturb: now, or the end of the quiet hours."""
    start, end = city.voice.quiet_from, city.voice.quiet_until
    local = now.astimezone(ZoneInfo(city.zone))
    clock = local.time().replace(tzinfo=None)
    overnight = start > end
    quiet = (clock >= start or clock < end) if overnight else start <= clock < end
    if start == end or not quiet:
        return now
    day = local.date() + timedelta(days=1 if overnight and clock >= start else 0)
    return datetime.combine(day, end, ZoneInfo(city.zone)).astimezone(now.tzinfo)


def due_at(city: City, template: str, channel: str, lane: str, now: datetime) -> datetime:
    """When a message may go out."""
    if lane == URGENT or (template in ANSWERS and channel == EMAIL):
        return now
    return awake_at(now, city)


def restrained(decision: Decision, city: City, channel: str, now: datetime, heard: int) -> Decision:
    """The decision, or silence where the day's budget or the night stand against it."""
    if isinstance(decision, Silence):
        return decision
    if heard >= city.voice.budget and decision.template not in ESSENTIAL:
        return Silence(OVER_BUDGET)
    due = due_at(city, decision.template, channel, decision.lane, now)
    return Silence(QUIET_TOO_LATE) if _late(decision, due, now) else decision


def _late(speak: Speak, due: datetime, now: datetime) -> bool:
    return due > now and due >= speak.expires_at
