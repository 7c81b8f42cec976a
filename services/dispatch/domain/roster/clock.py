"""Times of day as people write and read them, in minutes after midnight. The roster uses it."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = 24 * 60
LATEST = 2 * DAY - 1

_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h]?(?P<minute>\d{2}))?(?::\d{2}(?:\.\d+)?)?"
    r"\s*(?:(?P<half>[ap])\.?\s*(?:m\.?)?)?",
    re.IGNORECASE,
)
Pause = tuple[int, int, int]
"""A break: from when, until when, and how many minutes of it are rest."""

_MINUTES = re.compile(
    r"\(?\s*(?P<minutes>\d{1,3})\s*min(?:ute)?s?\.?\s*\)?\s*(?:within|between|in)?\s*",
    re.IGNORECASE,
)
_WORDS = {"noon": 12 * 60, "midday": 12 * 60, "midnight": DAY}
_SPAN = re.compile(r"\s*(?:-|–|—|\bto\b|\buntil\b|\bbis\b|\ba\b)\s*", re.IGNORECASE)


def read_clock(text: str) -> int:
    """The minutes that a text such as "5:30 p.m.", "17:30" or "0.7292" means.

    Raises ValueError with a sentence.
    """
    plain = text.strip().lower()
    if plain in _WORDS:
        return _WORDS[plain]
    plain = re.sub(r"^\d{4}-\d{2}-\d{2}[t ]", "", plain)
    if re.fullmatch(r"0?\.\d{2,}", plain):  # A spreadsheet's share of a day.
        return round(float(plain) * DAY)
    found = _CLOCK.fullmatch(plain)
    if found:
        hour, minute = int(found["hour"]), int(found["minute"] or 0)
        half = (found["half"] or "").lower()
        good = 1 <= hour <= 12 if half else hour <= 24
        if good and minute < 60 and (hour < 24 or not minute):
            return (hour % 12 + 12 * (half == "p") if half else hour) * 60 + minute
    raise ValueError(f"must be a time like 5:30 PM or 17:30, not “{text.strip()[:40]}”")


def read_span(text: str) -> tuple[int, int]:
    """Both ends of "7:30-7:45 PM"; the second is after the first, past midnight if need be."""
    parts = _SPAN.split(text.strip())
    if len(parts) != 2:
        raise ValueError(f"must be two times like 7:30 PM-7:45 PM, not “{text.strip()[:40]}”")
    first, last = parts
    half = re.search(r"[ap]\.?\s*m\.?\s*$", last, re.IGNORECASE)
    if half and not re.search(r"[ap]\.?\s*m?\.?\s*$", first, re.IGNORECASE):
        same = read_clock(first + half.group())
        if same <= read_clock(last):
            return same, read_clock(last)
    return ordered(read_clock(first), read_clock(last))


def read_pause(text: str) -> Pause:
    """A break such as "8:00-8:20 PM", or "20 min within 7:30-8:30 PM"."""
    found = _MINUTES.search(text)
    opens, closes = read_span(_MINUTES.sub("", text) if found else text)
    minutes = int(found["minutes"]) if found else closes - opens
    if not 0 < minutes <= closes - opens:
        raise ValueError(f"must have room for the {minutes} minutes between its two times")
    return opens, closes, minutes


def say_pause(pause: Pause) -> str:
    """As people say it: 8:00–8:20 PM, or 20 min within 7:30–8:30 PM."""
    opens, closes, minutes = pause
    within = f"{minutes} min within " if minutes < closes - opens else ""
    return within + say_span(opens, closes)


def plain_pause(pause: Pause) -> str:
    """As spreadsheets have it."""
    opens, closes, minutes = pause
    within = f"{minutes} min within " if minutes < closes - opens else ""
    return f"{within}{plain_clock(opens)}-{plain_clock(closes)}"


def ordered(opens: int, closes: int) -> tuple[int, int]:
    """The two, the second on the next day where it would be before the first."""
    return (opens, closes + DAY) if closes <= opens and closes < DAY else (opens, closes)


def plain_clock(minutes: int) -> str:
    """As forms and spreadsheets have it: 17:30."""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def say_clock(minutes: int) -> str:
    """As people say it: 5:30 PM."""
    hour, minute = minutes // 60 % 24, minutes % 60
    return f"{hour % 12 or 12}:{minute:02} {'PM' if hour >= 12 else 'AM'}"


def say_span(opens: int, closes: int) -> str:
    """As people say it; the half of the day once, if it is one."""
    first, last = say_clock(opens), say_clock(closes)
    return f"{first[:-3] if first[-2:] == last[-2:] else first}–{last}"


def minutes_of(moment: datetime, day: str, zone: ZoneInfo) -> int:
    """What the city's clocks show, counted from the midnight with which `day` begins."""
    local = moment.astimezone(zone).replace(tzinfo=None)
    return int((local - datetime.fromisoformat(day)).total_seconds() // 60)


def moment_of(minutes: int, day: str, zone: ZoneInfo) -> datetime:
    """The moment at which the city's clocks show it."""
    days, rest = divmod(minutes, DAY)
    on = date.fromisoformat(day) + timedelta(days=days)
    return datetime.combine(on, time(rest // 60, rest % 60), zone)
