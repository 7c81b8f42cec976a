"""Who is in each team tonight and how they are reached, and what of it is news. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from services.dispatch.domain.evening import Team, Window
from services.dispatch.domain.roster.values import Person, Roster


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a team; empty text is 'none given'."""

    officer_id: str
    name: str
    phone: str = ""
    email: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Staffed:
    """A team and its members; without any once there is no such team."""

    team_id: str
    team_name: str
    shift: Window
    members: tuple[Member, ...] = ()


def staffed(roster: Roster, teams: Iterable[Team]) -> dict[str, Staffed]:
    """The teams, as they are tonight, by id."""
    by_name = {person.name: person for person in reversed(list(roster.people.values()))}
    return {
        team.id: Staffed(team.id, team.name, team.shift, tuple(_members(roster, team, by_name)))
        for team in teams
    }


def news(now: Mapping[str, Staffed], said: Mapping[str, Staffed], roster: Roster) -> list[Staffed]:
    """What has to be said: nothing of a city that nobody can reach, ever since it began."""
    if not said and not any(person.phone or person.email for person in roster.people.values()):
        return []
    changed = [team for id_, team in now.items() if said.get(id_) != team]
    gone = [replace(team, members=()) for id_, team in said.items() if id_ not in now]
    return changed + [team for team in gone if said[team.team_id] != team]


def _members(roster: Roster, team: Team, by_name: Mapping[str, Person]) -> Iterable[Member]:
    """A night's team knows names alone: the roster's team says who of several is meant."""
    crew = roster.teams.get(team.id)
    own = [roster.people[id_] for id_ in crew.members if id_ in roster.people] if crew else []
    known = {**by_name, **{person.name: person for person in own}}
    people = own if [p.name for p in own] == list(team.members) else None
    for person in people or [known[name] for name in team.members if name in known]:
        reached = (person.phone, person.email, person.message_language)
        yield Member(person.id, person.name, *reached)
