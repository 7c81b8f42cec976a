"""Turns hand edits and policies into rules on visits, and narrows visits by them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import ceil, floor

from services.dispatch.domain.drawing import drawn
from services.dispatch.domain.evening import Evening
from services.dispatch.domain.problem import Ban, Beat, Lock, Pin, Rule, Slot, Visit
from services.dispatch.domain.standing import Standing

FAR = 10**7


def rules_of(
    evening: Evening, visits: Sequence[Visit], standings: Iterable[Standing]
) -> tuple[Rule, ...]:
    """What no plan may break: the edits that hold, caravans and beats."""
    held = [standing for standing in standings if standing.holds]
    by_hand = tuple(rule for standing in held for rule in _by_hand(evening, standing))
    caravans = tuple(_caravans(evening, visits, by_hand))
    return (*by_hand, *caravans, *_beats(evening, (*by_hand, *caravans)))


def narrowed(
    visits: Sequence[Visit], rules: Sequence[Rule], areas: Mapping[str, str]
) -> list[Visit]:
    """The visits as the rules allow them; one that is left without a team has none."""
    return [_narrowed(visit, rules, areas.get(visit.party, "")) for visit in visits]


def must_be_made(
    evening: Evening,
    visits: Sequence[Visit],
    rules: Iterable[Rule],
    standings: Iterable[Standing],
) -> frozenset[str]:
    """Visits that rank above all others: pinned ones, settled orders, winners of the lottery."""
    pinned = [s.visits for s in standings if s.holds and s.edit.kind != "forbid"]
    pinned += [rule.visits for rule in rules if isinstance(rule, Lock)]
    winners = drawn(evening.policies, evening.parties)
    first: dict[str, str] = {}
    for visit in visits:
        if visit.party in winners and (visit.promised or visit.party not in first):
            first[visit.party] = visit.id
    return frozenset(visit for pin in pinned for visit in pin) | frozenset(first.values())


def set_free(evening: Evening, rules: Iterable[Rule]) -> frozenset[str]:
    """Parties whose promise gives way to an order that the stored route does not keep yet."""
    free: set[str] = set()
    for rule in rules:
        if isinstance(rule, Lock):
            order = [visit.partition("/")[0] for visit in rule.visits]
            stops = [stop.party_id for stop in evening.routes.get(rule.team, ())]
            if [party for party in stops if party in order] != order:
                free.update(order)
    return frozenset(free)


def _by_hand(evening: Evening, standing: Standing) -> Iterable[Rule]:
    edit = standing.edit
    if edit.kind == "forbid":
        yield from (Ban(visit, edit.team) for visit in standing.visits if edit.team)
        return
    if edit.kind == "lock":
        yield Lock(edit.team, standing.visits, edit.only)
        return
    zero = evening.city.evening.opens
    for visit in standing.visits:
        if edit.team:
            yield Pin(visit, edit.team)
        if edit.earliest or edit.latest:
            opens = ceil((edit.earliest - zero).total_seconds()) if edit.earliest else -FAR
            latest = floor((edit.latest - zero).total_seconds()) if edit.latest else FAR
            yield Slot(visit, opens, latest)


def _caravans(evening: Evening, visits: Sequence[Visit], by_hand: Sequence[Rule]) -> Iterable[Lock]:
    elsewhere = {rule.visit: rule.team for rule in by_hand if isinstance(rule, Pin)}
    elsewhere |= {v: rule.team for rule in by_hand if isinstance(rule, Lock) for v in rule.visits}
    on_duty = {team.id for team in evening.teams}
    for caravan in evening.policies.caravans:
        if caravan.team not in on_duty:
            continue
        own = {
            visit.party: visit.id
            for visit in visits
            if caravan.team in visit.teams
            and elsewhere.get(visit.id, caravan.team) == caravan.team
            and Ban(visit.id, caravan.team) not in by_hand
        }
        order = tuple(own[party] for party in caravan.parties if party in own)
        yield Lock(caravan.team, order, only=True)


def _beats(evening: Evening, others: Sequence[Rule]) -> Iterable[Beat]:
    """A hand edit goes before a beat."""
    on_duty = {team.id for team in evening.teams}
    for team, areas in sorted(evening.beats.items()):
        if team not in on_duty:
            continue
        also = {rule.visit for rule in others if isinstance(rule, Pin) and rule.team == team}
        for rule in others:
            if isinstance(rule, Lock) and rule.team == team:
                also.update(rule.visits)
        yield Beat(team, frozenset(areas), frozenset(also))


def _narrowed(visit: Visit, rules: Sequence[Rule], area: str) -> Visit:
    teams, opens, latest = set(visit.teams), visit.opens, visit.latest
    for rule in rules:
        match rule:
            case Pin(visit=visit.id, team=team):
                teams &= {team}
            case Slot(visit=visit.id, earliest=earliest, latest=last):
                opens, latest = max(opens, earliest), min(latest, last)
            case Ban(visit=visit.id, team=team):
                teams.discard(team)
            case Lock(team=team, visits=visits) if visit.id in visits:
                teams &= {team}
            case Lock(team=team, only=True):
                teams.discard(team)
            case Beat(team=team, areas=areas, also=also):
                if area not in areas and visit.id not in also:
                    teams.discard(team)
    return replace(visit, teams=frozenset(teams), opens=opens, latest=latest)
