"""What is kept how long, what would be removed now, what was removed. Main adds it."""

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.registration.desk import Desk, NotFound
from services.registration.pages.frame import not_found
from services.registration.pages.language import language
from services.registration.pages.staff_frame import staff_page
from services.registration.purge_desk import TOLD, PurgeDesk, removed
from shared.actor import current_actor

Answer = Response | AnyResponse


def make_retention(desk: Desk, purges: PurgeDesk) -> Blueprint:
    """The blueprint of the page."""
    pages = Blueprint("retention", __name__)

    @pages.get("/staff/<city>/settings/retention")
    def show(city: str) -> Answer:
        found = desk.city(city)
        return staff_page(
            desk,
            found,
            "retention.html",
            spoken=language("en"),
            days=list(found.retention.days()),
            due=purges.purge(found, "", dry=True),
            done=purges.done(found),
            told=TOLD,
            removed=request.args.get("removed", ""),
        )

    @pages.post("/staff/<city>/settings/retention")
    def purge(city: str) -> Answer:
        report = purges.purge(desk.city(city), current_actor().name)
        done = removed(report) or report.get(TOLD, 0)
        return redirect(url_for("retention.show", city=city, removed=done), 303)

    pages.register_error_handler(NotFound, not_found)
    return pages
