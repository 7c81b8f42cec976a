"""Moves people and vehicles between teams. Pure; handlers use it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.dispatch.domain.roster.values import Crew, Delta, Roster, What


@dataclass(frozen=True, slots=True)
class Mover:
    """Somebody or something to be moved out of `from_team` ("" for none)."""

    what: What
    id: str
    from_team: str = ""

    @property
    def token(self) -> str:
        """As forms carry it."""
        return f"{self.what}/{self.id}/{self.from_team}"

    @classmethod
    def of(cls, token: str) -> "Mover":
        """The mover that a form's value names; raises ValueError."""
        what, id_, from_team = token.split("/", 2)
        if what == "people":
            return cls("people", id_, from_team)
        if what == "vehicles":
            return cls("vehicles", id_, from_team)
        raise ValueError("neither a person nor a vehicle")


def moved(
    roster: Roster, movers: Sequence[Mover], to: str, *, everywhere: bool = False
) -> list[Delta]:
    """The teams that differ afterwards. A team has one vehicle: the one before becomes free."""
    teams = dict(roster.teams)
    for mover in movers:
        for crew in list(teams.values()):
            if crew.id != to and (everywhere or crew.id == mover.from_team):
                teams[crew.id] = _without(crew, mover)
        if to:
            teams[to] = _with(teams[to], mover)
    return [
        Delta("teams", roster.teams[id_], crew)
        for id_, crew in teams.items()
        if crew != roster.teams[id_]
    ]


def _without(crew: Crew, mover: Mover) -> Crew:
    if mover.what == "people":
        return replace(crew, members=tuple(id_ for id_ in crew.members if id_ != mover.id))
    return replace(crew, vehicle="") if crew.vehicle == mover.id else crew


def _with(crew: Crew, mover: Mover) -> Crew:
    if mover.what == "people":
        return replace(crew, members=tuple(dict.fromkeys((*crew.members, mover.id))))
    return replace(crew, vehicle=mover.id)
