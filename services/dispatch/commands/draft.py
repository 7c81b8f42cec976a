"""`draft`: drafts by name: list, show, compare, finalize, rebase, drop; check a plan by hand."""

from pathlib import Path

import click
import orjson

from services.dispatch.commands.opened import city_option, opened, who
from services.dispatch.domain.comparison import Comparison
from services.dispatch.domain.drafts import Content
from services.dispatch.preparing.checking import check_plan, read_routes
from services.dispatch.preparing.drafts import (
    DraftShown,
    compare_drafts,
    drop_draft,
    finalize_draft,
    list_drafts,
    rebase_draft,
    show_draft,
)
from shared.failures import Refused


@click.group()
def draft() -> None:
    """Drafts of a city's plan by name; `plan --save NAME` makes one."""


@draft.command("list")
@city_option
def list_(city: str) -> None:
    """List the drafts, the newest first."""
    with opened() as desk:
        found = list_drafts(desk.office, city)
    for shown in found:
        click.echo(_headline(shown))
    if not found:
        click.echo("There are no drafts: make one with `./porchlight plan --save NAME`.")


@draft.command("show")
@city_option
@click.argument("name")
def show(city: str, name: str) -> None:
    """Show a draft with its policies, and why parties are left out."""
    with opened() as desk:
        shown = show_draft(desk.office, city, name)
    click.echo(_headline(shown))
    if shown.draft.content:
        for line in _content(shown.draft.content):
            click.echo(line)


@draft.command("compare")
@city_option
@click.argument("first")
@click.argument("second")
def compare(city: str, first: str, second: str) -> None:
    """Show two drafts side by side; `current` is the plan that holds."""
    with opened() as desk:
        side = compare_drafts(desk.office, city, first, second)
    for line in _table(side):
        click.echo(line)


@draft.command("finalize")
@city_option
@click.argument("name")
def finalize(city: str, name: str) -> None:
    """Let a draft become the plan that holds, and tell hosts and teams."""
    with opened() as desk:
        version = finalize_draft(desk.office, city, name, who())
    click.echo(f"Published as plan {version}.")


@draft.command("rebase")
@city_option
@click.argument("name")
def rebase(city: str, name: str) -> None:
    """Have a draft made anew on the present city; the planner's process makes it."""
    with opened() as desk:
        rebase_draft(desk.office, city, name, who())
    click.echo("It is being made anew: look with `draft show`.")


@draft.command("drop")
@city_option
@click.argument("name")
def drop(city: str, name: str) -> None:
    """Forget a draft."""
    with opened() as desk:
        drop_draft(desk.office, city, name)
    click.echo("The draft is gone.")


@draft.command("check")
@city_option
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def check(city: str, file: Path) -> None:
    """Check a plan made by hand: CSV with the columns team and party, or JSON with routes."""
    text = file.read_text(encoding="utf-8-sig")
    with opened() as desk:
        verdict = check_plan(desk.office, city, _document(text))
    found = verdict.figures
    click.echo(f"{found.visits} visits to {found.visited} of {found.parties} parties")
    click.echo(f"{found.driving // 60} minutes of driving, {found.late} late stops")
    for fault in verdict.faults:
        click.echo(f"  {fault.words}")
    if verdict.valid:
        click.echo("It breaks no rule.")
    else:
        raise click.exceptions.Exit(1)


def _document(text: str) -> object:
    if not text.lstrip().startswith("{"):
        return {"routes": read_routes(text)}
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as fault:
        raise Refused("The file is neither CSV nor JSON.") from fault


def _headline(shown: DraftShown) -> str:
    draft = shown.draft
    what = draft.words or draft.state
    line = f"{draft.name}: {what}, asked for by {draft.by}, seed {draft.wish.seed}"
    if draft.plan_version:
        line += f"; plan {draft.plan_version}, finalized by {draft.finalized_by}"
    return f"{line}; changed since: {', '.join(shown.since)}" if shown.since else line


def _content(content: Content) -> list[str]:
    found = content.figures
    lines = [
        f"{found.visits} visits to {found.visited} of {found.parties} parties, {found.teams} teams",
        f"{found.driving // 60} minutes of driving, {found.waiting // 60} of waiting",
        f"{found.spare // 60} minutes to spare at the middle stop, {found.tight} stops under 5",
        f"{found.told_otherwise} hosts were told otherwise before",
        *(f"  {area or '(no area)'}: {n} of {of}" for area, (n, of) in found.areas.items()),
        "Policies:",
        *(f"  {effect.words} {effect.outcome}".rstrip() for effect in content.effects),
    ]
    if content.left:
        lines.append("Not visited:")
    lines += [f"  {left.code} {left.address}: {left.ways or left.detail}" for left in content.left]
    return [*lines, content.note] if content.note else lines


def _table(side: Comparison) -> list[str]:
    rows = [*side.rows, *side.areas]
    width = max(len(row.label) for row in rows)
    first = max(len(side.first), *(len(row.first) for row in rows))
    lines = [f"{'':{width}}  {side.first:>{first}}  {side.second}"]
    lines += [f"{row.label:{width}}  {row.first:>{first}}  {row.second}" for row in rows]
    lines.append(f"Visits that differ: {len(side.changes)}")
    for change in side.changes:
        ways = " -> ".join(way or "not visited" for way in (change.first, change.second))
        lines.append(f"  {change.party}: {ways}")
    return lines
