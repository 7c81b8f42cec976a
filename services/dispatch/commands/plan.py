"""`plan`: drafts a city's plan, shows it, and publishes it if asked to. `__main__` adds it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import click

from services.dispatch.adapters.drafting import Drafted, Wish, draft_evening, promise_more
from services.dispatch.adapters.postgres_board import BoardReader
from services.dispatch.adapters.postgres_plans import PostgresPlans
from services.dispatch.commands.summary import Summary, forecast_line, names_of
from services.dispatch.domain.evening import Evening
from services.dispatch.domain.plan import compose
from services.dispatch.main.means import means_of
from services.dispatch.planner import Iterations, Progress, Seconds, warm_up
from services.dispatch.planning import Planning, publish_draft
from services.dispatch.settings import Settings
from services.dispatch.worker import make_planning
from shared.clock import SystemClock
from shared.db import Pool, connect, open_pool

STEPS = 10


@click.command()
@click.option("--city", required=True, help="Short name of the city.")
@click.option("--seconds", default=10.0, show_default=True, type=click.FloatRange(0, 3600))
@click.option("--iterations", type=click.IntRange(0), help="Instead of seconds: repeatable.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**31))
@click.option("--changes", type=click.IntRange(0), default=0, help="Promises that may be broken.")
@click.option("--afresh", is_flag=True, help="As if no host had been told anything.")
@click.option("--forecast", is_flag=True, help="What one more team would add.")
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
    publish: bool,
) -> None:
    """Draft a city's plan and show it; nothing is published unless asked for."""
    stop = Seconds(seconds) if iterations is None else Iterations(iterations)
    wish = Wish(stop, seed, None if afresh else changes)
    with _opened() as desk:
        evening = desk.evening(city)
        click.echo(_headline(evening), err=True)
        warm_up()
        drafted = draft_evening(evening, desk.planning.travel, wish, _teller())
        desk.show(drafted)
        if forecast:
            click.echo(f"\n{forecast_line(promise_more(drafted, wish))}")
        if publish:
            click.echo(_published(desk.planning, drafted))


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where the command works."""

    pool: Pool
    planning: Planning

    def evening(self, city: str) -> Evening:
        """The city's present state, or a sentence that there is none."""
        with self.pool.connection() as conn:
            found = PostgresPlans(conn).evening(city)
        if found is None:
            known = names_of(dict(BoardReader(self.pool).cities()))
            raise click.ClickException(f"There is no city {city!r}. The cities are: {known}.")
        return found

    def show(self, drafted: Drafted) -> None:
        broken = self.planning.check(drafted.problem, drafted.draft)
        if broken:
            raise click.ClickException(f"The draft breaks a rule and is no good: {broken[0]}.")
        made = compose(drafted.framed, drafted.problem, drafted.draft, SystemClock().now())
        for line in Summary(drafted, made).lines():
            click.echo(line)
        if drafted.times.note:
            click.echo(f"\n{drafted.times.note}")


@contextmanager
def _opened() -> Iterator[_Desk]:
    settings = Settings.read(os.environ)
    pool = open_pool(settings.database_url, most=2, name="dispatch-cli")
    try:
        locking = partial(connect, settings.database_url, "dispatch-planning-lock")
        yield _Desk(pool, make_planning(pool, SystemClock(), locking, means_of(settings)))
    finally:
        pool.close()


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
