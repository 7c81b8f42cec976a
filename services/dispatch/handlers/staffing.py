"""Says who is in which team and how they are reached. Whatever changes teams calls it, at its end.

The board's row is locked by then, so that one change of a city's teams is told after the other.
"""

from services.dispatch.domain.roster.staffing import Staffed, news, staffed
from services.dispatch.ports.heard import Staffing
from shared.contracts.team import TeamMember, TeamStaffed
from shared.contracts.values import Window
from shared.ports import Publisher


def say_staffed(staffing: Staffing, publisher: Publisher, city: str) -> None:
    """Say of each team what differs from what was said last."""
    roster, teams = staffing.now(city)
    for team in news(staffed(roster, teams), staffing.said(city), roster):
        revision = staffing.keep(city, team)
        publisher.publish(_fact(team), city=city, subject=team.team_id, revision=revision)


def _fact(team: Staffed) -> TeamStaffed:
    members = (TeamMember(m.officer_id, m.name, m.phone, m.email, m.language) for m in team.members)
    shift = Window(team.shift.opens, team.shift.closes)
    page_url = ""  # A team's link is a secret of its telephone, handed over by code alone.
    return TeamStaffed(team.team_id, team.team_name, shift, page_url, tuple(members))
