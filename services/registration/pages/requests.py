"""The queue of requests for programmes, for the officers who answer them. Main adds it."""

from collections.abc import Iterable
from typing import get_args
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.registration.desk import Desk, NotFound
from services.registration.domain.city import City
from services.registration.domain.complaints import Rejected
from services.registration.domain.programmes import NAMES, Act, ProgrammeRequest, numbers_of
from services.registration.handlers.programmes import RequestMoved, Step
from services.registration.pages.frame import not_found
from services.registration.pages.language import language
from services.registration.pages.staff_frame import staff_page
from services.registration.pages.staff_words import as_dialled
from services.registration.request_desk import NoSuchRequest, RequestDesk
from shared.actor import current_actor

Answer = Response | AnyResponse
_FILTERS = ("area", "programme", "state", "officer")
_WRITTEN = ("officer", "note", "area")
_PAGE = 50
_UNKNOWN = "none"
"""As an area: not known. As an officer: nobody yet."""


def make_requests(desk: Desk, requests: RequestDesk) -> Blueprint:
    """The blueprint of the queue."""
    pages = Blueprint("requests", __name__)
    base = "/staff/<city>/requests"

    @pages.get(base)
    def listed(city: str) -> Answer:
        return _listed(desk, requests, desk.city(city))

    @pages.get(f"{base}/printable")
    def printable(city: str) -> Answer:
        settings = desk.city(city)
        found = _filtered(requests.queue(settings), settings, {"state": "open"} | _wanted())
        requests.note_reading(settings, len(found), "printed")
        by_officer: dict[str, list[ProgrammeRequest]] = {}
        for one in found:
            by_officer.setdefault(one.answered_by(settings), []).append(one)
        groups = sorted(by_officer.items(), key=lambda item: (not item[0], item[0]))
        return _page(desk, settings, "requests_printable.html", groups=groups, total=len(found))

    @pages.get(f"{base}/numbers")
    def numbers(city: str) -> Answer:
        settings = desk.city(city)
        found = requests.queue(settings)
        programmes = [
            numbers_of(name, (r for r in found if r.programme == code))
            for code, name in NAMES.items()
        ]
        places = [(area.code, area.name) for area in settings.areas] + [("", "Area not known")]
        areas = [
            numbers_of(name, (r for r in found if _area(r, settings) == code))
            for code, name in places
        ]
        total = numbers_of("All", found)
        tables = [("By programme", programmes), ("By area", areas)]
        return _page(desk, settings, "requests_numbers.html", tables=tables, total=total)

    @pages.post(f"{base}/<uuid:number>")
    def step(city: str, number: object) -> Answer:
        settings, act = desk.city(city), request.form.get("act", "")
        who = current_actor().name
        try:
            if act == "undo":
                requests.undo(settings, str(number), _seen(), who)
            elif act in get_args(Act):
                texts = [request.form.get(n, "").replace("\0", "") for n in _WRITTEN]
                texts[2] = texts[2] if texts[2] in settings.area_codes() else ""
                requests.step(settings, str(number), Step(act, _seen(), *texts), who)  # type: ignore[arg-type]  # checked above
        except RequestMoved as moved:
            return _listed(desk, requests, settings, str(moved), 409)
        except Rejected as rejected:
            return _listed(desk, requests, settings, rejected.complaints[0].said(), 422)
        query = urlencode({"done": str(number)} | _wanted())
        return redirect(f"{url_for('requests.listed', city=city)}?{query}#r-{number}", 303)

    pages.register_error_handler(NotFound, not_found)
    pages.register_error_handler(NoSuchRequest, not_found)
    return pages


def _listed(
    desk: Desk, requests: RequestDesk, city: City, error: str = "", status: int = 200
) -> Answer:
    everything, wanted = requests.queue(city), _wanted()
    found = _filtered(everything, city, wanted)
    page = max(1, _number(request.args.get("page", "")))
    shown = found[(page - 1) * _PAGE : page * _PAGE]
    requests.note_reading(city, len(shown), "listed")
    officers = {r.answered_by(city) for r in everything} | {a.officer for a in city.areas}
    return _page(
        desk,
        city,
        "requests.html",
        status,
        shown=shown,
        total=len(found),
        waiting=sum(r.is_open for r in everything),
        wanted=wanted,
        page=page,
        more=len(found) > page * _PAGE,
        officers=sorted(officers - {""}),
        done=request.args.get("done", ""),
        error=error,
    )


def _page(desk: Desk, city: City, template: str, status: int = 200, **words: object) -> Answer:
    areas = {area.code: area.name for area in city.areas}
    return staff_page(
        desk,
        city,
        template,
        status,
        spoken=language("en"),
        names=NAMES,
        areas=areas,
        dialled=as_dialled,
        **words,
    )


def _wanted() -> dict[str, str]:
    """The filters that are set; a form that changes a request carries them along."""
    given = ((name, request.args.get(name, "").replace("\0", "")[:200]) for name in _FILTERS)
    return {name: text for name, text in given if text}


def _filtered(
    requests: Iterable[ProgrammeRequest], city: City, wanted: dict[str, str]
) -> list[ProgrammeRequest]:
    def fits(one: ProgrammeRequest) -> bool:
        has = {
            "area": _area(one, city) or _UNKNOWN,
            "programme": one.programme,
            "state": one.state,
            "officer": one.answered_by(city) or _UNKNOWN,
        }
        return all(has[name] == text for name, text in wanted.items())

    return [one for one in requests if fits(one)]


def _area(one: ProgrammeRequest, city: City) -> str:
    """The request's area; one that the city does not have any more is not known."""
    return one.area if one.area in city.area_codes() else ""


def _seen() -> int:
    return _number(request.form.get("seen", ""))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
