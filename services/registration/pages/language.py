"""The pages' languages: sentences from the catalogues, dates and times as people say them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from flask import request

from services.registration.domain.civil_time import Span
from shared.languages import NAMES, read_catalogue

_FOLDER = Path(__file__).parent / "catalogue"
_LOCALES = {"en": "en_US", "es": "es_US"}


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its code and how it says a sentence, a date, a time."""

    code: str
    say: Callable[[str], str]

    def day(self, day: date) -> str:
        """The date in full."""
        return format_date(day, "full", locale=_LOCALES[self.code])

    def time(self, moment: datetime, zone: ZoneInfo) -> str:
        """The local time of day."""
        return format_time(moment, "h:mm a", tzinfo=zone, locale=_LOCALES[self.code])

    def between(self, span: Span, zone: ZoneInfo) -> str:
        """Some time in the span, as in 'between 7:10 and 7:40 PM'."""
        return self._span(self.say("between {opens} and {closes}"), span, zone)

    def throughout(self, span: Span, zone: ZoneInfo) -> str:
        """The whole span, as in '6:00 to 9:00 PM'."""
        return self._span(self.say("{opens} to {closes}"), span, zone)

    def _span(self, template: str, span: Span, zone: ZoneInfo) -> str:
        opens, closes = span.opens.astimezone(zone), span.closes.astimezone(zone)
        pattern = "h:mm" if (opens.hour < 12) == (closes.hour < 12) else "h:mm a"
        first = format_time(opens, pattern, tzinfo=zone, locale=_LOCALES[self.code])
        return template.format(opens=first, closes=self.time(closes, zone))

    def moment(self, moment: datetime, zone: ZoneInfo) -> str:
        """A date and time, short."""
        day = "d MMM" if self.code == "es" else "MMM d"
        style = f"{day}, h:mm a"
        return format_datetime(moment, style, tzinfo=zone, locale=_LOCALES[self.code])

    def name_of(self, code: str) -> str:
        """A language's own name."""
        return NAMES.get(code, code)


@cache
def language(code: str) -> Language:
    """The language; English needs no catalogue."""
    if code == "en":
        return Language("en", str)
    sentences = catalogue(code)
    return Language(code, lambda text: sentences.get(text, text))


def catalogue(code: str) -> dict[str, str]:
    """The language's sentences by the English ones."""
    return read_catalogue(_FOLDER, code)


def chosen(offered: tuple[str, ...], preferred: str = "") -> Language:
    """What `?lang=` asks for, else `preferred`, else what the browser likes; of those offered."""
    codes = [code for code in offered if code in NAMES] or ["en"]
    for wish in (request.args.get("lang", ""), preferred):
        if wish in codes:
            return language(wish)
    return language(request.accept_languages.best_match(codes) or codes[0])
