"""The roster's pages: the board of teams, the forms, the list of changes. Registered by `main`."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from services.dispatch.domain.roster.masking import CONTACTS, veiled
from services.dispatch.domain.roster.moving import Mover
from services.dispatch.domain.roster.values import Crew, Person, Vehicle, What
from services.dispatch.roster.forms import form_of, seen_version, sent, trouble_of
from services.dispatch.roster.opened import Opener, Seen, sort_of
from services.dispatch.roster.showing import show, told
from services.dispatch.rostering import (
    SINGULAR,
    Done,
    Overtaken,
    Unknown,
    add_entry,
    change_entry,
    move_entries,
    remove_entry,
    undo_change,
)
from shared.actor import current_actor
from shared.failures import Refused

BASE = "/<city>/roster"
ENTRY = f"{BASE}/<what>"
BLANKS: dict[What, Any] = {
    "people": Person("", ""),
    "vehicles": Vehicle("", ""),
    "teams": Crew("", ""),
}
Page = AnyResponse | str | tuple[str, int]


def make_roster_pages(opener: Opener) -> Blueprint:
    """The blueprint with all pages but those of imports and of printing."""
    pages = Blueprint(
        "roster",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/roster-static",
    )
    pages.register_error_handler(Unknown, _missing)
    pages.context_processor(lambda: {"reader": current_actor()})

    @pages.get(BASE)
    def page(city: str) -> Page:
        return _page(opener.see(city))

    @pages.post(f"{BASE}/moves")
    def move(city: str) -> Page:
        try:
            movers = [Mover.of(token) for token in request.form.getlist("move")][:200]
        except ValueError as fault:
            raise Unknown("Reload the page; what it named is not there.") from fault
        if not movers:
            return _page(opener.see(city), problem="Tick somebody or something first."), 422
        try:
            with opener.desk() as (desk, _):
                done = move_entries(desk, city, movers, request.form.get("to", ""))
        except Overtaken as late:
            return _page(opener.see(city), problem=str(late)), 409
        return _back(city, done)

    @pages.post(f"{BASE}/changes/<int:version>/undo")
    def undo(city: str, version: int) -> Page:
        try:
            with opener.desk() as (desk, _):
                done = undo_change(desk, city, version)
        except Overtaken as late:
            return _page(opener.see(city), problem=str(late)), 409
        return _back(city, done)

    @pages.get(f"{BASE}/changes")
    def changes(city: str) -> Page:
        seen = opener.see(city, most=200)
        zone = ZoneInfo(seen.city.zone)
        listed = [told(change, zone) for change in seen.changes]
        return render_template("roster/changes.html", city=seen.city, changes=listed)

    _add_forms(pages, opener)
    _add_reveal(pages, opener)
    return pages


def _add_forms(pages: Blueprint, opener: Opener) -> None:
    @pages.get(f"{ENTRY}/new")
    def blank(city: str, what: str) -> Page:
        sort = sort_of(what)
        return _form(opener.see(city), sort, BLANKS[sort])

    @pages.get(f"{ENTRY}/<id_>")
    def entry(city: str, what: str, id_: str) -> Page:
        seen, sort = opener.see(city), sort_of(what)
        return _form(seen, sort, _known(seen, sort, id_))

    @pages.post(f"{ENTRY}/new")
    def add(city: str, what: str) -> Page:
        sort = sort_of(what)
        given = sent(sort)
        try:
            with opener.desk() as (desk, _):
                done = add_entry(desk, city, sort, given)
        except Refused as refused:
            return _form(opener.see(city), sort, BLANKS[sort], given, fault=refused), 422
        return _back(city, done)

    @pages.post(f"{ENTRY}/<id_>")
    def save(city: str, what: str, id_: str) -> Page:
        sort = sort_of(what)
        given = sent(sort)
        try:
            with opener.desk() as (desk, _):
                if "remove" in request.form:
                    done = remove_entry(desk, city, sort, id_, seen_version())
                else:
                    done = change_entry(desk, city, sort, id_, given, seen_version())
        except (Refused, Overtaken) as fault:
            seen = opener.see(city)
            status = 422 if isinstance(fault, Refused) else 409
            return _form(seen, sort, _known(seen, sort, id_), given, fault=fault), status
        return _back(city, done)


def _add_reveal(pages: Blueprint, opener: Opener) -> None:
    @pages.post(f"{BASE}/people/<id_>/contacts")
    def reveal(city: str, id_: str) -> AnyResponse:
        person = opener.reveal(city, id_)
        answer = make_response(_form(opener.see(city), "people", person, revealed=True))
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _page(seen: Seen, problem: str = "") -> str:
    shown = show(seen)
    number = request.args.get("done", "")
    done = next((told for told in shown.changes if str(told.version) == number), None)
    find = request.args.get("find", "").strip().lower()[:80]
    return render_template(
        "roster/roster.html", shown=shown, problem=problem, done=done, find=find, city=seen.city
    )


def _form(
    seen: Seen,
    what: What,
    entry: Any,
    given: dict[str, Any] | None = None,
    fault: Refused | Overtaken | None = None,
    *,
    revealed: bool = False,
) -> str:
    form = form_of(what, entry if revealed else veiled(entry), seen.roster, seen.evening, given)
    if isinstance(fault, Refused):
        # The version stays the one that was seen: only a good save may overwrite.
        form = replace(form, errors=fault.fields, problem=str(fault), seen=seen_version())
    if isinstance(fault, Overtaken):
        form = replace(form, changed=fault.changed, problem=str(fault))
    trouble = trouble_of(entry.id, seen.roster, seen.evening) if entry.id else []
    return render_template(
        "roster/entry.html",
        city=seen.city,
        form=form,
        sort=SINGULAR[what],
        trouble=trouble,
        hidden=not revealed and any(getattr(entry, name, "") for name in CONTACTS),
    )


def _known(seen: Seen, what: What, id_: str) -> Any:
    found = seen.roster.of(what).get(id_)
    if found is None:
        raise Unknown(f"This {SINGULAR[what]} is not in the roster; somebody may have removed it.")
    return found


def _back(city: str, done: Done) -> AnyResponse:
    query = f"?done={done.change.version}" if done.change else ""
    return redirect(f"/{city}/roster{query}", 303)


def _missing(error: Unknown) -> tuple[str, int]:
    city = (request.view_args or {}).get("city", "")
    return render_template("roster/missing.html", words=str(error), city_id=city), 404
