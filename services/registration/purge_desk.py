"""The purge: removes what a city does not want to keep any longer, and says what it removed.

The worker's round, the command and the retention page go through it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from services.registration.adapters import postgres_purge as rows
from services.registration.adapters.postgres_cities import CityMemory
from services.registration.adapters.postgres_purge import Purged
from services.registration.domain.city import City
from services.registration.domain.forgetting import due, forget
from services.registration.domain.keeping import Group
from services.registration.domain.party import Party
from services.registration.handlers.facts import forgotten_fact
from services.registration.ports import LinkMaker
from shared.audit import record
from shared.clock import Clock
from shared.db import Pool
from shared.forgetting import highest_fact, shorten_facts, shorten_letters
from shared.work import Work, begin

_FIRST = "00000000-0000-0000-0000-000000000000"
_NAMES = {
    "contacts": "contacts of parties",
    "addresses": "exact addresses of parties",
    "notes": "notes and answers of parties",
}


TOLD = "parties that dispatch and notify were told to forget"
_BESIDE: tuple[tuple[frozenset[Group], str], ...] = (
    (frozenset({"contacts"}), "addresses of messages"),
    (frozenset({"contacts"}), "confirmations of contacts"),
    (frozenset({"contacts", "notes"}), "words of hosts"),
    (frozenset({"notes"}), "notes of staff"),
    (frozenset({"notes"}), "words about visits"),
    (frozenset({"notes"}), "words about changes of many"),
    (frozenset({"contacts", "addresses", "notes"}), "rows of lists"),
)
"""What other tables hold, and the groups of which each goes."""


def removed(report: Mapping[str, int]) -> int:
    """How much a purge removed; whom else it told is no part of that."""
    return sum(number for what, number in report.items() if what != TOLD)


@dataclass(frozen=True, slots=True)
class PurgeDesk:
    """Everything that a purge needs; one for each process."""

    pool: Pool
    clock: Clock
    cities: CityMemory
    links: LinkMaker

    def purge(self, city: City, who: str, *, dry: bool = False) -> dict[str, int]:
        """What was removed, or what would be; a second purge finds nothing."""
        with begin(self.pool, self.clock) as work:
            found = _Purge(work, city, self.links, dry)
            found.run()
            report = {what: number for what, number in found.report.items() if number}
            if report and not dry:
                rows.note_forgotten(work.conn, found.without_contacts, work.now)
                rows.keep_report(work.conn, city.slug, work.now, who, report)
                said = ", ".join(f"{number} {what}" for what, number in report.items())
                record(work.conn, "personal data removed", said, city=city.slug, actor=who)
            return report

    def done(self, city: City) -> list[Purged]:
        """The purges so far, newest first."""
        with self.pool.connection() as conn:
            return rows.purges_of(conn, city.slug)

    def round(self) -> None:
        """Purge each city that wants it, once a day by its own clock."""
        for city in self.cities.all():
            if any(city.retention.days()) and self._first_today(city):
                self.purge(city, "the daily round")

    def _first_today(self, city: City) -> bool:
        with self.pool.connection() as conn:
            today = self.clock.now().astimezone(city.zone).date()
            return rows.begin_round(conn, city.slug, today)


class _Purge:
    """One run over a city, within a transaction."""

    def __init__(self, work: Work, city: City, links: LinkMaker, dry: bool) -> None:
        self.work, self.conn, self.city, self.links, self.dry = work, work.conn, city, links, dry
        self.today = work.now.astimezone(city.zone).date()
        self.report: Counter[str] = Counter()
        self.without_contacts: list[Party] = []
        self.told: dict[str, frozenset[Group]] = {}

    def run(self) -> None:
        """Go over all parties that are old enough for anything, then over what is not of one."""
        days = dict(self.city.retention.days())
        if not days:
            return
        last, before = _FIRST, self._moment(min(days.values()))
        said_before = highest_fact(self.conn)
        while found := rows.batch_of_parties(self.conn, self.city.slug, before, last):
            self._batch(found)
            last = found[-1].id
        for group, kept in days.items():
            if group != "history":
                self.report[f"{group} of answered requests"] += rows.strip_requests(
                    self.conn, self.city.slug, group, self._moment(kept), self.dry
                )
        if "contacts" in days:
            self.report["samples of lists"] += rows.strip_lists(
                self.conn, self.city.slug, self._moment(days["contacts"]), self.dry
            )
        if not self.dry:
            rows.drop_answers(self.conn, self.city.slug, before)
        if self.told and not self.dry:
            shorten_facts(self.conn, self.told, said_before)
            shorten_letters(self.conn, self.told)

    def _moment(self, days: int) -> datetime:
        return datetime.combine(self.today - timedelta(days), time(), self.city.zone)

    def _batch(self, parties: list[Party]) -> None:
        groups = {p.id: due(self.city.retention, p, self.city.zone, self.today) for p in parties}
        told = rows.told_groups(self.conn, list(groups))
        news = []
        for party in parties:
            mine = groups[party.id]
            for group, name in _NAMES.items():
                self.report[name] += forget(party, mine & {group}) != party
            after = forget(party, mine)
            if "contacts" in mine and forget(party, frozenset({"contacts"})) != party:
                self.without_contacts.append(after)
            if after != party or mine - told.get(party.id, frozenset()):
                after = replace(after, revision=party.revision + 1)
                news.append(after)
        if not self.dry:
            rows.put(self.conn, news)
        self._beside(groups)
        self._history(groups)
        self._tell([party for party in news if not party.held], groups)

    def _tell(self, parties: list[Party], groups: Mapping[str, frozenset[Group]]) -> None:
        """Tell the others, a fact for each party; what was held back they never heard of."""
        self.report[TOLD] += len(parties)
        if self.dry:
            return
        for party in parties:
            fact = forgotten_fact(party, groups[party.id], self.links)
            self.work.publish(fact, city=party.city, subject=party.id, revision=party.revision)
            self.told[party.id] = groups[party.id]
        self.work.flush()
        names = {party.id: sorted(groups[party.id]) for party in parties}
        rows.note_told(self.conn, self.city.slug, names)

    def _beside(self, groups: Mapping[str, frozenset[Group]]) -> None:
        """What other tables hold: to whom messages went, what hosts and staff wrote."""
        for of_groups, what in _BESIDE:
            ids = [party_id for party_id, mine in groups.items() if of_groups & mine]
            self.report[what] += rows.remove(self.conn, what, ids, self.dry)

    def _history(self, groups: Mapping[str, frozenset[Group]]) -> None:
        """Remove histories whose days are over; take out of the others what is removed."""
        over = [party_id for party_id, mine in groups.items() if "history" in mine]
        self.report["history of parties"] += rows.remove(self.conn, "history", over, self.dry)
        kept = [party_id for party_id in groups if "history" not in groups[party_id]]
        noted = [party_id for party_id in kept if "notes" in groups[party_id]]
        what = "reasons of changes"
        self.report[what] += rows.remove(self.conn, what, noted, self.dry)
        if self.dry:
            return
        states = rows.history_states(self.conn, kept)
        stripped = [
            (i, r, forget(old, groups[i]) if old else None, forget(new, groups[i]))
            for i, r, old, new in states
        ]
        rows.put_history(
            self.conn, [s for s, was in zip(stripped, states, strict=True) if s != was]
        )
