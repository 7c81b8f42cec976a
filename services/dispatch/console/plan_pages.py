"""The planner's pages: drafts, policies, edits, checks, prints. Registered by `main`."""

from collections.abc import Callable

from flask import Blueprint, render_template

from services.dispatch.console.plan_decisions import add_decisions
from services.dispatch.console.plan_drafts import add_drafts
from services.dispatch.console.plan_prints import add_prints
from services.dispatch.preparing.office import NoSuchCity, NoSuchThing, Office
from shared.actor import current_actor

LinkOf = Callable[[str, str], str | None]
"""The address behind the QR code of a city's team; None where there is none to give."""


def make_plan_pages(office: Office, link_of: LinkOf = lambda _city, _team: None) -> Blueprint:
    """The blueprint with all pages; each works without scripts."""
    pages = Blueprint(
        "plan",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/plan-static",
    )
    pages.context_processor(lambda: {"actor": current_actor()})
    pages.register_error_handler(NoSuchCity, _no_city)
    pages.register_error_handler(NoSuchThing, _no_thing)
    add_drafts(pages, office)
    add_decisions(pages, office)
    add_prints(pages, office, link_of)
    return pages


def _no_city(error: Exception) -> tuple[str, int]:
    return render_template("plan/lost.html", said=str(error), city=""), 404


def _no_thing(error: Exception) -> tuple[str, int]:
    return render_template("plan/lost.html", said=str(error), city=""), 404
