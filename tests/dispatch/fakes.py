"""Dispatch's ports in memory, and a recorder of what was published."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from services.dispatch.domain.evening import City, Evening, Party, Rests, Stop, Team
from services.dispatch.domain.plan import Plan
from services.dispatch.domain.problem import Draft, Problem
from services.dispatch.domain.roster.staffing import Staffed
from services.dispatch.domain.roster.values import Roster
from services.dispatch.domain.told import Told
from services.dispatch.handlers.publishing import Session
from services.dispatch.ports.heard import HeardParty, Message
from services.dispatch.ports.planning import Dirt
from tests.dispatch.builders import NOON


@dataclass
class Memory:
    """Everything that the fake ports share, as the database is shared by the real ones."""

    cities: dict[str, tuple[City, tuple[Team, ...], int]] = field(default_factory=dict)
    parties: dict[tuple[str, str], HeardParty] = field(default_factory=dict)
    messages: dict[tuple[str, str], Message] = field(default_factory=dict)
    plans: dict[str, list[Plan]] = field(default_factory=dict)
    routes: dict[str, dict[str, tuple[Stop, ...]]] = field(default_factory=dict)
    told: dict[str, dict[str, Told]] = field(default_factory=dict)
    rests: dict[str, dict[str, Rests]] = field(default_factory=dict)
    dirt: dict[str, Dirt] = field(default_factory=dict)
    generations: int = 0
    changes: dict[str, int] = field(default_factory=dict)
    troubles: dict[str, str] = field(default_factory=dict)


class FakeLedger:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def keep_city(self, city: City, teams: Sequence[Team], revision: int) -> bool:
        known = self._memory.cities.get(city.id)
        if known and known[2] >= revision:
            return False
        self._memory.cities[city.id] = (city, tuple(teams), revision)
        return True

    def keep_parties(self, city: str, heard: Sequence[HeardParty]) -> int:
        news = 0
        for one in heard:
            key = (city, one.party.id)
            known = self._memory.parties.get(key)
            if known is None or known.revision < one.revision:
                self._memory.parties[key] = one
                news += 1
        return news

    def keep_messages(self, city: str, messages: Collection[Message]) -> int:
        news = 0
        for message in messages:
            known = self._memory.messages.get((city, message.id))
            if known is None or (known.fault and not message.fault):
                self._memory.messages[city, message.id] = message
                news += 1
        return news


class FakeBoards:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def changed(self, city: str, now: datetime, trouble: str | None = None) -> None:
        self._memory.changes[city] = self._memory.changes.get(city, 0) + 1
        if trouble is not None:
            self._memory.troubles[city] = trouble


class FakeStaffing:
    """A roster that stands still, and what was said of its teams."""

    def __init__(self, roster: Roster | None = None, teams: Sequence[Team] = ()) -> None:
        self.roster = roster or Roster("pasadena")
        self.teams = teams
        self.revisions: dict[str, int] = {}
        self._said: dict[str, Staffed] = {}

    def now(self, city: str) -> tuple[Roster, Sequence[Team]]:
        return self.roster, self.teams

    def said(self, city: str) -> Mapping[str, Staffed]:
        return dict(self._said)

    def keep(self, city: str, team: Staffed) -> int:
        self._said[team.team_id] = team
        self.revisions[team.team_id] = self.revisions.get(team.team_id, 0) + 1
        return self.revisions[team.team_id]


class FakeDirtyCities:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def mark(self, city: str, now: datetime) -> None:
        self._memory.generations += 1
        known = self._memory.dirt.get(city)
        since = known.since if known else now
        self._memory.dirt[city] = Dirt(since, self._memory.generations)

    def read(self, city: str) -> Dirt | None:
        return self._memory.dirt.get(city)

    def clear(self, city: str, generation: int) -> bool:
        known = self._memory.dirt.get(city)
        if known is None or known.generation != generation:
            return False
        del self._memory.dirt[city]
        return True

    def waiting(self) -> Sequence[str]:
        dirt = self._memory.dirt
        return sorted((c for c in dirt if c in self._memory.cities), key=lambda c: dirt[c].since)


class FakePlans:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def evening(self, city: str) -> Evening | None:
        if city not in self._memory.cities:
            return None
        settings, teams, _ = self._memory.cities[city]
        return Evening(
            settings,
            teams,
            tuple(self._present(city)),
            dict(self._memory.routes.get(city, {})),
            dict(self._memory.told.get(city, {})),
            len(self._memory.plans.get(city, ())),
            rests={t: r for t, r in self._memory.rests.get(city, {}).items() if r != Rests()},
        )

    def _present(self, city: str) -> Iterator[Party]:
        for (of, _), heard in sorted(self._memory.parties.items()):
            if of == city and not heard.party.withdrawn:
                yield heard.party

    def made_at(self, city: str) -> datetime | None:
        plans = self._memory.plans.get(city)
        return plans[-1].made_at if plans else None

    def version(self, city: str) -> int:
        return len(self._memory.plans.get(city, ()))

    def keep(self, city: str, plan: Plan) -> None:
        self._memory.plans.setdefault(city, []).append(plan)
        self._memory.routes.setdefault(city, {}).update(plan.changed_routes)
        self._memory.told.setdefault(city, {}).update(plan.told)
        self._memory.rests.setdefault(city, {}).update(plan.rests)

    def correlations(self, city: str, parties: Collection[str]) -> Mapping[str, str]:
        known = self._memory.parties
        return {p: known[city, p].correlation for p in parties if (city, p) in known}


@dataclass
class Said:
    """One published fact."""

    fact: Any
    city: str
    subject: str
    revision: int
    correlation: str | None


class FakePublisher:
    def __init__(self) -> None:
        self.said: list[Said] = []

    def publish(
        self,
        fact: object,
        *,
        city: str,
        subject: str,
        revision: int,
        cause: object = None,
        correlation: str | None = None,
    ) -> None:
        self.said.append(Said(fact, city, subject, revision, correlation))

    def of(self, kind: type) -> list[Any]:
        """What was said of one kind of fact."""
        return [said.fact for said in self.said if isinstance(said.fact, kind)]


class FakeLock:
    """A planning lock; cities in `taken` are held by somebody else."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    @contextmanager
    def hold(self, city: str) -> Iterator[bool]:
        free = city not in self.taken
        if free:
            self.taken.add(city)
        try:
            yield free
        finally:
            if free:
                self.taken.discard(city)


class SpoiltPlanner:
    """Forgets every visit, which no plan may."""

    def plan(self, problem: Problem) -> Draft:
        return Draft({}, ())


class FakeWorld:
    """All fakes around one memory, with a clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.publisher = FakePublisher()
        self.lock = FakeLock()
        self.now = NOON
        self.ledger = FakeLedger(self.memory)
        self.boards = FakeBoards(self.memory)
        self.dirty = FakeDirtyCities(self.memory)
        self.plans = FakePlans(self.memory)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        yield Session(self.plans, self.dirty, self.boards, self.publisher, self.now)


def withdrawn(party: Party) -> Party:
    """The same party, withdrawn."""
    return replace(party, withdrawn=True)
