"""Broadcasts: writing, trying out, approving, watching, stopping. Only main uses it."""

from collections.abc import Callable

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.notify.adapters.broadcasts import (
    FATES,
    Recipient,
    read_city,
    read_fates,
    read_limit,
    read_list,
    read_one,
    read_recipients,
)
from services.notify.adapters.choices import read_choices
from services.notify.desk.broadcasts import Broadcasts, examples
from services.notify.domain.broadcasts import (
    DRAFT,
    VISIT_STATES,
    WAITING,
    Broadcast,
    may_approve,
    needs_approval,
)
from services.notify.pages.answers import (
    done,
    field,
    first_faults,
    live_part,
    may_act,
    not_done,
    page,
)
from services.notify.pages.broadcast_form import Form, form_of, new_form, read_form
from services.notify.pages.sheet import as_csv
from shared.actor import current_actor
from shared.failures import Refused

FATE_NAMES = {
    "delivered": "delivered",
    "sent": "handed over",
    "under_way": "under way",
    "waiting": "waiting",
    "unsure": "nobody knows",
    "failed": "failed",
    "expired": "too late",
    "left_out": "left out",
    "stopped": "stopped",
}
STATE_NAMES = {
    "draft": "draft",
    "waiting": "waits for approval",
    "sending": "being sent",
    "paused": "paused",
    "stopped": "stopped",
    "done": "done",
}
SHOWN = 200
_COLUMNS = (
    "code",
    "party",
    "outcome",
    "reason",
    "channel",
    "address",
    "language",
    "segments",
    "at",
)


def broadcast_pages(broadcasts: Broadcasts) -> Blueprint:
    """The blueprint of the pages."""
    pages = Blueprint("broadcasts", __name__, template_folder="templates")
    pages.add_app_template_filter(FATE_NAMES.__getitem__, "fate_name")
    pages.add_app_template_filter(STATE_NAMES.__getitem__, "broadcast_state")
    _add_writing(pages, broadcasts)
    _add_looking(pages, broadcasts)
    _add_moving(pages, broadcasts)
    return pages


def _add_writing(pages: Blueprint, broadcasts: Broadcasts) -> None:
    @pages.get("/broadcasts/<city>")
    def listed(city: str) -> Response:
        with broadcasts.pool.connection() as conn:
            limit = read_limit(conn, city)
        found = read_list(broadcasts.pool, city)
        settles = current_actor().has(city)
        return page(
            "broadcasts.html",
            city=city,
            broadcasts=found,
            limit=limit,
            may_act=may_act(city),
            may_settle=settles,
        )

    @pages.post("/broadcasts/<city>/limit")
    def settle_limit(city: str) -> AnyResponse:
        where = url_for("broadcasts.listed", city=city)
        text = field("above").strip()
        if not text.isdecimal() or int(text) > 100_000:
            return not_done("Give a whole number of hosts.", where)
        broadcasts.set_limit(city, int(text))
        return done(f"Above {int(text)} hosts a second person approves.", where)

    @pages.get("/broadcasts/<city>/new")
    def blank(city: str) -> Response:
        with broadcasts.pool.connection() as conn:
            found = read_city(conn, city)
        if found is None:
            return page("missing.html", 404)
        return _form(broadcasts, city, new_form(found, broadcasts.clock.now()))

    @pages.post("/broadcasts/<city>/new")
    def write(city: str) -> AnyResponse:
        return _save(broadcasts, city)

    @pages.get("/broadcasts/<city>/<broadcast_id>/edit")
    def edit(city: str, broadcast_id: str) -> Response:
        with broadcasts.pool.connection() as conn:
            found, place = read_one(conn, city, broadcast_id), read_city(conn, city)
        if found is None or place is None or found.state != DRAFT:
            return page("missing.html", 404)
        return _form(broadcasts, city, form_of(found, place))

    @pages.post("/broadcasts/<city>/<broadcast_id>/edit")
    def rewrite(city: str, broadcast_id: str) -> AnyResponse:
        return _save(broadcasts, city, broadcast_id)


def _save(broadcasts: Broadcasts, city: str, broadcast_id: str = "") -> AnyResponse:
    with broadcasts.pool.connection() as conn:
        place = read_city(conn, city)
    if place is None:
        return page("missing.html", 404)
    form = read_form(broadcast_id)
    try:
        saved = broadcasts.save(city, form.content(place), broadcast_id)
    except Refused as refusal:
        return _form(broadcasts, city, form, 422, str(refusal), first_faults(refusal.fields))
    return done("Saved.", _place(city, saved))


def _form(
    broadcasts: Broadcasts,
    city: str,
    form: Form,
    status: int = 200,
    refused: str = "",
    faults: dict[str, str] | None = None,
) -> Response:
    choices = read_choices(broadcasts.pool, city)
    return page(
        "broadcast_form.html",
        status,
        city=city,
        form=form,
        choices=choices,
        visit_states=VISIT_STATES,
        refused=refused,
        faults=faults or {},
    )


