"""What the planner's pages share: the city they are about, who acts, how they answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from services.dispatch.domain.board import clock, span
from services.dispatch.domain.evening import Evening
from services.dispatch.preparing.office import Office, Overtaken, evening_of
from shared.actor import current_actor
from shared.failures import Permanent, Refused


@dataclass(frozen=True, slots=True)
class Frame:
    """The city that a page is about."""

    city: str
    name: str
    programme: str
    date: str
    evening: str
    zone: ZoneInfo
    areas: Mapping[str, str]

    def when(self, moment: datetime | None) -> str:
        """A moment of these weeks, as people in the city say it."""
        if moment is None:
            return ""
        there = moment.astimezone(self.zone)
        today = there.date() == datetime.now(UTC).astimezone(self.zone).date()
        return clock(moment, self.zone) if today else f"{there:%b %-d}, {clock(moment, self.zone)}"

    def clock(self, moment: datetime) -> str:
        """A time of the evening."""
        return clock(moment, self.zone)


def evening_now(office: Office, city: str) -> Evening:
    """The city's evening; raises `NoSuchCity`."""
    with office.pool.connection() as conn:
        return evening_of(conn, city)


def frame_of(evening: Evening) -> Frame:
    """What the head of a page says."""
    city, zone = evening.city, ZoneInfo(evening.city.zone)
    day = f"{date.fromisoformat(city.date):%A, %B %-d, %Y}"
    times = span(city.evening.opens, city.evening.closes, zone)
    return Frame(city.id, city.name, city.programme, day, times, zone, city.areas)


def done(act: Callable[[], str], endpoint: str, city: str) -> Response:
    """Do it, say what came of it on the page that follows, and go there."""
    try:
        flash(act(), "done")
    except (Overtaken, Refused) as fault:
        flash(_words(fault), "refused")
    return redirect(url_for(endpoint, city=city), 303)


def who() -> str:
    """Who acts, for the record."""
    return current_actor().name


def _words(fault: Permanent) -> str:
    fields = fault.fields.values() if isinstance(fault, Refused) else ()
    return " ".join([str(fault), *(word for words in fields for word in words)])
