"""Follows teams that are split and joined while the evening runs. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from services.dispatch.domain.actions import Action, Kind
from services.dispatch.domain.evening import Team, Window


@dataclass(frozen=True, slots=True)
class FollowedCrews:
    """The teams that differ from the roster, whole, and why some actions had no effect (by id)."""

    teams: Mapping[str, Team]
    refused: Mapping[str, str]


def follow_crews(actions: Iterable[Action], roster: Mapping[str, Team]) -> FollowedCrews:
    """The teams after the actions; `roster` holds those of the city's file."""
    known, refused = dict(roster), dict[str, str]()
    once = {action.id: action for action in actions}
    for action in sorted(once.values(), key=lambda action: action.order):
        made = _split(known, action) if action.kind == Kind.SPLIT_TEAM else _join(known, action)
        if isinstance(made, str):
            refused[action.id] = made
        else:
            known |= made
    differing = {id_: team for id_, team in known.items() if team != roster.get(id_)}
    return FollowedCrews(differing, refused)


def part_of(team: str, action: str) -> str:
    """The id of the team that comes of splitting."""
    return f"{team}-{action[-4:]}"


def _split(known: Mapping[str, Team], action: Action) -> dict[str, Team] | str:
    parent, details = known.get(action.team), action.details
    if parent is None:
        return "There is no such team."
    strangers = set(details.members) - set(parent.members)
    if strangers:
        return f"{sorted(strangers)[0]} is not in {parent.name}."
    if details.members and not set(parent.members) - set(details.members):
        return f"Somebody has to stay in {parent.name}."
    kinds = tuple(kind for kind in parent.kinds if kind in details.kinds) or parent.kinds
    begins = min(max(action.at, parent.shift.opens), parent.shift.closes)
    part = replace(
        parent,
        id=part_of(parent.id, action.id),
        name=details.name or f"{parent.name} B",
        kinds=kinds,
        members=details.members,
        start=details.place or parent.start,
        shift=Window(begins, parent.shift.closes),
        vehicle="",
    )
    rest = tuple(member for member in parent.members if member not in details.members)
    return {parent.id: replace(parent, members=rest), part.id: part}


def _join(known: Mapping[str, Team], action: Action) -> dict[str, Team] | str:
    goes, stays = known.get(action.team), known.get(action.details.other)
    if goes is None or stays is None:
        return "There is no such team."
    if goes.id == stays.id:
        return "A team cannot join itself."
    joined = replace(
        stays,
        kinds=tuple(dict.fromkeys((*stays.kinds, *goes.kinds))),
        languages=tuple(dict.fromkeys((*stays.languages, *goes.languages))),
        members=tuple(dict.fromkeys((*stays.members, *goes.members))),
    )
    return {stays.id: joined}
