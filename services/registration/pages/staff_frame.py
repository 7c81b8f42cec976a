"""The frame of every staff page: navigation, the cities to choose from, who reads. Pages use it.

`staff_page` is all that a page needs: it renders a template that extends `staff_frame.html`.
"""

from dataclasses import dataclass

from flask import Response, current_app, make_response, render_template, request
from flask_wtf.csrf import generate_csrf

from services.registration.desk import Desk
from services.registration.domain.city import City
from shared.actor import Actor, current_actor

WRITERS = ("planner",)
_ENTRIES = (
    ("Parties", "/staff/{city}/parties"),
    ("To look at", "/staff/{city}/held"),
    ("Doubles", "/staff/{city}/doubles"),
    ("Places", "/staff/{city}/places"),
    ("Import", "/staff/{city}/import"),
    ("Export", "/staff/{city}/export"),
    ("Requests", "/staff/{city}/requests"),
    ("Settings", "/staff/{city}/settings"),
    ("Audit", "/audit"),
)
_READERS = ("planner", "dispatcher", "auditor")
_OPENED_BY = {
    **dict.fromkeys(("Places", "Import", "Export", "Requests", "Settings"), WRITERS),
    "Audit": ("auditor",),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the navigation; `here` marks the part of which the present page is one."""

    words: str
    address: str
    here: bool


def staff_page(
    desk: Desk, city: City, template: str, status: int = 200, **words: object
) -> Response:
    """The page in the staff's frame, stored by nobody."""
    actor = current_actor()
    framed: dict[str, object] = {
        "city": city,
        "cities": _cities(desk, actor),
        "entries": _entries(city.slug, actor),
        "actor": actor,
        "may_write": may_write(city.slug),
        "csrf_token": generate_csrf,
    }
    page = render_template(template, **(framed | words))
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def may_write(city: str) -> bool:
    """Whether whoever is signed in may change what the city's lists hold."""
    return current_actor().has(city, *WRITERS)


def _cities(desk: Desk, actor: Actor) -> list[City]:
    return [city for city in desk.cities.all() if actor.reaches(city.slug) or _held(actor, city)]


def _held(actor: Actor, city: City) -> bool:
    return any(grant.city in (city.slug, "*") for grant in actor.grants)


def _entries(city: str, actor: Actor) -> list[Entry]:
    """What this installation serves of the navigation, and the reader may open."""
    routes = current_app.url_map.bind("")
    found = []
    for words, template in _ENTRIES:
        address = template.format(city=city)
        if not actor.has(city, *_OPENED_BY.get(words, _READERS)):
            continue
        if routes.test(address):
            parts = (address, f"/staff/{city}/bulk") if words == "Parties" else (address,)
            here = f"{request.path}/".startswith(tuple(f"{part}/" for part in parts))
            query = f"?city={city}" if address == "/audit" else ""
            found.append(Entry(words, address + query, here))
    return found
