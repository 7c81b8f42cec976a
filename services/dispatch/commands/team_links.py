"""`team-links`: prints links of a city's teams, as text, codes or a sheet. `__main__` adds it."""

import os
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import click

from services.dispatch.adapters.postgres_links import PostgresLinks, PostgresRoster
from services.dispatch.adapters.qr import svg_of, text_of
from services.dispatch.adapters.team_tokens import TeamTokens
from services.dispatch.domain.board import clock
from services.dispatch.domain.phone_team import PageCity
from services.dispatch.domain.shift_links import ShiftLink
from services.dispatch.fieldwork.links import Wish, make_links
from services.dispatch.settings import Settings
from shared.clock import SystemClock
from shared.db import open_pool

COLUMNS, WIDTH, HEIGHT, CODE = 3, 260, 320, 200


@click.command("team-links")
@click.option("--city", required=True, help="Short name of the city.")
@click.option("--team", "teams", multiple=True, help="Only this team; may be given again.")
@click.option("--renew", is_flag=True, help="End the links that hold, and make new ones.")
@click.option("--qr", is_flag=True, help="Show each code here.")
@click.option("--svg", type=click.Path(path_type=Path, dir_okay=False), help="Write a sheet.")
def team_links(*, city: str, teams: Sequence[str], renew: bool, qr: bool, svg: Path | None) -> None:
    """Print the links that open teams' pages; whoever has one can tap for the team."""
    settings = Settings.read(os.environ)
    tokens = TeamTokens(settings.secret, settings.url)
    pool = open_pool(settings.database_url, most=1, name="dispatch-cli")
    try:
        with pool.connection() as conn:
            roster = PostgresRoster(conn)
            found = roster.city(city)
            if found is None:
                raise click.ClickException(f"There is no city {city!r}.")
            wish = Wish(city, "command line", tuple(teams), renew)
            now = SystemClock().now()
            links = make_links(roster, PostgresLinks(conn), tokens.token_hash, wish, now)
    finally:
        pool.close()
    _print(found, links, tokens, qr=qr)
    if svg:
        svg.write_text(_sheet(links, tokens), encoding="utf-8")
        click.echo(f"Written: {svg}", err=True)


def _print(city: PageCity, links: Sequence[ShiftLink], tokens: TeamTokens, *, qr: bool) -> None:
    if not links:
        click.echo(f"No team of {city.name} has a shift that is still to come.", err=True)
    zone = ZoneInfo(city.zone)
    width = max((len(link.team_name) for link in links), default=0)
    for link in links:
        until = f"{link.gone_at.astimezone(zone):%Y-%m-%d} {clock(link.gone_at, zone)}"
        click.echo(f"{link.team_name:<{width}}  until {until}  {tokens.url(link.id)}")
        if qr:
            click.echo(text_of(tokens.url(link.id)))


def _sheet(links: Sequence[ShiftLink], tokens: TeamTokens) -> str:
    """One SVG with a code for each team, its name below."""
    rows = -(-len(links) // COLUMNS)
    cells = "".join(_cell(number, link, tokens) for number, link in enumerate(links))
    size = (COLUMNS * WIDTH, max(rows, 1) * HEIGHT)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}"'
        f' font-family="sans-serif" text-anchor="middle"><rect width="100%" height="100%"'
        f' fill="#fff"/>{cells}</svg>\n'
    )


def _cell(number: int, link: ShiftLink, tokens: TeamTokens) -> str:
    left, top = number % COLUMNS * WIDTH, number // COLUMNS * HEIGHT
    inset = (WIDTH - CODE) // 2
    place = f'<svg x="{left + inset}" y="{top + 20}" width="{CODE}" height="{CODE}" '
    code = svg_of(tokens.url(link.id)).replace("<svg ", place, 1)
    middle, below = left + WIDTH // 2, top + CODE + 50
    name = escape(link.team_name)
    return f'{code}<text x="{middle}" y="{below}" font-size="20" font-weight="bold">{name}</text>'
