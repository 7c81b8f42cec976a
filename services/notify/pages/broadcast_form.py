"""The form of a broadcast: read from a request, or filled from a draft. Pages use it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from services.notify.adapters.broadcasts import Content
from services.notify.domain.broadcasts import LANGUAGES, Broadcast, Filters, Words
from services.notify.domain.values import City
from services.notify.domain.wording import one_line
from services.notify.pages.answers import chosen, field

USUAL = timedelta(hours=3)
_LOCAL = "%Y-%m-%dT%H:%M"
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed; `until` is the city's local time as browsers write it."""

    id: str
    title: str
    filters: Filters
    words: dict[str, Words]
    until: str

    def content(self, city: City) -> Content:
        """What it says; a time that cannot be read is one long past, which is refused."""
        return Content(one_line(self.title), self.filters, self.words, read_local(self.until, city))


def new_form(city: City, now: datetime) -> Form:
    """An empty form."""
    until = (now + USUAL).astimezone(ZoneInfo(city.zone)).strftime(_LOCAL)
    return Form("", "", Filters(), {language: Words() for language in LANGUAGES}, until)


def form_of(broadcast: Broadcast, city: City) -> Form:
    """The form with a draft in it."""
    until = broadcast.expires_at.astimezone(ZoneInfo(city.zone)).strftime(_LOCAL)
    words = {language: broadcast.words.get(language, Words()) for language in LANGUAGES}
    return Form(broadcast.id, broadcast.title, broadcast.filters, words, until)


def read_form(broadcast_id: str) -> Form:
    """The form of the present request."""
    confirmed = field("confirmed")
    filters = Filters(
        areas=chosen("areas"),
        teams=chosen("teams"),
        visits=chosen("visits"),
        kinds=chosen("kinds"),
        languages=chosen("languages"),
        confirmed=confirmed if confirmed in ("yes", "no") else "",
    )
    words = {
        language: Words(
            sms=one_line(field(f"sms_{language}", 2000)),
            subject=one_line(field(f"subject_{language}", 200)),
            email=field(f"email_{language}", 10_000).strip(),
        )
        for language in LANGUAGES
    }
    return Form(broadcast_id, field("title", 120), filters, words, field("expires_at", 20))


def read_local(text: str, city: City) -> datetime:
    """A moment in UTC, read in the city's zone."""
    try:
        local = datetime.strptime(text, _LOCAL)  # noqa: DTZ007 (the zone follows)
    except ValueError:
        return _LONG_AGO
    return local.replace(tzinfo=ZoneInfo(city.zone)).astimezone(UTC)
