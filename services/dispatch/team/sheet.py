"""`/{city}/team-links`: the sheet of QR codes that staff print for the teams. Main adds it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from services.dispatch.adapters.qr import svg_of
from services.dispatch.domain.board import clock, span
from services.dispatch.domain.evening import Team
from services.dispatch.domain.shift_links import LinkUse
from services.dispatch.field_desk import FieldDesk, UnknownCity
from services.dispatch.fieldwork.links import Wish
from services.dispatch.team.words import language
from shared.actor import current_actor
from shared.languages import NAMES


def make_sheet(desk: FieldDesk) -> Blueprint:
    """The blueprint."""
    pages = Blueprint("team_sheet", __name__, template_folder="templates")

    @pages.get("/<city>/team-links")
    def sheet(city: str) -> Response:
        found, uses = desk.uses(city)
        with desk.open(city) as at:
            now, teams = at.now, at.roster.teams(city)
        good = {use.link.team_id: use for use in uses[::-1] if use.link.good(now)}
        zone = ZoneInfo(found.zone)
        cards = [_card(desk, team, good.get(team.id), zone) for team in teams]
        page = render_template("sheet.html", city=found, cards=cards, spoken=_spoken())
        answer = make_response(page)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @pages.post("/<city>/team-links")
    def change(city: str) -> AnyResponse:
        """Forms of the sheet: make what is missing, or end (and perhaps renew) one team's link."""
        by, team = current_actor().name, request.form.get("team", "")
        if link := request.form.get("revoke"):
            with desk.open(city) as at:
                at.links.revoke(city, link, by, at.now)
        else:
            renew = bool(request.form.get("renew"))
            desk.make_links(Wish(city, by, (team,) if team else (), renew))
        return redirect(url_for("team_sheet.sheet", city=city), 303)

    @pages.errorhandler(UnknownCity)
    def unknown(_: UnknownCity) -> tuple[str, int]:
        city = (request.view_args or {}).get("city", "")
        return render_template("missing.html", city=city), 404

    return pages


def _card(desk: FieldDesk, team: Team, use: LinkUse | None, zone: ZoneInfo) -> dict[str, object]:
    """What the sheet shows of one team."""
    link = use.link if use else None
    return {
        "id": team.id,
        "name": team.name,
        "members": ", ".join(team.members),
        "shift": span(team.shift.opens, team.shift.closes, zone),
        "link": link,
        "qr": svg_of(desk.tokens.url(link.id)) if link else "",
        "until": _day_and_clock(link.gone_at, zone) if link else "",
        "phones": use.phones if use else 0,
        "heard": clock(use.heard_at, zone) if use and use.heard_at else "",
    }


def _day_and_clock(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%B %-d}, {clock(moment, zone)}"


def _spoken() -> list[tuple[str, str]]:
    """The instruction in every language: a sheet is printed before anybody says which."""
    text = "Scan with the phone's camera. It opens your stops for this shift: no app, no account."
    return [(code, language(code).say(text)) for code in NAMES]
