"""Of a team's routes the newest is kept, however they come."""

from shared.contracts.route import RouteUpdated, Stop
from shared.contracts.values import Place
from tests.notify.bench import Bench
from tests.notify.facts import SEVEN, said


def test_the_newest_route_of_a_team_is_kept_in_any_order(bench: Bench) -> None:
    stop = Stop("p1", "ABC", "Elm", "1 Elm St", Place(34.1, -118.1), ("police",), SEVEN, SEVEN)
    newest = said(RouteUpdated("t1", "Team 1", 3, (stop,)), "t1", 3)
    oldest = said(RouteUpdated("t1", "Team 1", 2, ()), "t1", 2)
    bench.hear(newest, oldest, newest)
    with bench.pool.connection() as conn:
        rows = conn.execute("select revision, stops -> 0 ->> 'code' from routes").fetchall()
    assert rows == [(3, "ABC")]
