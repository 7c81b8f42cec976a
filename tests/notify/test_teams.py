"""Of who is in a team the newest is kept, however it comes."""

from shared.contracts.team import TeamMember, TeamStaffed
from shared.contracts.values import Window
from tests.notify.bench import Bench
from tests.notify.facts import SEVEN, said


def test_the_newest_members_of_a_team_are_kept_in_any_order(bench: Bench) -> None:
    ann = TeamMember("o1", "Ann\nLee", "+16265550137", "ann@example.org", "es")
    shift = Window(SEVEN, SEVEN)
    newest = said(TeamStaffed("t1", "Team 1", shift, "", (ann,)), "t1", 3)
    oldest = said(TeamStaffed("t1", "Team 1", shift, "", ()), "t1", 2)
    bench.hear(newest, oldest, newest)
    with bench.pool.connection() as conn:
        rows = conn.execute("select revision, opens, members from teams").fetchall()
    (member,) = rows[0][2]
    assert rows[0][:2] == (3, SEVEN)
    assert member == {
        **{"officer_id": "o1", "name": "Ann Lee", "phone": "+16265550137"},
        **{"email": "ann@example.org", "language": "es"},
    }
