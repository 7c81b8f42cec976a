"""The frame of notify's staff pages: where one can go, in which city, and what waits there.

Only main uses it. A page that another module adds appears as soon as its address leads somewhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import Blueprint, Flask, Response, current_app, g, jsonify, redirect, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as AnyResponse

from services.notify.adapters.choices import Needs
from services.notify.adapters.reading import CityName
from shared.actor import NOBODY, Actor, current_actor

STAFF = ("notifier", "dispatcher", "planner", "auditor")


@dataclass(frozen=True, slots=True)
class Place:
    """One page of the navigation: `path` holds the city or gets it as a query."""

    name: str
    path: str
    needs: str = ""


PLACES = (
    Place("Messages", "/messages"),
    Place("Failures", "/failures/{city}", "failures"),
    Place("Calls", "/calls/{city}", "calls"),
    Place("Inbox", "/inbox", "inbox"),
    Place("Broadcasts", "/broadcasts/{city}", "broadcasts"),
    Place("Opt-outs", "/opt-outs/{city}"),
    Place("Wording", "/wording/{city}"),
    Place("Settings", "/settings/{city}"),
    Place("Delivery", "/settings/{city}/delivery"),
    Place("Outbox", "/"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A place as it is shown."""

    name: str
    url: str
    here: bool
    needs: str
    number: int


@dataclass(frozen=True, slots=True)
class Frame:
    """What the frame of the present page shows."""

    links: tuple[Link, ...]
    city: CityName | None
    cities: tuple[CityName, ...]
    here: str


@dataclass(frozen=True, slots=True)
class Framing:
    """Makes frames; `cities` and `needs` ask the database."""

    cities: Callable[[], Sequence[CityName]]
    needs: Callable[[str], Needs]

    def frame(self, shown: str = "") -> Frame:
        """The frame of a page about city `shown`, or about the one that the address names."""
        if current_actor() == NOBODY:
            return Frame((), None, (), "")
        cities = tuple(city for city in self.cities() if opens(current_actor(), city.id))
        wanted = shown or _named()
        city = next((c for c in cities if c.id == wanted), None) or next(iter(cities), None)
        found = self.needs(city.id) if city else Needs(0, 0, 0, 0)
        links = tuple(self._link(place, city, found) for place in PLACES if _leads(place, city))
        return Frame(links, city, cities, next((x.name for x in links if x.here), ""))

    def _link(self, place: Place, city: CityName | None, needs: Needs) -> Link:
        number = int(getattr(needs, place.needs)) if place.needs else 0
        url = address(place, city.id if city else "")
        return Link(place.name, url, place is _here(), place.needs, number)


def opens(actor: Actor, city: str) -> bool:
    """Whether staff of this kind has anything to look for in the city."""
    return actor.has(city, *STAFF)


def address(place: Place, city: str) -> str:
    """Where the place is, for a city."""
    if "{city}" in place.path:
        return place.path.format(city=quote(city, safe=""))
    return f"{place.path}?{urlencode({'city': city})}" if city else place.path


def _named() -> str:
    view_args = request.view_args or {}
    return str(view_args.get("city") or request.args.get("city") or g.get("city", ""))


def _leads(place: Place, city: CityName | None) -> bool:
    path = place.path.format(city=city.id if city else "")
    if not city and "{city}" in place.path:
        return False
    try:
        current_app.url_map.bind("").match(path)
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True


def _here() -> Place | None:
    """The place of the present page: the one whose address is the longest beginning of its own."""
    city = str((request.view_args or {}).get("city") or "")
    path = "/messages" if request.path.startswith("/parties/") else request.path
    fitting = [p for p in PLACES if _begins(path, p.path.replace("{city}", city))]
    return max(fitting, key=lambda p: len(p.path), default=None)


def _begins(path: str, with_this: str) -> bool:
    return path == with_this or (with_this != "/" and path.startswith(f"{with_this}/"))


def frame_pages(framing: Framing) -> Blueprint:
    """What the frame itself needs: the choice of a city, and fresh counts."""
    pages = Blueprint("frame", __name__, template_folder="templates")

    @pages.get("/go")
    def go() -> AnyResponse:
        wanted = request.args.get("city", "")
        known = {city.id for city in framing.cities() if opens(current_actor(), city.id)}
        city = wanted if wanted in known else ""
        place = next((p for p in PLACES if p.name == request.args.get("page")), PLACES[0])
        if not city:
            return redirect(url_for("messages.listed"), 303)
        return redirect(address(place, city), 303)

    @pages.get("/needs")
    def needs() -> Response:
        wanted = request.args.get("city", "")
        if not opens(current_actor(), wanted):
            return jsonify(Needs(0, 0, 0, 0))
        answer = jsonify(framing.needs(wanted))
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return pages


def set_frame(app: Flask, framing: Framing) -> None:
    """Let every template ask for its frame."""
    app.jinja_env.globals["frame"] = framing.frame
