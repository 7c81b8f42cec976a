"""Finds the teams that a broadcast is for. The handler that takes actions down uses it."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from services.dispatch.domain.actions import Action
from services.dispatch.domain.night import MOVING, SETTLED, TeamNow, TeamState
from services.dispatch.handlers.turn import Acting
from shared.failures import Refused


def addressed(ports: Acting, city: str, action: Action) -> Action:
    """The broadcast with the teams that receive it, where it is not for one team or for all.

    Those are the teams that were chosen, and those whose next open stop is in one of the areas as
    things stand: who drives there later was not meant.
    """
    details = action.details
    if not details.areas and not details.teams:
        return action
    known = {team.id for team in ports.book.teams(city)}
    chosen = {*details.teams, *filter(None, (action.team,))}
    if chosen - known:
        raise _refused("teams", "There is no such team.")
    teams = {*chosen, *_bound_for(ports, city, known, details.areas)}
    if not teams:
        raise _refused("areas", "No team has its next stop there.")
    return replace(action, team="", details=replace(details, teams=tuple(sorted(teams))))


def _bound_for(
    ports: Acting, city: str, teams: Collection[str], areas: Collection[str]
) -> Iterator[str]:
    """The teams whose next open stop is in one of the areas."""
    if not areas:
        return
    states, routes = ports.nights.teams(city, teams), ports.book.routes(city, teams)
    for team in teams:
        now = states.get(team, TeamNow())
        settled = {party for party, visit in now.visits.items() if visit.state in SETTLED}
        left = (s.party_id for s in routes.get(team, ()) if s.party_id not in settled)
        next_ = now.party if now.state in MOVING else next(left, "")
        party = ports.book.party(city, next_) if next_ and now.state != TeamState.ENDED else None
        if party and party.area in areas:
            yield team


def _refused(field: str, why: str) -> Refused:
    return Refused("Some fields are wrong.", {field: [why]})
