"""The staff's page that takes lists out, and the city's open data for everybody.

Registered by `main`: the first behind the gate, the second before it.
"""

from flask import Blueprint, Response, request

from services.registration.adapters.export_desk import ExportDesk
from services.registration.adapters.exports import (
    GEOJSON,
    as_calendar,
    as_csv,
    as_geojson,
    as_xlsx,
    open_csv,
    open_geojson,
)
from services.registration.adapters.spreadsheets import XLSX
from services.registration.desk import Desk, NotFound
from services.registration.domain.city import City
from services.registration.domain.exported import OPEN_COLUMNS
from services.registration.domain.listing import Listing, read_listing
from services.registration.domain.party import Party
from services.registration.pages.staff_filters import chosen_words
from services.registration.pages.staff_frame import staff_page
from services.registration.pages.staff_lists import missing
from shared.clock import Clock

_MARK = "\ufeff"  # By this Excel knows that a CSV file is UTF-8.


def make_exports(desk: Desk, exports: ExportDesk, clock: Clock) -> Blueprint:
    """The staff's blueprint."""
    pages = Blueprint("exports", __name__)

    @pages.get("/staff/<city>/export")
    def choose(city: str) -> Response:
        settings, listing = desk.city(city), _listing()
        return staff_page(
            desk,
            settings,
            "export.html",
            count=exports.count(settings, listing),
            filters=list(chosen_words(settings, listing)),
            query=listing.address(page=1),
            open_columns=OPEN_COLUMNS,
        )

    @pages.get("/staff/<city>/export/parties.<any(csv, xlsx, geojson, ics):form>")
    def parties(city: str, form: str) -> Response:
        settings, listing = desk.city(city), _listing()
        chosen = exports.parties(settings, listing, form)
        name = f"{city}-parties-{clock.now().astimezone(settings.zone):%Y-%m-%d}.{form}"
        match form:
            case "csv":
                lines = as_csv(chosen, settings)
                body = (_MARK + line if n == 0 else line for n, line in enumerate(lines))
                return _file(Response(body, mimetype="text/csv"), name)
            case "xlsx":
                return _file(Response(as_xlsx(chosen, settings), mimetype=XLSX), name)
            case "geojson":
                return _file(Response(as_geojson(chosen, settings), mimetype=GEOJSON), name)
        body_parts = as_calendar(chosen, settings, clock.now())
        return _file(Response(body_parts, mimetype="text/calendar"), name)

    @pages.get("/staff/<city>/export/open-data.<any(csv, geojson):form>")
    def opened(city: str, form: str) -> Response:
        settings = desk.city(city)
        return _file(_open(exports.public(settings), settings, form), f"{city}-open-data.{form}")

    pages.register_error_handler(NotFound, lambda error: missing(desk, error))
    return pages


def make_open_data(desk: Desk, exports: ExportDesk) -> Blueprint:
    """The blueprint for everybody, of those cities that switched it on."""
    pages = Blueprint("open-data", __name__)

    @pages.get("/<city>/open-data.<any(csv, geojson):form>")
    def opened(city: str, form: str) -> Response:
        settings = desk.city(city)
        if not settings.public.open_data:
            raise NotFound("This city publishes no open data.")
        answer = _open(exports.public(settings), settings, form)
        answer.headers["Cache-Control"] = "public, max-age=300"
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return answer

    return pages


def _open(parties: list[Party], city: City, form: str) -> Response:
    if form == "csv":
        return Response(open_csv(parties, city), mimetype="text/csv")
    return Response(open_geojson(parties, city), mimetype=GEOJSON)


def _listing() -> Listing:
    return read_listing(request.args)


def _file(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
