"""Why a party is not visited: a code for machines and a sentence for its host. For planning."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Why nobody comes."""

    code: str
    detail: str


NO_VISIT_WANTED = Reason("no_visit_wanted", "You asked for no visit, so nobody will come by.")
LOCATION_UNCONFIRMED = Reason(
    "location_unconfirmed",
    "We do not know yet where the party is. Please confirm its place on the map.",
)
NO_TEAMS = Reason("no_teams", "The city has not set up its teams yet.")
WINDOW_TOO_SHORT = Reason(
    "window_too_short", "The party is shorter than a visit takes. A longer party could be visited."
)
NO_TEAM_AT_THAT_TIME = Reason(
    "no_team_at_that_time", "No suitable team is on duty at the time of the party."
)
TOO_FAR = Reason("too_far", "No suitable team can reach the party before it ends.")
NO_TIME_LEFT = Reason(
    "no_time_left", "The teams' evening is full. If time becomes free, the party is considered."
)
NOT_CHOSEN = Reason("not_chosen", "The city has decided that nobody comes to this party.")
OVER_THE_CAP = Reason(
    "over_the_cap", "The city considers a limited number of registrations, and it was reached."
)
NO_TEAM_MAY = Reason("no_team_may", "The city has assigned no team to your party.")
WITHDRAWN = Reason("withdrawn", "The party was withdrawn.")


def no_team_of_that_kind(names: Iterable[str]) -> Reason:
    """Nobody on duty is of a kind that the host asked for."""
    asked = ", ".join(names) or "that kind"
    return Reason("no_team_of_that_kind", f"No team on duty is of the kind you asked for: {asked}.")


NO_TEAM_LEFT = Reason(
    "no_team_left", "All teams were called away. If one becomes free, the party is considered."
)
HELD = Reason("held", "Visits in your part of the city are held for now. We will tell you more.")


CALLED_OFF = "called_off"


def called_off(why: str) -> Reason:
    """The area's visits were called off, for a reason in a dispatcher's words."""
    words = f"Visits in your part of the city are called off: {why.rstrip(' .')}."
    return Reason(CALLED_OFF, words)
