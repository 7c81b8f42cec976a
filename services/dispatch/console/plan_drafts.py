"""Pages of drafts: the overview, one draft, two side by side, a plan by hand. For `plan_pages`."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.dispatch.adapters.draft_wishes import PRESENT
from services.dispatch.console.plan_asking import Question, agreed, ask_first, counted, listed
from services.dispatch.console.plan_frame import done, evening_now, frame_of, who
from services.dispatch.console.plan_routes import routes_csv, routes_of
from services.dispatch.domain.drafts import stored_draft
from services.dispatch.domain.framing import frame
from services.dispatch.domain.moves import Foreseen
from services.dispatch.preparing import checking, drafts
from services.dispatch.preparing.foreseeing import foresee_draft
from services.dispatch.preparing.office import Office, Overtaken
from services.dispatch.preparing.policies import show_policies
from shared.failures import Refused
from shared.uploads import takes_file

LARGEST_SHEET = 200_000


def add_drafts(pages: Blueprint, office: Office) -> None:
    """Add the pages and what their buttons do."""
    _add_overview(pages, office)
    _add_finalizing(pages, office)
    _add_buttons(pages, office)
    _add_looks(pages, office)
    _add_check(pages, office)


def _add_overview(pages: Blueprint, office: Office) -> None:
    @pages.get("/<city>/plan")
    def overview(city: str) -> str:
        return _overview(office, city, {}, {})

    @pages.post("/<city>/plan/drafts")
    def ask(city: str) -> Response | tuple[str, int]:
        try:
            drafts.ask_draft(office, city, _wish(), who())
        except Refused as fault:
            return _overview(office, city, fault.fields, request.form), 422
        flash("The draft is being made. It does not change anything until it is finalized.", "done")
        return redirect(url_for("plan.overview", city=city), 303)


def _add_finalizing(pages: Blueprint, office: Office) -> None:
    @pages.get("/<city>/plan/drafts/<name>/finalize")
    @pages.post("/<city>/plan/drafts/<name>/finalize")
    def finalize(city: str, name: str) -> Response | str:
        try:
            found = foresee_draft(office, city, name)
        except Overtaken as fault:
            flash(str(fault), "refused")
            return redirect(url_for("plan.overview", city=city), 303)
        if not agreed(found):
            return ask_first(office, city, found, _before_finalizing(city, name, found))

        def act() -> str:
            version = drafts.finalize_draft(office, city, name, who())
            return f"The draft {name!r} is now plan {version}. Hosts and teams are being told."

        return done(act, "plan.overview", city=city)


def _add_buttons(pages: Blueprint, office: Office) -> None:
    @pages.post("/<city>/plan/drafts/<name>/rebase")
    def rebase(city: str, name: str) -> Response:
        def act() -> str:
            drafts.rebase_draft(office, city, name, who())
            return f"The draft {name!r} is being made anew on the city as it is now."

        return done(act, "plan.overview", city=city)

    @pages.post("/<city>/plan/drafts/<name>/drop")
    def drop(city: str, name: str) -> Response:
        def act() -> str:
            drafts.drop_draft(office, city, name)
            return f"The draft {name!r} is gone."

        return done(act, "plan.overview", city=city)

    @pages.post("/<city>/plan/forecast")
    def foresee(city: str) -> Response:
        def act() -> str:
            checking.ask_forecast(office, city)
            return "What can be promised is being worked out; it takes some seconds."

        return done(act, "plan.overview", city=city)


def _before_finalizing(city: str, name: str, found: Foreseen) -> Question:
    hosts = counted(found.told, "host", "hosts")
    parts = (
        (found.first, "hears of a first visit", "hear of a first visit"),
        (len(found.moves) - found.lost, "hears of a change", "hear of a change"),
        (found.lost, "loses a visit", "lose a visit"),
    )
    words = f"{hosts} will be told: {listed(*parts)}." if found.told else ""
    return Question(
        heading=f"Finalize “{name}”?",
        words=words or "No host will be told anything new.",
        agree=f"Finalize and tell {hosts}" if found.told else "Finalize",
        back=url_for("plan.overview", city=city),
    )


def _add_looks(pages: Blueprint, office: Office) -> None:
    @pages.get("/<city>/plan/drafts/<name>")
    def draft(city: str, name: str) -> str:
        evening = evening_now(office, city)
        shown = drafts.show_draft(office, city, name)
        content = shown.draft.content
        routes = routes_of(evening, content.draft) if content else []
        return render_template(
            "plan/draft.html",
            frame=frame_of(evening),
            shown=shown,
            draft=shown.draft,
            content=content,
            routes=routes,
        )

    @pages.get("/<city>/plan/compare")
    def compare(city: str) -> str:
        evening = evening_now(office, city)
        first, second = request.args.get("a", PRESENT), request.args.get("b", PRESENT)
        return render_template(
            "plan/compare.html",
            frame=frame_of(evening),
            side=drafts.compare_drafts(office, city, first, second),
            names=[shown.draft.name for shown in drafts.list_drafts(office, city)],
        )


def _add_check(pages: Blueprint, office: Office) -> None:
    @pages.get("/<city>/plan/check")
    def check(city: str) -> str:
        evening = evening_now(office, city)
        sheet = ""
        if request.args.get("from"):
            sheet = routes_csv(evening, stored_draft(frame(evening)))
        return render_template(
            "plan/check.html", frame=frame_of(evening), sheet=sheet, verdict=None, fault=""
        )

    @pages.post("/<city>/plan/check")
    @takes_file(LARGEST_SHEET)
    def checked(city: str) -> tuple[str, int]:
        evening, fault, verdict = evening_now(office, city), "", None
        sheet = _sheet()
        try:
            document = {"routes": checking.read_routes(sheet)}
            verdict = checking.check_plan(office, city, document)
        except Refused as refused:
            fault = str(refused)
        page = render_template(
            "plan/check.html", frame=frame_of(evening), sheet=sheet, verdict=verdict, fault=fault
        )
        return page, 422 if fault else 200


def _sheet() -> str:
    file = request.files.get("file")
    if file and file.filename:
        return file.stream.read(LARGEST_SHEET).decode("utf-8-sig", "replace")
    return request.form.get("sheet", "")


def _overview(office: Office, city: str, errors: Any, entered: Any) -> str:
    evening = evening_now(office, city)
    found = drafts.list_drafts(office, city)
    return render_template(
        "plan/overview.html",
        frame=frame_of(evening),
        evening=evening,
        current=drafts.current(office.planning, evening),
        head=drafts.head_of_plan(office, city),
        drafts=found,
        busy=any(shown.draft.state in ("waiting", "making") for shown in found),
        forecast=checking.forecast_now(office, city),
        policies=show_policies(office, city),
        errors=errors,
        entered=entered,
    )


def _wish() -> dict[str, Any]:
    """What the form asks for; anything that is no number is refused by its field."""
    form = request.form
    changes = form.get("changes", "0").strip()
    seed = form.get("seed", "1").strip()
    return {
        "name": form.get("name", "").strip(),
        "seconds": form.get("seconds", "20"),
        "seed": seed or "1",
        "changes": None if changes == "any" else changes or "0",
        "start": form.get("start", ""),
    }
