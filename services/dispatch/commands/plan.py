"""`plan`: drafts a city's plan, shows it, keeps or publishes it if asked to."""

from collections.abc import Callable

import click

from services.dispatch.adapters.drafting import Drafted, Wish, draft_evening, promise_more
from services.dispatch.adapters.drafting_words import content_of, forecast_line
from services.dispatch.commands.opened import Desk, opened, who
from services.dispatch.commands.summary import Summary
from services.dispatch.domain.drafts import DraftWish
from services.dispatch.domain.evening import Evening
from services.dispatch.domain.plan import Plan, compose
from services.dispatch.planner import Iterations, Progress, Seconds, warm_up
from services.dispatch.planning import Planning, publish_draft
from services.dispatch.preparing.drafts import keep_draft
from shared.clock import SystemClock

STEPS = 10


@click.command()
@click.option("--city", required=True, help="Short name of the city.")
@click.option("--seconds", default=10.0, show_default=True, type=click.FloatRange(0, 3600))
@click.option("--iterations", type=click.IntRange(0), help="Instead of seconds: repeatable.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**31))
@click.option("--changes", type=click.IntRange(0), default=0, help="Promises that may be broken.")
@click.option("--afresh", is_flag=True, help="As if no host had been told anything.")
@click.option("--forecast", is_flag=True, help="What one more team would add.")
@click.option("--save", default="", metavar="NAME", help="Keep the draft by this name.")
@click.option("--publish", is_flag=True, help="Let the draft hold, and tell hosts and teams.")
def plan(
    *,
    city: str,
    seconds: float,
    iterations: int | None,
    seed: int,
    changes: int,
    afresh: bool,
    forecast: bool,
    save: str,
    publish: bool,
) -> None:
    """Draft a city's plan and show it; nothing is published unless asked for."""
    stop = Seconds(seconds) if iterations is None else Iterations(iterations)
    wish = Wish(stop, seed, None if afresh else changes)
    with opened() as desk:
        evening = desk.evening(city)
        click.echo(_headline(evening), err=True)
        warm_up()
        drafted = draft_evening(evening, desk.planning.travel, wish, _teller())
        made = _show(desk.planning, drafted)
        if forecast:
            click.echo(f"\n{forecast_line(promise_more(drafted, wish))}")
        if save:
            asked = DraftWish(seconds, iterations, seed, wish.changes)
            click.echo(_saved(desk, save, asked, drafted, made))
        if publish:
            click.echo(_published(desk.planning, drafted))


def _show(planning: Planning, drafted: Drafted) -> Plan:
    """Print the draft, and return the plan that publishing it would store."""
    broken = planning.check(drafted.problem, drafted.draft)
    if broken:
        raise click.ClickException(f"The draft breaks a rule and is no good: {broken[0]}.")
    made = compose(drafted.framed, drafted.problem, drafted.draft, SystemClock().now())
    for line in Summary(drafted, made).lines():
        click.echo(line)
    if drafted.times.note:
        click.echo(f"\n{drafted.times.note}")
    return made


def _saved(desk: Desk, name: str, wish: DraftWish, drafted: Drafted, made: Plan) -> str:
    evening = drafted.framed.evening
    keep_draft(desk.office, evening, name, wish, who(), content_of(drafted, made))
    return f"\nSaved as draft {name!r}."


def _headline(evening: Evening) -> str:
    counts = f"{len(evening.parties)} parties, {len(evening.teams)} teams"
    return f"{evening.city.name}, {evening.city.date}: {counts}"


def _teller() -> Callable[[Progress], None]:
    """Says how the search goes, where it got better since the last tenth of the way."""
    told, heard = -1, 0

    def tell(progress: Progress) -> None:
        nonlocal told, heard
        step = min(STEPS, int(progress.share * STEPS))
        if step > told and (progress.total > heard or step == STEPS):
            told, heard = step, progress.total
            best = f"{progress.points:,.0f} points, at most {progress.bound:,.0f}"
            click.echo(f"  {step * 100 // STEPS:3} %  best so far: {best}", err=True)

    return tell


def _published(planning: Planning, drafted: Drafted) -> str:
    version = publish_draft(planning, drafted.framed, drafted.draft, drafted.times)
    if version is None:
        raise click.ClickException(
            "The city changed or is being planned just now, so the draft was not published. "
            "Please run the command again."
        )
    return f"\nPublished as plan {version}."