def _add_looking(pages: Blueprint, broadcasts: Broadcasts) -> None:
    @pages.get("/broadcasts/<city>/<broadcast_id>")
    def one(city: str, broadcast_id: str) -> Response:
        found = _one(broadcasts, city, broadcast_id)
        return page("broadcast.html", **found) if found else page("missing.html", 404)

    @pages.get("/broadcasts/<city>/<broadcast_id>/progress")
    def progress(city: str, broadcast_id: str) -> Response:
        found = _one(broadcasts, city, broadcast_id)
        return live_part("broadcast_feed.html", **found) if found else page("missing.html", 404)

    @pages.get("/broadcasts/<city>/<broadcast_id>/people.csv")
    def people(city: str, broadcast_id: str) -> Response:
        with broadcasts.pool.connection() as conn:
            found = read_one(conn, city, broadcast_id)
        if found is None:
            return page("missing.html", 404)
        rows = [_row(r) for r in read_recipients(broadcasts.pool, found.id)]
        return as_csv(f"broadcast-{found.id}.csv", _COLUMNS, rows)


def _row(r: Recipient) -> tuple[object, ...]:
    at = r.at.isoformat() if r.at else ""
    outcome = FATE_NAMES[r.fate]
    return (r.code, r.party, outcome, r.reason, r.channel, r.to, r.language, r.segments, at)


def _one(broadcasts: Broadcasts, city: str, broadcast_id: str) -> dict[str, object]:
    with broadcasts.pool.connection() as conn:
        found, place = read_one(conn, city, broadcast_id), read_city(conn, city)
        limit = read_limit(conn, city)
    if found is None or place is None:
        return {}
    words: dict[str, object] = {
        "city": city,
        "place": place,
        "broadcast": found,
        "examples": examples(found, place),
        "limit": limit,
        "may_act": may_act(city),
        "is_author": not may_approve(found, current_actor().id),
    }
    if found.state in (DRAFT, WAITING):
        quiet = broadcasts.quiet_until(place)
        return words | _before(broadcasts, found, limit) | {"quiet_until": quiet}
    return words | _after(broadcasts, found)


def _before(broadcasts: Broadcasts, found: Broadcast, limit: int) -> dict[str, object]:
    run = broadcasts.dry_run(found)
    return {
        "run": run,
        "seconds": broadcasts.seconds_for(run),
        "cost": broadcasts.cost_of(found.city, run),
        "second_needed": needs_approval(run.people, limit),
        "late": found.expires_at <= broadcasts.clock.now(),
    }


def _after(broadcasts: Broadcasts, found: Broadcast) -> dict[str, object]:
    fate = request.args.get("fate", "")
    fate = fate if fate in FATES else ""
    fates = read_fates(broadcasts.pool, found.id)
    total = sum(fates.values())
    open_ones = fates.get("waiting", 0) + fates.get("under_way", 0)
    return {
        "fates": {name: fates[name] for name in FATES if name in fates},
        "fate": fate,
        "total": total,
        "settled": total - open_ones,
        "people": read_recipients(broadcasts.pool, found.id, fate, SHOWN),
        "shown": SHOWN,
    }


def _add_moving(pages: Blueprint, broadcasts: Broadcasts) -> None:
    @pages.post("/broadcasts/<city>/<broadcast_id>/ask")
    def ask(city: str, broadcast_id: str) -> AnyResponse:
        def asked() -> str:
            sent = broadcasts.ask(city, broadcast_id, _version())
            return "It is being sent." if sent else "It waits for a second person."

        return _moved(city, broadcast_id, asked)

    @pages.post("/broadcasts/<city>/<broadcast_id>/approve")
    def approve(city: str, broadcast_id: str) -> AnyResponse:
        def approved() -> str:
            broadcasts.approve(city, broadcast_id, _version())
            return "Approved. It is being sent."

        return _moved(city, broadcast_id, approved)

    _add_move(pages, "take-back", broadcasts.take_back, "It is a draft again.")
    _add_move(pages, "pause", broadcasts.pause, "Paused. Nothing more is handed over.")
    _add_move(pages, "resume", broadcasts.resume, "It goes on.")
    _add_move(pages, "stop", broadcasts.stop, "Stopped for good.")

    @pages.post("/broadcasts/<city>/<broadcast_id>/drop")
    def drop(city: str, broadcast_id: str) -> AnyResponse:
        try:
            broadcasts.drop(city, broadcast_id)
        except Refused as refusal:
            return not_done(str(refusal), _place(city, broadcast_id))
        return done("The draft is gone.", url_for("broadcasts.listed", city=city))


def _add_move(pages: Blueprint, name: str, move: Callable[[str, str], None], said: str) -> None:
    @pages.post(f"/broadcasts/<city>/<broadcast_id>/{name}", endpoint=name.replace("-", "_"))
    def view(city: str, broadcast_id: str) -> AnyResponse:
        def moved() -> str:
            move(city, broadcast_id)
            return said

        return _moved(city, broadcast_id, moved)


def _moved(city: str, broadcast_id: str, move: Callable[[], str]) -> AnyResponse:
    where = _place(city, broadcast_id)
    try:
        return done(move(), where)
    except Refused as refusal:
        return not_done(str(refusal), where)


def _place(city: str, broadcast_id: str) -> str:
    return url_for("broadcasts.one", city=city, broadcast_id=broadcast_id)


def _version() -> int:
    text = field("version")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
