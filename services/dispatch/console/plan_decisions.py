"""Pages of what planners settle: policies and hand edits. For `plan_pages`."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.dispatch.console.plan_asking import Question, agreed, ask_first, counted, listed
from services.dispatch.console.plan_frame import done, evening_now, frame_of, who
from services.dispatch.console.plan_policy_form import document_of, form_values
from services.dispatch.domain.moves import Foreseen
from services.dispatch.preparing import drafts, edits, policies
from services.dispatch.preparing.foreseeing import foresee_edit, foresee_policies
from services.dispatch.preparing.office import Office, Overtaken
from shared.failures import Refused

Errors = Mapping[str, list[str]]


def add_decisions(pages: Blueprint, office: Office) -> None:
    """Add the pages and what their buttons do."""
    _add_policies(pages, office)
    _add_edits(pages, office)


def _add_policies(pages: Blueprint, office: Office) -> None:
    @pages.get("/<city>/plan/policies")
    def show_policies(city: str) -> str:
        return _policies(office, city, {}, None, "")

    @pages.post("/<city>/plan/policies")
    def settle(city: str) -> Response | str | tuple[str, int]:
        form, evening = request.form, evening_now(office, city)
        document = document_of(form, evening)
        try:
            if form.get("action") == "try":
                return _tried(office, city, form, document)
            found = foresee_policies(office, city, document)
            if found.moves and not agreed(found):
                back = url_for("plan.show_policies", city=city)
                return ask_first(office, city, found, _before_moving(found, "Settle them", back))
            policies.change_policies(office, city, document, who(), seen=_seen(form), whole=True)
        except Refused as fault:
            return _policies(office, city, fault.fields, form, str(fault)), 422
        except Overtaken as fault:
            return _policies(office, city, {}, form, str(fault)), 409
        flash("The policies hold from now on; the city is being planned by them.", "done")
        return redirect(url_for("plan.show_policies", city=city), 303)


def _tried(
    office: Office, city: str, form: Mapping[str, str], document: dict[str, Any]
) -> Response:
    """Make a draft under these policies, and settle nothing."""
    name = form.get("draft", "").strip()
    wish = {"name": name, "seconds": 20, "changes": None, "policies": document}
    drafts.ask_draft(office, city, wish, who())
    flash(f"The draft {name!r} is being made under these policies; compare it then.", "done")
    return redirect(url_for("plan.overview", city=city), 303)


def _add_edits(pages: Blueprint, office: Office) -> None:
    @pages.get("/<city>/plan/edits")
    def show_edits(city: str) -> str:
        return _edits(office, city, {}, request.args, "")

    @pages.post("/<city>/plan/edits")
    def add_edit(city: str) -> Response | str | tuple[str, int]:
        form = request.form
        try:
            found = foresee_edit(office, city, _edit(form))
            if found.moves and not agreed(found):
                back = url_for("plan.show_edits", city=city)
                return ask_first(office, city, found, _before_moving(found, "Do it", back))
            added = edits.add_edit(office, city, _edit(form), who(), seen=_seen(form))
        except Refused as fault:
            return _edits(office, city, fault.fields, form, str(fault)), 422
        except Overtaken as fault:
            said = " ".join([str(fault), *fault.changed])
            return _edits(office, city, {}, form, said), 409
        for other in added.overruled:
            flash(f"This makes void: {other.words}", "refused")
        flash(f"{added.edit.words} Every plan keeps it from now on.", "done")
        return redirect(url_for("plan.show_edits", city=city), 303)

    @pages.post("/<city>/plan/edits/<edit>/withdraw")
    def withdraw(city: str, edit: str) -> Response:
        def act() -> str:
            edits.withdraw_edit(office, city, edit, who())
            return "The edit was withdrawn."

        return done(act, "plan.show_edits", city=city)


def _before_moving(found: Foreseen, act: str, back: str) -> Question:
    count = len(found.moves)
    hosts = counted(count, "host", "hosts")
    words = listed(
        (found.lost, "loses the visit", "lose the visit"),
        (count - found.lost, "gets another time or team", "get another time or team"),
    )
    return Question(
        heading=f"This changes what {hosts} {'was' if count == 1 else 'were'} told",
        words=f"{words}.",
        agree=f"{act} and tell {hosts}",
        back=back,
        quick=True,
    )


def _policies(
    office: Office, city: str, errors: Errors, entered: Mapping[str, str] | None, fault: str
) -> str:
    evening = evening_now(office, city)
    now = policies.show_policies(office, city)
    return render_template(
        "plan/policies.html",
        frame=frame_of(evening),
        teams=evening.teams,
        areas=sorted({evening.city.area_name(p.area) for p in evening.parties if p.area}),
        now=now,
        values=entered or form_values(now.settled.policies, evening),
        errors=_by_field(errors),
        fault=fault,
        drafted=entered.get("draft", "") if entered else "",
    )


def _edits(
    office: Office, city: str, errors: Errors, entered: Mapping[str, str], fault: str
) -> str:
    evening = evening_now(office, city)
    return render_template(
        "plan/edits.html",
        frame=frame_of(evening),
        teams=evening.teams,
        kinds=evening.city.kinds,
        parties=sorted(evening.parties, key=lambda party: party.address.casefold()),
        found=edits.list_edits(office, city),
        errors=errors,
        entered=entered,
        fault=fault,
        kind=entered.get("kind", ""),
    )


def _edit(form: Mapping[str, str]) -> dict[str, Any]:
    kind = form.get("kind", "")
    names = ("team", "visitor", "earliest", "latest", "reason")
    document: dict[str, Any] = {name: form[name] for name in names if form.get(name)}
    document["kind"] = kind
    if kind == "lock":
        document["parties"] = [_code(line) for line in form.get("parties", "").splitlines()]
        document["only"] = form.get("only") == "on"
    else:
        document["party"] = _code(form.get("party", ""))
    return document


def _code(text: str) -> str:
    """The code of a party as the list of choices writes it: code, then address."""
    return text.strip().partition(" ")[0].rstrip(",;")


def _seen(form: Mapping[str, str]) -> int | None:
    seen = form.get("seen", "")
    return int(seen) if seen.isdecimal() and len(seen) < 19 else None


def _by_field(errors: Errors) -> Errors:
    """Faults under the names of the form's fields: `most_stops.t1.value` is `most_stops.t1`."""
    return {name.removesuffix(".value"): list(words) for name, words in errors.items()}
