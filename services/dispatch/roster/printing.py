"""Duty sheets: a page per team with its people, its vehicle and its stops. Registered by `main`."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from markupsafe import Markup

from services.dispatch.domain.board import BoardStop, Standing, build_board, clock
from services.dispatch.roster.opened import Opener
from services.dispatch.roster.showing import TeamCard, show
from services.dispatch.roster.views import BASE, Page

CodeFor = Callable[[str, str], Markup | None]
"""City and team to the drawing of a code that opens the team's own page, where there is one."""


@dataclass(frozen=True, slots=True)
class DutySheet:
    """One team's sheet."""

    team: TeamCard
    stops: tuple[BoardStop, ...]
    code: Markup | None


def add_printing(pages: Blueprint, opener: Opener, code_for: CodeFor | None = None) -> None:
    """Add the page to the roster's blueprint."""

    @pages.get(f"{BASE}/print")
    def duty_sheets(city: str) -> Page:
        seen = opener.see(city, most=1)
        shown = show(seen)
        nothing = Standing(0, None, "", seen.evening.version, None, 0, 0)
        board = build_board(seen.evening, nothing)
        routes = {team.id: team.stops for team in board.teams}
        wanted = set(request.args.getlist("team"))
        sheets = [
            DutySheet(team, routes.get(team.id, ()), code_for(city, team.id) if code_for else None)
            for team in shown.teams
            if not wanted or team.id in wanted
        ]
        zone = ZoneInfo(seen.city.zone)
        with opener.desk() as (desk, _):
            at = clock(desk.now, zone)
        return render_template(
            "roster/print.html",
            city=seen.city,
            day=board.date,
            sheets=sheets,
            at=at,
            version=seen.evening.version,
        )
