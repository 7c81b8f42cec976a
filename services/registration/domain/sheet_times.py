"""Times of day, dates and spans of hours as people write them into lists. Rows of sheets use it."""

import re
from datetime import date, datetime, time, timedelta

from services.registration.domain.civil_time import NotATime

_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:\s*[:.h]\s*(?P<minute>\d{2}))?(?:[:.](?P<second>\d{2}))?"
    r"\s*(?P<half>[ap])?\.?\s*(?:m\.?)?",
    re.ASCII | re.IGNORECASE,
)
_MILITARY = re.compile(r"([01]\d|2[0-3])([0-5]\d)(?:\s*(?:h|hrs?|hours))?", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,4})[/.-](\d{1,2})[/.-](\d{2,4})", re.ASCII)
_WORDS = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+")
_BETWEEN = re.compile(r"\s*(?:–|—|\bto\b|\buntil\b|\btill?\b|(?<=[\dmMnt.\s])-(?=\s*[\dnm]))\s*")
_SERIAL = re.compile(r"(?:0|[2-7]\d{4})?\.\d+", re.ASCII)
_EXCEL_BEGINS = datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets count in local time
_NAMED = {"noon": time(12), "midday": time(12), "midnight": time(0)}


def read_clock(text: str) -> time:
    """A time of day: 17:30, 5:30 p.m., 5.30pm, 5 PM, 1730, noon; raises `NotATime`."""
    plain = " ".join(text.lower().split())
    if plain in _NAMED:
        return _NAMED[plain]
    military = _MILITARY.fullmatch(plain)
    if military:
        return time(int(military[1]), int(military[2]))
    found = _CLOCK.fullmatch(plain)
    if found is None or not (found["minute"] or found["half"]):
        raise NotATime(f"{text[:40]!r} is not a time")
    hour, half = int(found["hour"]), found["half"]
    if half:
        if not 1 <= hour <= 12:
            raise NotATime(f"{text[:40]!r} is not a time")
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, int(found["minute"] or 0), int(found["second"] or 0))
    except ValueError as error:
        raise NotATime(f"{text[:40]!r} is not a time") from error


def read_date(text: str, day: date) -> date:
    """A date: 2027-08-03, 8/3/2027, Aug 3; the year of `day` where none is named.

    The month comes first where either way is possible. Raises `NotATime`.
    """
    plain = _WEEKDAY.sub("", " ".join(text.lower().split()), count=1)
    try:
        numbers = _NUMBERS.fullmatch(plain)
        if numbers:
            return _from_numbers(*(int(part) for part in numbers.groups()))
        words = _WORDS.fullmatch(plain)
        if words and words[1][:3] in _MONTHS:
            year = int(words[3] or day.year)
            return date(year, _MONTHS.index(words[1][:3]) + 1, int(words[2]))
    except ValueError:
        pass
    raise NotATime(f"{text[:40]!r} is not a date")


def _from_numbers(first: int, second: int, third: int) -> date:
    if first > 31:
        return date(first, second, third)
    year = third + 2000 if third < 100 else third
    return date(year, second, first) if first > 12 else date(year, first, second)


def read_local(text: str, day: date) -> str:
    """The ISO text of a time on `day`, or of a date and time; raises `NotATime`.

    What is ISO already stays as it is, its offset included.
    """
    plain = " ".join(text.split())
    if _SERIAL.fullmatch(plain):
        return _from_serial(float(plain), day).isoformat()
    try:
        if "T" in plain or " " in plain:
            return datetime.fromisoformat(plain).isoformat()
    except ValueError:
        pass
    try:
        return datetime.combine(day, read_clock(plain)).isoformat()
    except NotATime:
        pass
    head, gap, tail = _parted(plain)
    if gap:
        return datetime.combine(read_date(head, day), read_clock(tail)).isoformat()
    raise NotATime(f"{text[:40]!r} is not a time")


def _from_serial(days: float, day: date) -> datetime:
    """A number as Excel counts days: below 1 a time of day, else days since the end of 1899."""
    if not (days < 1 or 20_000 < days < 80_000):
        raise NotATime(f"{days} is not a time")
    whole, part = divmod(days, 1)
    first = _EXCEL_BEGINS + timedelta(days=whole) if whole else datetime.combine(day, time())
    return first + timedelta(minutes=round(part * 1440))


def _parted(text: str) -> tuple[str, str, str]:
    """Date and time where a space or a comma parts them: at the first that leaves a time behind."""
    for gap in re.finditer(r",?\s+(?:at\s+)?", text):
        tail = text[gap.end() :]
        try:
            read_clock(tail)
        except NotATime:
            continue
        return text[: gap.start()], " ", tail
    return text, "", ""


def read_hours(text: str) -> tuple[str, str]:
    """Both ends of a span such as 6-9 pm, 17:30 to 20:00; raises `NotATime`."""
    parts = _BETWEEN.split(" ".join(text.split()))
    if len(parts) != 2:
        raise NotATime(f"{text[:40]!r} is not two times")
    opens, closes = parts
    half = re.search(r"[ap]\.?\s*m?\.?$", closes.lower())
    if half and not re.search(r"[apn]", opens.lower()):
        earlier = f"{opens} {half[0]}"
        crosses = "p" in half[0] and read_clock(earlier) > read_clock(closes)
        opens = f"{opens} am" if crosses else earlier
    return opens, closes
