"""Looks up what a city's plan came to, for tests on PostgreSQL."""

from services.dispatch.adapters.postgres_plans import PostgresPlans
from services.dispatch.domain.evening import Evening
from shared.db import Pool


def evening(pool: Pool) -> Evening:
    """Pasadena as stored."""
    with pool.connection() as conn:
        found = PostgresPlans(conn).evening("pasadena")
    assert found is not None
    return found


def routes(pool: Pool) -> dict[str, list[str]]:
    """The parties on each route, in order."""
    stored = evening(pool).routes.items()
    return {team: [stop.party_id for stop in stops] for team, stops in sorted(stored)}


def unvisited(pool: Pool) -> list[str]:
    """The parties whose host was told that nobody comes."""
    return sorted(party for party, told in evening(pool).told.items() if not told.scheduled)
