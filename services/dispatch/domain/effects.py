"""Each policy in one sentence, and what a plan made of it in another. For plans and pages. Pure."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.dispatch.domain.drawing import drawn, over_the_cap, turns
from services.dispatch.domain.evening import Evening
from services.dispatch.domain.roster.languages import say_language, spoken

PRIZE = 5
"""Points that any visit is worth."""

MOST_NAMED = 3

STABILITY = {
    "fixed": "No window that a host was told is moved or taken back as long as it can be kept.",
    "strong": "A host is told another time only where the plan gains far more than one visit.",
    "soft": "A host may be told another time where that makes room for another party.",
}


@dataclass(frozen=True, slots=True)
class Effect:
    """One policy: what it does, and (where a plan is looked at) what came of it."""

    policy: str
    words: str
    outcome: str = ""


def effects(evening: Evening, visited: Mapping[str, Collection[str]] | None = None) -> list[Effect]:
    """The policies in force; `visited` holds the parties on each team's route, to say what came."""
    seen = None if visited is None else frozenset(p for route in visited.values() for p in route)
    return [*_order(evening, seen), *_areas(evening, seen), *_teams(evening, visited)]


def _order(evening: Evening, seen: Collection[str] | None) -> Iterator[Effect]:
    policies = evening.policies
    if share := policies.first_come_first_served:
        words = f"Earlier registrations count more; the last one {share:.0%} less than the first."
        yield Effect("first_come_first_served", words, _halves(evening, seen))
    if policies.new_or_absent_factor != 1.0:
        years, factor = policies.absent_years, policies.new_or_absent_factor
        waiting = [
            party.id
            for party in evening.parties
            if party.id not in evening.absent or evening.absent[party.id] >= years
        ]
        words = (
            f"{_count(len(waiting), 'block')} never visited or not for {years} years"
            f" count{'s' * (len(waiting) == 1)} {factor:g} times."
        )
        yield Effect("new_or_absent_factor", words, _of(waiting, seen))
    bonus = policies.first_visit_bonus
    words = f"A party's first visit is worth {PRIZE + bonus:g} points, a further one {PRIZE}."
    yield Effect("first_visit_bonus", words)
    if lottery := policies.lottery:
        winners = drawn(policies, evening.parties)
        words = (
            f"{_count(len(winners), 'party', 'parties')} drawn by lot (seed {lottery.seed}) are"
            " visited before all others, if anybody can reach them."
        )
        yield Effect("lottery", words, _of(winners, seen))
    if policies.cap is not None:
        late = len(over_the_cap(policies, evening.parties))
        words = f"Only the first {policies.cap} registrations are considered; {late} came later."
        if policies.stability == "fixed":
            words += " Of these, whoever was told of a visit keeps it."
        yield Effect("cap", words)


def _areas(evening: Evening, seen: Collection[str] | None) -> Iterator[Effect]:
    if not (points := evening.policies.equity_points):
        return
    words = f"The first party of an area counts {points:g} points more, the last about none."
    sizes = Counter(p.area for p in evening.parties if p.area and not p.no_visit)
    outcome = ""
    if seen is not None and sizes:
        made = Counter(party.area for party in evening.parties if party.id in seen)
        shares = {area: made[area] / size for area, size in sizes.items()}
        worst = min(shares, key=lambda area: (shares[area], area))
        name = evening.city.area_name(worst)
        outcome = f"The worst-served area is {name}: {shares[worst]:.0%} of its parties."
    yield Effect("equity_points", words, outcome)


def _teams(evening: Evening, visited: Mapping[str, Collection[str]] | None) -> Iterator[Effect]:
    policies, names = evening.policies, {team.id: team.name for team in evening.teams}
    for caravan in policies.caravans:
        name = names.get(caravan.team, caravan.team)
        stops = _count(len(caravan.parties), "stop")
        words = f"{name} drives {stops} in fixed order and no others."
        yield Effect("caravans", words, _of(caravan.parties, _on(visited, caravan.team)))
    for team, areas in sorted(policies.beats.items()):
        yield Effect("beats", f"{names.get(team, team)} visits {_listed(evening, areas)} only.")
    area = {party.id: party.area for party in evening.parties}
    for team, areas in sorted(policies.stay_in.items()):
        name, points = names.get(team, team), policies.stay_in_points
        words = f"{name} leaves {_listed(evening, areas)} only for {points:g} points more."
        route = _on(visited, team)
        away = sum(area.get(party) not in areas for party in route or ())
        outcome = "" if route is None else f"{_count(away, 'visit')} outside."
        yield Effect("stay_in", words, outcome)
    for team, most in sorted(policies.most_stops.items()):
        words = f"{names.get(team, team)} makes {_count(most, 'stop')} at most."
        route = _on(visited, team)
        outcome = "" if route is None else f"It makes {len(route)}."
        yield Effect("most_stops", words, outcome)
    yield from _languages(evening, visited)
    yield Effect("stability", STABILITY[policies.stability])


def _languages(evening: Evening, visited: Mapping[str, Collection[str]] | None) -> Iterator[Effect]:
    """Of hosts whose language some team speaks: how many get such a team, and who does not."""
    teams = {team.id: frozenset(map(spoken, team.languages)) for team in evening.teams}
    known = frozenset[str]().union(*teams.values()) - {"en"}
    hosts = [p for p in evening.parties if not p.no_visit and spoken(p.language) in known]
    if not (points := evening.policies.language_points) or not hosts:
        return
    words = f"A team that speaks the host's language is preferred, as if by {points:g} points."
    if visited is None:
        yield Effect("language_points", words)
        return
    heard: dict[str, set[str]] = {}
    for team, parties in visited.items():
        for party in parties:
            heard.setdefault(party, set()).update(teams.get(team, ()))
    seen = [party for party in hosts if party.id in heard]
    without = [party for party in seen if spoken(party.language) not in heard[party.id]]
    outcome = f"{len(seen) - len(without)} of {_count(len(seen), 'such host')} get one."
    if without:
        named = [f"{p.address} ({say_language(p.language)})" for p in without[:MOST_NAMED]]
        more = [f"{len(without) - MOST_NAMED} more"] if len(without) > MOST_NAMED else []
        outcome += f" Not so, as no such team had room: {_joined([*named, *more])}."
    yield Effect("language_points", words, outcome)


def _on(visited: Mapping[str, Collection[str]] | None, team: str) -> Collection[str] | None:
    return None if visited is None else visited.get(team, ())


def _of(parties: Collection[str], seen: Collection[str] | None) -> str:
    if seen is None:
        return ""
    made = sum(party in seen for party in parties)
    return f"{made} of {len(parties)} {'is' if made == 1 else 'are'} visited."


def _halves(evening: Evening, seen: Collection[str] | None) -> str:
    wanting = [party for party in evening.parties if not party.no_visit]
    if seen is None or len(wanting) < 2:
        return ""
    order = sorted(turns(wanting), key=turns(wanting).__getitem__)
    half = len(order) // 2
    first, second = order[:half], order[half:]
    shares = [sum(party in seen for party in part) / len(part) for part in (first, second)]
    return f"Visited: {shares[0]:.0%} of the earlier half, {shares[1]:.0%} of the later."


def _count(number: int, one: str, more: str = "") -> str:
    return f"{number} {one if number == 1 else more or one + 's'}"


def _listed(evening: Evening, areas: Collection[str]) -> str:
    return _joined([evening.city.area_name(area) or "(no area)" for area in areas] or ["no area"])


def _joined(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
