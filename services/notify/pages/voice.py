"""The page of a city's settings of notify: what is worth a message and when. Main uses it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from services.notify.adapters.reading import CityName
from services.notify.adapters.voices import Spoken
from services.notify.api.voice import Find, Keep, read_voice, shown_voice
from services.notify.domain.values import Named
from shared.actor import current_actor
from shared.failures import Refused

_TRUTHS = ("name_teams", "team_routes", "team_changes", "team_next")
_WORDS = (
    *("smallest_minutes", "budget", "quiet_from", "quiet_until", "confirm_hour", "thanks_hour"),
    *("programme", "signature", "contact_name", "contact_phone", "contact_email"),
    *("team_route_hours", "segment_cost", "currency"),
)
_ELSEWHERE = Named("", "All other areas")


def voice_pages(find: Find, keep: Keep, cities: Callable[[], Sequence[CityName]]) -> Blueprint:
    """The blueprint of the pages; `keep` stores and notes who did it."""
    pages = Blueprint("voice", __name__, template_folder="templates", url_prefix="/settings")

    @pages.get("/")
    def choose() -> str:
        mine = [city for city in cities() if current_actor().reaches(city.id)]
        return render_template("choose.html", cities=mine, to="voice.settings", title="Settings")

    @pages.get("/<city>")
    def settings(city: str) -> Response:
        spoken = find(city)
        if spoken is None:
            return make_response(render_template("missing.html"), 404)
        return _page(spoken, shown_voice(spoken.voice), {}, 200)

    @pages.post("/<city>")
    def change(city: str) -> AnyResponse:
        spoken = find(city)
        if spoken is None:
            return make_response(render_template("missing.html"), 404)
        given = read_form(request.form, spoken.areas)
        try:
            keep(city, read_voice(given))
        except Refused as refused:
            return _page(spoken, given, refused.fields, 422)
        return redirect(url_for("voice.settings", city=city, saved=1), 303)

    return pages


def read_form(form: MultiDict[str, str], areas: Sequence[Named]) -> dict[str, Any]:
    """The form as the API would be sent it."""
    given: dict[str, Any] = {name: form.get(name, "").strip() for name in _WORDS if name in form}
    given |= {name: name in form for name in _TRUTHS}
    settle = form.get("settle_seconds", "").strip()
    given["settle_seconds"] = settle or None
    days = form.get("confirm_days", "").replace(",", " ").split()
    given["confirm_days"] = list(days)
    given["segment_cost"] = given.get("segment_cost") or 0
    rows = [_officer(form, area.code) for area in (*areas, _ELSEWHERE)]
    given["officers"] = [row for row in rows if row["name"] or row["phone"] or row["email"]]
    return given


def _officer(form: MultiDict[str, str], area: str) -> dict[str, str]:
    row = {name: form.get(f"officer-{area}-{name}", "").strip() for name in _OFFICER}
    return {"area": area, **row}


_OFFICER = ("name", "phone", "email")


def _page(
    spoken: Spoken,
    given: Mapping[str, Any],
    errors: Mapping[str, Sequence[str]],
    status: int,
) -> Response:
    """`errors` by field; those of lists carry the place within what was given."""
    officers = {one["area"]: one for one in given["officers"]}
    wrong: dict[str, dict[str, Sequence[str]]] = {}
    plain: dict[str, Sequence[str]] = {}
    for name, why in errors.items():
        field, _, rest = name.partition(".")
        place, _, part = rest.partition(".")
        if field == "officers" and part:
            wrong.setdefault(given["officers"][int(place)]["area"], {})[part] = why
        else:
            plain[field] = why
    days = ", ".join(str(day) for day in given["confirm_days"])
    words = {
        "spoken": spoken,
        "given": {**given, "confirm_days": days, "segment_cost": given["segment_cost"] or 0},
        "errors": plain,
        "refused": bool(errors),
        "areas": (*spoken.areas, _ELSEWHERE),
        "officers": officers,
        "officer_errors": wrong,
        "saved": status == 200 and "saved" in request.args,
        "may_change": current_actor().has(spoken.id, "notifier"),
    }
    return make_response(render_template("settings.html", **words), status)
