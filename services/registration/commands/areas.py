"""`areas load`: the outlines of a city's areas, beats and districts. `__main__` adds it."""

import time
from collections.abc import Sequence
from pathlib import Path

import click

from services.registration.adapters.contacts import Contacts
from services.registration.adapters.links import Links
from services.registration.adapters.outlines import (
    REVALIDATE_SECONDS,
    Outline,
    OutlineMemory,
    OutlinesRefused,
    keep_outlines,
    read_outlines,
)
from services.registration.adapters.postgres_parties import PostgresPartyBook
from services.registration.commands.opened import known_city, opened
from services.registration.domain.city import City
from services.registration.domain.places import LAYERS, Layer
from services.registration.handlers.places import derive_party
from services.registration.ports import Means
from services.registration.settings import Settings
from shared.clock import SystemClock
from shared.db import Pool
from shared.work import begin

_CHUNK = 200


@click.group()
def areas() -> None:
    """The outlines of the city's parts, from which a party's area, beat and district follow."""


@areas.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--city", "slug", required=True, help="The city's slug, as `city list` shows it.")
@click.option("--layer", required=True, type=click.Choice(LAYERS), help="What the outlines are of.")
@click.option("--code-field", default="code", show_default=True, help="Which field is the code.")
@click.option("--name-field", default="name", show_default=True, help="Which field is the name.")
def load(file: Path, slug: str, layer: Layer, code_field: str, name_field: str) -> None:
    """Load polygons from GeoJSON (WGS 84), and bring all parties up to them.

    Loading a layer again replaces it. Areas have to be areas of the city's file.
    """
    try:
        outlines = read_outlines(file, code_field, name_field)
    except OutlinesRefused as refused:
        raise click.ClickException(str(refused)) from refused
    with opened() as (settings, pool):
        city = known_city(pool, slug)
        if layer == "area":
            _check_areas(city, outlines)
        keep_outlines(pool, slug, layer, outlines, SystemClock().now())
        changed, all_of_them = _bring_up(settings, pool, city)
    parts = len({one.code for one in outlines})
    plural = "s" if parts > 1 else ""
    click.echo(f"{city.name}: {parts} {layer}{plural}; {changed} of {all_of_them} parties changed")


def _check_areas(city: City, outlines: Sequence[Outline]) -> None:
    unknown = {one.code: one.name for one in outlines if one.code not in city.area_codes()}
    if not unknown:
        return
    lines = [f'[[areas]]\ncode = "{code}"\nname = "{name}"\n' for code, name in unknown.items()]
    raise click.ClickException(
        f"{len(unknown)} codes are not areas of {city.name}. Either choose another --code-field,"
        " or add these to the city's file first:\n\n" + "\n".join(lines)
    )


def _bring_up(settings: Settings, pool: Pool, city: City) -> tuple[int, int]:
    """Derive every party's parts anew; returns how many changed, and of how many."""
    links, contacts = Links(settings.secret_key, settings.url), Contacts()
    outlines = OutlineMemory(pool)
    time.sleep(REVALIDATE_SECONDS)  # until every running process knows the outlines
    with pool.connection() as conn:
        ids = [party.id for party in PostgresPartyBook(conn).in_city(city.slug)]
    outlines.refresh()
    changed = 0
    for start in range(0, len(ids), _CHUNK):
        with begin(pool, SystemClock()) as work:
            book = PostgresPartyBook(work.conn)
            means = Means(book, work, contacts, links, work.now, outlines)
            for id_ in ids[start : start + _CHUNK]:
                party = book.hold(id_)
                changed += party is not None and derive_party(party, city, means) is not party
        click.echo(f"{min(start + _CHUNK, len(ids))} of {len(ids)} parties", err=True)
    return changed, len(ids)
