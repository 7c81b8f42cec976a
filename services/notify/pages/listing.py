"""Every message as a list with filters, and a party's messages as a thread. Only main uses it."""

from dataclasses import asdict, replace

from flask import Blueprint, Response, request

from services.notify.adapters.choices import Choices, read_choices
from services.notify.adapters.reading import Reading, Wanted
from services.notify.adapters.threads import read_host, read_thread
from services.notify.api.messages import read_wanted
from services.notify.domain.decisions import LANES
from services.notify.domain.messages import AUDIENCES, STATES
from services.notify.pages.answers import live_part, page
from shared.actor import current_actor
from shared.db import Pool
from shared.failures import Refused

PAGE = 50
_NOT_ASKED = ("limit", "before", "within")


def listing_pages(reading: Reading, pool: Pool) -> Blueprint:
    """The blueprint of the pages."""
    pages = Blueprint("messages", __name__, template_folder="templates")

    @pages.get("/messages")
    def listed() -> Response:
        return page("messages.html", **_list(reading, pool))

    @pages.get("/messages/feed")
    def feed() -> Response:
        return live_part("messages_feed.html", **_list(reading, pool))

    @pages.get("/parties/<city>/<party_id>")
    def thread(city: str, party_id: str) -> Response:
        found = _thread(pool, city, party_id)
        return page("thread.html", **found) if found else page("missing.html", 404)

    @pages.get("/parties/<city>/<party_id>/feed")
    def thread_feed(city: str, party_id: str) -> Response:
        found = _thread(pool, city, party_id)
        return live_part("thread_feed.html", **found) if found else page("missing.html", 404)

    return pages


def _thread(pool: Pool, city: str, party_id: str) -> dict[str, object]:
    host = read_host(pool, city, party_id.replace("\0", ""))
    return {"host": host, "items": read_thread(pool, city, host.id)} if host else {}


def read_query() -> tuple[Wanted, bool]:
    """What the address asks for, and whether it could be understood."""
    query = {k: v for k, v in request.args.items() if v}
    try:
        return replace(read_wanted(query), limit=PAGE, reserve=False), True
    except Refused:
        within = tuple(current_actor().cities)
        return Wanted(limit=PAGE, within=within, reserve=False), False


def _list(reading: Reading, pool: Pool) -> dict[str, object]:
    wanted, understood = read_query()
    cities = [city for city in reading.cities() if current_actor().reaches(city.id)]
    if not wanted.city and len(cities) == 1:
        wanted = replace(wanted, city=cities[0].id)
    choices = _choices(pool, wanted.city, {city.id for city in cities})
    messages = reading.messages(wanted)
    counts = reading.counts(wanted)
    return {
        "wanted": wanted,
        "understood": understood,
        "messages": messages,
        "counts": counts,
        "total": sum(counts.values()),
        "states": STATES,
        "audiences": AUDIENCES,
        "lanes": LANES,
        "choices": choices,
        "cities": cities,
        "query": {k: v for k, v in asdict(wanted).items() if v and k not in _NOT_ASKED},
        "older": messages[-1].id if len(messages) == PAGE else "",
    }


def _choices(pool: Pool, city: str, reached: set[str]) -> Choices:
    """What a filter offers: of one city, since areas and teams are a city's own."""
    return read_choices(pool, city) if city in reached else Choices((), (), (), (), ())
