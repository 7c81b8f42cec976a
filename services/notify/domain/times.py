"""Moments as people say them, in a city's zone and a host's language. Texts and pages use it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from services.notify.domain.values import Span


@dataclass(frozen=True, slots=True)
class _Tongue:
    noon: tuple[str, str]
    days: tuple[str, ...]
    months: tuple[str, ...]
    date: str
    day: str


_ENGLISH = _Tongue(
    noon=("am", "pm"),
    days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    date="{weekday}, {month} {day}",
    day="{month} {day}",
)
_TONGUES = {
    "en": _ENGLISH,
    "es": _Tongue(
        noon=("a. m.", "p. m."),
        days=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
        months=(
            *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
            *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
        ),
        date="{weekday} {day} de {month}",
        day="{day} de {month}",
    ),
}


def spoken_span(span: Span, zone: str, language: str) -> str:
    """Like "7:10–7:40 pm", or "11:40 am–12:10 pm" where the halves of the day differ."""
    opens, closes = (_local(moment, zone) for moment in (span.opens, span.closes))
    noon = _TONGUES.get(language, _ENGLISH).noon
    first, last = noon[opens.hour >= 12], noon[closes.hour >= 12]
    begins = _clock(opens) if first == last else f"{_clock(opens)} {first}"
    return f"{begins}–{_clock(closes)} {last}"


def spoken_date(moment: datetime, zone: str, language: str) -> str:
    """Like "Tuesday, August 4" or "martes 4 de agosto"."""
    local, tongue = _local(moment, zone), _TONGUES.get(language, _ENGLISH)
    return tongue.date.format(
        weekday=tongue.days[local.weekday()], month=tongue.months[local.month - 1], day=local.day
    )


def spoken_day(moment: datetime, zone: str, language: str) -> str:
    """Like "August 4" or "4 de agosto": the date without a weekday, which costs less to send."""
    local, tongue = _local(moment, zone), _TONGUES.get(language, _ENGLISH)
    return tongue.day.format(month=tongue.months[local.month - 1], day=local.day)


def spoken_clock(moment: datetime, zone: str, language: str) -> str:
    """Like "7:10 pm" or "7:10 p. m."."""
    local = _local(moment, zone)
    return f"{_clock(local)} {_TONGUES.get(language, _ENGLISH).noon[local.hour >= 12]}"


def spoken_age(age_seconds: float) -> str:
    """Like "now", "12 s ago", "5 min ago", "3 h ago", "2 days ago"."""
    seconds = int(age_seconds)
    if seconds < 1:
        return "now"
    if seconds < 60:
        return f"{seconds} s ago"
    if seconds < 3600:
        return f"{seconds // 60} min ago"
    if seconds < 172_800:
        return f"{seconds // 3600} h ago"
    return f"{seconds // 86_400} days ago"


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def _clock(moment: datetime) -> str:
    return f"{moment.hour % 12 or 12}:{moment.minute:02}"
