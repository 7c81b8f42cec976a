"""Pages to be printed: a run sheet for each team, with its QR code, and the city's list."""

from collections.abc import Callable

import segno
from flask import Blueprint, abort, render_template
from markupsafe import Markup

from services.dispatch.console.plan_frame import evening_now, frame_of
from services.dispatch.domain.sheets import city_list, run_sheets
from services.dispatch.preparing import drafts
from services.dispatch.preparing.office import Office


def add_prints(pages: Blueprint, office: Office, link_of: Callable[[str, str], str | None]) -> None:
    """Add the pages; `link_of` gives the address behind a team's QR code."""

    @pages.get("/<city>/plan/print")
    def print_list(city: str) -> str:
        evening = evening_now(office, city)
        return render_template(
            "plan/print_list.html",
            frame=frame_of(evening),
            lines=city_list(evening),
            head=drafts.head_of_plan(office, city),
        )

    @pages.get("/<city>/plan/print/teams", defaults={"team": ""})
    @pages.get("/<city>/plan/print/teams/<team>")
    def print_sheets(city: str, team: str) -> str:
        evening = evening_now(office, city)
        sheets = [sheet for sheet in run_sheets(evening) if team in ("", sheet.team_id)]
        if not sheets:
            abort(404, description="There is no such team.")
        links = {sheet.team_id: link_of(city, sheet.team_id) for sheet in sheets}
        return render_template(
            "plan/print_sheets.html",
            frame=frame_of(evening),
            sheets=sheets,
            links=links,
            codes={key: qr(link) for key, link in links.items() if link},
            head=drafts.head_of_plan(office, city),
        )


def qr(address: str) -> Markup:
    """A QR code as SVG that a page can hold; dark on white in every light."""
    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(
        scale=4,
        border=3,
        dark="#000000",
        light="#ffffff",
        svgclass="qr",
        lineclass=None,
        omitsize=True,
    )
    return Markup(drawn)  # noqa: S704 - segno draws it; the address is encoded, not shown
