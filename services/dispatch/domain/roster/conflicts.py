"""What is wrong with a roster, in words that say what to look at. Pure; the page shows it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from zoneinfo import ZoneInfo

from services.dispatch.domain.evening import City, Party
from services.dispatch.domain.roster.clock import minutes_of, say_pause, say_span
from services.dispatch.domain.roster.derived import (
    Usual,
    kinds_of,
    languages_of,
    members_of,
    shift_of,
    usual_of,
)
from services.dispatch.domain.roster.languages import say_language
from services.dispatch.domain.roster.values import GROUPS, Crew, Roster, Vehicle, What


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing to look at; `grave` where the evening would go wrong with it."""

    kind: str
    words: str
    teams: tuple[str, ...] = ()
    grave: bool = True


def conflicts_of(roster: Roster, city: City, parties: Sequence[Party]) -> list[Conflict]:
    """Everything that does not fit together, the grave first."""
    look = _Look(roster, city, usual_of(roster, city))
    found = [*look.twice(), *look.each_team(), *look.asked_for(parties)]
    return sorted(found, key=lambda conflict: not conflict.grave)


def counted(roster: Roster) -> list[str]:
    """The roster in figures: "12 teams", "31 officers", "4 speak Spanish"."""
    groups = Counter(person.group for person in roster.people.values())
    spoken = Counter(
        code for person in roster.people.values() for code in person.languages if code != "en"
    )
    words = [_number(len(roster.teams), "team", "teams")]
    words += [
        _number(groups[code], many.removesuffix("s"), many)
        for code, many in GROUPS.items()
        if groups[code]
    ]
    words += [_number(len(roster.vehicles), "vehicle", "vehicles")] if roster.vehicles else []
    for code, count in spoken.most_common(3):
        words.append(f"{count} {'speaks' if count == 1 else 'speak'} {say_language(code)}")
    return words


class _Look:
    """Looks at one roster."""

    def __init__(self, roster: Roster, city: City, usual: Usual) -> None:
        self._roster = roster
        self._city = city
        self._usual = usual
        zone = ZoneInfo(city.zone)
        self._opens = minutes_of(city.evening.opens, city.date, zone)
        self._closes = minutes_of(city.evening.closes, city.date, zone)

    def twice(self) -> Iterator[Conflict]:
        """People and vehicles that are in two teams at once."""
        sorts: tuple[What, What] = ("people", "vehicles")
        for what in sorts:
            for entry in self._roster.of(what).values():
                crews = self._roster.teams_with(what, entry.id)
                for one, other in combinations(crews, 2):
                    both = self._overlap(one, other)
                    if both:
                        words = f"{entry.name} is in {one.name} and {other.name} at once ({both})."
                        yield Conflict(f"{what}_twice", words, (one.id, other.id))

    def each_team(self) -> Iterator[Conflict]:
        for crew in self._roster.teams.values():
            yield from self._shift(crew)
            yield from self._crew(crew)
        walkers = [crew for crew in self._roster.teams.values() if not self._vehicle(crew)]
        if walkers and self._roster.vehicles:
            words = f"{_number(len(walkers), 'team has', 'teams have')} no vehicle."
            yield Conflict("no_vehicle", words, tuple(crew.id for crew in walkers), grave=False)

    def asked_for(self, parties: Sequence[Party]) -> Iterator[Conflict]:
        """Kinds and languages that hosts ask for and no team brings."""
        crews = self._roster.teams.values()
        brought = {code for crew in crews for code in kinds_of(crew, self._roster, self._city)}
        names = {kind.code: kind.name for kind in self._city.kinds}
        open_ = [party for party in parties if not party.no_visit]
        wanted = Counter(code for party in open_ for code in party.wanted)
        for code, count in wanted.most_common():
            if code not in brought:
                asks = f"{_number(count, 'party asks', 'parties ask')} for {names.get(code, code)}"
                yield Conflict("kind_missing", f"{asks}, and no team brings it.")
        spoken = {code for crew in crews for code in languages_of(crew, self._roster)}
        for code, count in Counter(_tongues(open_)).most_common():
            if code not in spoken:
                asks = f"{_number(count, 'host speaks', 'hosts speak')} {say_language(code)}"
                yield Conflict("language_missing", f"{asks}, and no team does.", grave=False)

    def _shift(self, crew: Crew) -> Iterator[Conflict]:
        opens, closes = shift_of(crew, self._usual)
        shift = f"{crew.name}’s shift ({say_span(opens, closes)})"
        evening = f"the evening ({say_span(self._opens, self._closes)})"
        if opens >= closes:
            yield self._of(crew, "shift_empty", f"{shift} ends before it begins.")
        elif closes <= self._opens or opens >= self._closes:
            yield self._of(crew, "outside_evening", f"{shift} is outside {evening}.")
        elif closes > self._closes:
            words = f"{shift} ends after {evening}."
            yield self._of(crew, "outside_evening", words, grave=False)
        for pause in crew.breaks:
            if not opens <= pause[0] < pause[1] <= closes:
                words = f"A break of {crew.name} ({say_pause(pause)}) is outside its shift."
                yield self._of(crew, "break_outside", words, grave=False)

    def _crew(self, crew: Crew) -> Iterator[Conflict]:
        people, vehicle = len(members_of(crew, self._roster)), self._vehicle(crew)
        if not people:
            yield self._of(crew, "no_members", f"{crew.name} has nobody in it.")
        if vehicle and 0 < vehicle.seats < people:
            seats = f"{vehicle.name} has {_number(vehicle.seats, 'seat', 'seats')}"
            words = f"{crew.name} has {people} people, and {seats}."
            yield self._of(crew, "too_few_seats", words)
        if crew.start is None and self._usual.start is None:
            yield self._of(crew, "no_start", f"{crew.name} has no place to start from.")
        if not kinds_of(crew, self._roster, self._city):
            yield self._of(crew, "no_kinds", f"{crew.name} brings no kind of visit.", grave=False)

    def _vehicle(self, crew: Crew) -> Vehicle | None:
        return self._roster.vehicles.get(crew.vehicle)

    def _overlap(self, one: Crew, other: Crew) -> str:
        first, second = shift_of(one, self._usual), shift_of(other, self._usual)
        opens, closes = max(first[0], second[0]), min(first[1], second[1])
        return say_span(opens, closes) if opens < closes else ""

    @staticmethod
    def _of(crew: Crew, kind: str, words: str, *, grave: bool = True) -> Conflict:
        return Conflict(kind, words, (crew.id,), grave)


def _tongues(parties: Iterable[Party]) -> Iterator[str]:
    return (party.language for party in parties if party.language)


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
