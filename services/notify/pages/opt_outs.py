"""Who wants nothing more, since when and in whose words; added to by staff. Only main uses it."""

from flask import Blueprint, Response, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.notify.adapters.opt_outs import OptOut, read_history, read_opt_outs
from services.notify.desk.opting import PURPOSES, Opting
from services.notify.pages.answers import done, field, first_faults, may_act, not_done, page
from shared.failures import Refused

PURPOSE_NAMES = {
    "all": "everything",
    "visits": "visits",
    "reminders": "reminders",
    "broadcasts": "broadcasts",
    "replies": "replies",
}
SOURCE_NAMES = {
    "inbound": "wrote to us",
    "link": "by the link in an e-mail",
    "staff": "told staff",
    "provider": "told the provider",
}


def opt_out_pages(opting: Opting) -> Blueprint:
    """The blueprint of the pages."""
    pages = Blueprint("opt_outs", __name__, template_folder="templates")
    pages.add_app_template_filter(lambda name: PURPOSE_NAMES.get(name, name), "purpose_name")
    pages.add_app_template_filter(lambda name: SOURCE_NAMES.get(name, name), "source_name")

    @pages.get("/opt-outs/<city>")
    def listed(city: str) -> Response:
        return _list(opting, city)

    @pages.post("/opt-outs/<city>")
    def add(city: str) -> AnyResponse:
        given = {name: field(name) for name in ("address", "purpose", "words")}
        try:
            opting.add(city, given["address"], given["purpose"], given["words"])
        except Refused as refusal:
            faults = first_faults(refusal.fields)
            return _list(opting, city, 422, given=given, faults=faults)
        return done("Noted. Nothing more of that is sent.", url_for("opt_outs.listed", city=city))

    @pages.get("/opt-outs/<city>/<int:entry_id>")
    def history(city: str, entry_id: int) -> Response:
        return _history(opting, city, entry_id)

    @pages.post("/opt-outs/<city>/<int:entry_id>/address")
    def reveal(city: str, entry_id: int) -> Response:
        return _history(opting, city, entry_id, shown=opting.reveal(city, entry_id))

    @pages.post("/opt-outs/<city>/<int:entry_id>/take-back")
    def take_back(city: str, entry_id: int) -> AnyResponse:
        where = url_for("opt_outs.listed", city=city)
        try:
            taken = opting.take_back(city, entry_id, field("words"))
        except Refused as refusal:
            return _history(opting, city, entry_id, 422, faults=first_faults(refusal.fields))
        return (
            done("Taken back. They hear from us again.", where)
            if taken
            else not_done("There is no such entry.", where)
        )

    return pages


def _list(opting: Opting, city: str, status: int = 200, **more: object) -> Response:
    words: dict[str, object] = {"given": {}, "faults": {}, **more}
    return page(
        "opt_outs.html",
        status,
        city=city,
        entries=read_opt_outs(opting.pool, city),
        purposes=PURPOSES,
        may_act=may_act(city),
        **words,
    )


def _history(
    opting: Opting,
    city: str,
    entry_id: int,
    status: int = 200,
    *,
    shown: OptOut | None = None,
    faults: dict[str, str] | None = None,
) -> Response:
    entries = read_history(opting.pool, city, entry_id)
    if not entries:
        return page("missing.html", 404)
    entry = next(e for e in entries if e.id == entry_id)
    newest = next(e for e in entries if e.purpose == entry.purpose)
    return page(
        "opt_out.html",
        status,
        city=city,
        entry=entry,
        entries=entries,
        holds=newest.opted_out,
        newest=newest,
        shown=shown,
        faults=faults or {},
        may_act=may_act(city),
    )
