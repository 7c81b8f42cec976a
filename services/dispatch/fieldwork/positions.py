"""Hears where teams may be, from phones and trackers. Called by the team page and the API."""

from datetime import datetime

from services.dispatch.domain.shift_links import GRACE
from services.dispatch.domain.whereabouts import Fix, Whereabouts
from services.dispatch.field_ports import Positions, Roster, Trackers
from shared.failures import Refused


def hear_fix(
    roster: Roster, positions: Positions, city: str, team: str, fix: Fix, now: datetime
) -> bool:
    """Keep a team's place within its shift; whether it is the newest known one.

    Outside the shift nothing is kept, and what was kept is forgotten: nobody is watched off duty.
    """
    shift = next((each.shift for each in roster.teams(city) if each.id == team), None)
    if shift is None or not shift.opens <= now < shift.closes + GRACE:
        positions.forget(city, team)
        return False
    fix = fix.plausible(now)
    if not shift.opens <= fix.at:
        return False
    return positions.keep(city, Whereabouts(team, fix, now))


def hear_tracker(
    roster: Roster,
    trackers: Trackers,
    positions: Positions,
    city: str,
    device: str,
    fix: Fix,
    now: datetime,
) -> bool:
    """Keep the place of the team that the device travels with; raises `Refused` for a stranger."""
    team = trackers.team_of(city, device)
    if team is None:
        raise Refused(
            "This device travels with no team.",
            {"device": [f"The device {device!r} is not assigned to a team."]},
        )
    return hear_fix(roster, positions, city, team, fix, now)
