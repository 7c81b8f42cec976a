"""On what a draft was made, and what of it has changed since, in sentences. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields

from services.dispatch.domain.evening import Evening, Party, Team
from services.dispatch.domain.policy import Policies

USUAL = frozenset({"", "en"})
"""Languages that no plan depends on."""


@dataclass(frozen=True, slots=True)
class Basis:
    """Fingerprints of all that a plan depends on: by party, by team, and of the rest."""

    plan_version: int
    parties: Mapping[str, str]
    teams: Mapping[str, str]
    edits: tuple[str, ...]
    policies: str
    history: str


def basis_of(evening: Evening) -> Basis:
    """The basis of a draft that is made now."""
    return Basis(
        evening.version,
        {party.id: _party(party) for party in evening.parties},
        {team.id: _team(team) for team in evening.teams},
        tuple(sorted(edit.id for edit in evening.edits)),
        policies_print(evening.policies),
        _print(sorted(evening.absent.items())),
    )


def changes_since(basis: Basis, evening: Evening) -> list[str]:
    """What has changed that a plan depends on, plans published since aside; empty: nothing."""
    now = basis_of(evening)
    found = _differences("party", "parties", basis.parties, now.parties)
    found += _differences("team", "teams", basis.teams, now.teams)
    if basis.edits != now.edits:
        added, gone = len(set(now.edits) - set(basis.edits)), len(set(basis.edits) - set(now.edits))
        words = [f"{_count(added, 'edit')} added"] if added else []
        words += [f"{_count(gone, 'edit')} withdrawn"] if gone else []
        found.append(" and ".join(words))
    if basis.policies != now.policies:
        found.append("the policies changed")
    if basis.history != now.history:
        found.append("the history of blocks changed")
    return found


def policies_print(policies: Policies) -> str:
    """A fingerprint of the policies, whatever the order of their teams."""
    values = [getattr(policies, field.name) for field in fields(policies)]
    return _print([sorted(v.items()) if isinstance(v, Mapping) else v for v in values])


def _differences(
    one: str, many: str, before: Mapping[str, str], now: Mapping[str, str]
) -> list[str]:
    new, gone = len(now.keys() - before.keys()), len(before.keys() - now.keys())
    other = sum(now[key] != before[key] for key in now.keys() & before.keys())
    counts = ((new, "new"), (gone, "gone"), (other, "changed"))
    return [f"{_count(n, one, many)} {word}" for n, word in counts if n]


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _party(party: Party) -> str:
    asked: tuple[object, ...] = (party.wanted, party.no_visit, party.received_at)
    if party.language not in USUAL:
        asked = (*asked, party.language)
    return _print((party.place, party.area, party.window, *asked))


def _team(team: Team) -> str:
    more: tuple[object, ...] = (team.end, team.breaks) if team.end or team.breaks else ()
    if not USUAL.issuperset(team.languages):
        more = (*more, team.languages)
    return _print((sorted(team.kinds), team.start, team.shift, *more))


def _print(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]
