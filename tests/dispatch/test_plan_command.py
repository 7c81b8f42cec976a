"""The command `plan`, on a real PostgreSQL."""

from collections.abc import Callable, Sequence

import pytest
from click.testing import CliRunner, Result

from services.dispatch.adapters.postgres_plans import PostgresPlans
from services.dispatch.commands.plan import plan
from services.dispatch.domain.evening import Window
from services.dispatch.planning import Planning, plan_city
from shared.contracts.route import PlanPublished
from shared.db import Pool
from shared.inbox import Inbox
from tests.dispatch.builders import at, city_fact, make_party, make_team, party_fact, place
from tests.dispatch.hearing import hear, said

Run = Callable[..., Result]
SHORT = Window(at(0), at(40))


@pytest.fixture
def run(url: str) -> Run:
    """Runs the command on this test's database."""
    settings = {
        "DISPATCH_DATABASE_URL": url,
        "REDIS_URL": "redis://nowhere",
        "SECRET_KEY": "x" * 32,
    }

    def ask(*words: str) -> Result:
        repeatable = () if "--iterations" in words else ("--iterations", "2000")
        return CliRunner().invoke(plan, [*words, *repeatable], env=settings)

    return ask


@pytest.fixture
def town(inbox: Inbox) -> Callable[[Sequence[str]], None]:
    """Pasadena with one team of forty minutes, and parties by name."""
    hear(inbox, city_fact(teams=[make_team(shift=SHORT)]))

    def register(parties: Sequence[str]) -> None:
        facts = [make_party(p, area="north", place=place(n / 2)) for n, p in enumerate(parties)]
        hear(inbox, *(party_fact(party) for party in facts))

    return register


def version(pool: Pool) -> int:
    with pool.connection() as conn:
        evening = PostgresPlans(conn).evening("pasadena")
    assert evening is not None
    return evening.version


def test_a_draft_is_shown_with_figures_and_reasons_and_stays_a_draft(
    run: Run, pool: Pool, town: Callable[[Sequence[str]], None]
) -> None:
    town(["a", "b", "c"])
    result = run("--city", "pasadena")
    assert result.exit_code == 0, result.output
    assert "2 of 3 parties visited, 1 not" in result.stdout
    assert "north: 67%" in result.stdout
    assert "Team t1: 2 stops" in result.stdout
    assert "no time left (1)" in result.stdout
    assert "Only Team t1 could come, by dropping" in result.stdout
    assert "best so far: " in result.stderr
    assert " points, at most " in result.stderr
    assert version(pool) == 0
    assert said(pool, PlanPublished) == []


def test_the_same_iterations_and_seed_give_the_same_words(
    run: Run, town: Callable[[Sequence[str]], None]
) -> None:
    town("abcdefgh")
    words = ("--city", "pasadena", "--iterations", "500", "--seed", "7", "--forecast")
    assert run(*words).stdout == run(*words).stdout


def test_a_forecast_says_what_one_more_team_would_add(
    run: Run, town: Callable[[Sequence[str]], None]
) -> None:
    town("abcd")
    result = run("--city", "pasadena", "--forecast")
    assert "With this team you can promise 2 visits; one more team adds 2." in result.stdout


def test_a_draft_holds_once_it_is_published(
    run: Run, pool: Pool, town: Callable[[Sequence[str]], None]
) -> None:
    town("abc")
    result = run("--city", "pasadena", "--publish")
    assert "Published as plan 1." in result.stdout
    assert [fact.data.visited for fact in said(pool, PlanPublished)] == [2]


def test_hosts_told_otherwise_are_counted(
    run: Run, inbox: Inbox, planning: Planning, town: Callable[[Sequence[str]], None]
) -> None:
    town("abc")
    plan_city(planning, "pasadena")
    assert "0 hosts were told otherwise before" in run("--city", "pasadena").stdout


def test_a_city_that_is_being_planned_is_not_published_over(
    run: Run, planning: Planning, town: Callable[[Sequence[str]], None]
) -> None:
    town("a")
    with planning.lock.hold("pasadena"):
        result = run("--city", "pasadena", "--publish")
    assert result.exit_code == 1
    assert "is being planned just now" in result.stderr


def test_an_unknown_city_is_named_and_so_are_those_that_there_are(
    run: Run, town: Callable[[Sequence[str]], None]
) -> None:
    result = run("--city", "atlantis")
    assert result.exit_code == 1
    assert "There is no city 'atlantis'. The cities are: pasadena." in result.stderr


def test_where_there_is_no_city_yet_the_way_to_one_is_named(run: Run) -> None:
    assert "./porchlight city add FILE" in run("--city", "atlantis").stderr


def test_a_city_without_teams_or_parties_is_planned_too(run: Run, inbox: Inbox) -> None:
    hear(inbox, city_fact(teams=[]))
    assert "0 of 0 parties visited" in run("--city", "pasadena").stdout
    hear(inbox, party_fact(make_party()))
    result = run("--city", "pasadena", "--forecast")
    assert "0 of 1 parties visited, 1 not" in result.stdout
    assert "has not set up its teams yet" in result.stdout
