"""Makes, opens and ends the links by which teams reach their page. Called by edges and commands."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from services.dispatch.domain.evening import Team
from services.dispatch.domain.shift_links import ShiftLink
from services.dispatch.field_ports import Roster, ShiftLinks
from shared.failures import Permanent, Refused
from shared.ids import new_id

HashOf = Callable[[str], bytes]
"""The hash under which the token of a link (given by its id) is kept."""


class LinkEnded(Permanent):
    """The link, or the phone's cookie, opens nothing any more."""


class LinkUnknown(LinkEnded):
    """The link is none of ours, or the phone brought no cookie that we know."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which links to make: for `teams` (none named: all), and whether those that hold go first."""

    city: str
    by: str
    teams: Collection[str] = ()
    renew: bool = False


def make_links(
    roster: Roster, links: ShiftLinks, hash_of: HashOf, wish: Wish, now: datetime
) -> list[ShiftLink]:
    """A link that holds for each team asked for; one that holds already stays, unless renewed."""
    known = {use.link.team_id: use.link for use in links.uses(wish.city)[::-1]}
    made = []
    for team in _wanted(roster, wish):
        old = known.get(team.id)
        if old and old.good(now) and _same_shift(old, team):
            if not wish.renew:
                made.append(old)
                continue
            links.revoke(wish.city, old.id, wish.by, now)
        link = _new_link(wish, team, now)
        if not link.good(now):
            continue
        links.add(link, hash_of(link.id))
        made.append(link)
    return made


def _wanted(roster: Roster, wish: Wish) -> list[Team]:
    teams = roster.teams(wish.city)
    strangers = set(wish.teams) - {team.id for team in teams}
    if strangers:
        names = ", ".join(sorted(strangers))
        raise Refused("Some teams are not known.", {"teams": [f"There is no team {names}."]})
    return [team for team in teams if not wish.teams or team.id in wish.teams]


def _same_shift(link: ShiftLink, team: Team) -> bool:
    return (link.opens, link.ends) == (team.shift.opens, team.shift.closes)


def _new_link(wish: Wish, team: Team, now: datetime) -> ShiftLink:
    shift = (team.shift.opens, team.shift.closes)
    return ShiftLink(new_id(), wish.city, team.id, team.name, *shift, wish.by, now)


def open_link(links: ShiftLinks, token_hash: bytes, secret_hash: bytes, now: datetime) -> ShiftLink:
    """Admit a phone that came with a token; raises `LinkEnded`."""
    link = links.find(token_hash)
    if link is None:
        raise LinkUnknown("There is no such link.")
    if not link.good(now):
        raise LinkEnded("This link has ended.")
    links.admit(link.id, secret_hash, now)
    return link


def recognise(links: ShiftLinks, secret_hash: bytes, now: datetime) -> ShiftLink:
    """The link of a phone that comes back; raises `LinkEnded`."""
    link = links.recognise(secret_hash, now)
    if link is None:
        raise LinkUnknown("This phone has opened no link.")
    if not link.good(now):
        raise LinkEnded("This link has ended.")
    return link
