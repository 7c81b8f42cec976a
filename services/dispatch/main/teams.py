"""Puts the teams' side of dispatch together: their page, their links, what they bring back."""

from flask import Flask, Response
from markupsafe import Markup

from services.dispatch.adapters.qr import svg_of
from services.dispatch.adapters.team_tokens import TeamTokens
from services.dispatch.api.field_reports import make_report_api, make_tracker_api
from services.dispatch.api.positions import make_position_api
from services.dispatch.api.team_links import make_link_api
from services.dispatch.field_desk import FieldDesk, UnknownCity, make_field_desk
from services.dispatch.field_ports import TapDesk
from services.dispatch.settings import Settings
from services.dispatch.team.sheet import make_sheet
from services.dispatch.team.views import make_team_page
from shared.clock import SystemClock
from shared.db import Pool
from shared.web import problem


def field_desk(settings: Settings, pool: Pool, night: TapDesk) -> FieldDesk:
    """The desk on the installation's own key and address."""
    tokens = TeamTokens(settings.secret, settings.url)
    return make_field_desk(pool, SystemClock(), tokens, night)


def add_teams(app: Flask, desk: FieldDesk, *, secure: bool) -> None:
    """Add the teams' page, the sheet of links and their API."""
    app.register_blueprint(make_team_page(desk, secure=secure))
    app.register_blueprint(make_sheet(desk))
    for make in (make_link_api, make_report_api, make_tracker_api, make_position_api):
        app.register_blueprint(make(desk))
    app.register_error_handler(UnknownCity, _unknown)


def link_of(desk: FieldDesk, city: str, team: str) -> str | None:
    """The address of a team's page, for printing; None where no link holds."""
    now = desk.clock.now()
    _, uses = desk.uses(city)
    good = [use.link.id for use in uses if use.link.team_id == team and use.link.good(now)]
    return desk.tokens.url(good[0]) if good else None


def code_of(desk: FieldDesk, city: str, team: str) -> Markup | None:
    """The same address as a QR code."""
    link = link_of(desk, city, team)
    return Markup(svg_of(link)) if link else None  # noqa: S704  # segno draws it, nobody's text is in it


def _unknown(error: UnknownCity) -> Response:
    return problem(404, "Not Found", f"There is no city {str(error)!r}.")
