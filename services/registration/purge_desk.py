"""The purge: removes what a city does not want to keep any longer, and says what it removed.

The worker's round, the command and the retention page go through it.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.registration.adapters import postgres_purge as rows
from services.registration.adapters.postgres_cities import CityMemory
from services.registration.adapters.postgres_purge import Purged
from services.registration.domain.city import City
from services.registration.domain.forgetting import due, forget
from services.registration.domain.keeping import Group
from services.registration.domain.party import Party
from shared.audit import record
from shared.clock import Clock
from shared.db import Connection, Pool
from shared.work import begin

_FIRST = "00000000-0000-0000-0000-000000000000"
_NAMES = {
    "contacts": "contacts of parties",
    "addresses": "exact addresses of parties",
    "notes": "notes and answers of parties",
}


@dataclass(frozen=True, slots=True)
class PurgeDesk:
    """Everything that a purge needs; one for each process."""

    pool: Pool
    clock: Clock
    cities: CityMemory

    def purge(self, city: City, who: str, *, dry: bool = False) -> dict[str, int]:
        """What was removed, or what would be; a second purge finds nothing."""
        with begin(self.pool, self.clock) as work:
            today = work.now.astimezone(city.zone).date()
            found = _Purge(work.conn, city, today, dry)
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

    def __init__(self, conn: Connection, city: City, today: date, dry: bool) -> None:
        self.conn, self.city, self.today, self.dry = conn, city, today, dry
        self.report: Counter[str] = Counter()
        self.without_contacts: list[Party] = []

    def run(self) -> None:
        """Go over all parties that are old enough for anything, then over requests."""
        days = dict(self.city.retention.days())
        if not days:
            return
        last, before = _FIRST, _midnight(self.city, self.today - timedelta(min(days.values())))
        while found := rows.batch_of_parties(self.conn, self.city.slug, before, last):
            self._batch(found)
            last = found[-1].id
        for group, kept in days.items():
            if group != "history":
                moment = _midnight(self.city, self.today - timedelta(kept))
                self.report[f"{group} of answered requests"] += rows.strip_requests(
                    self.conn, self.city.slug, group, moment, self.dry
                )

    def _batch(self, parties: list[Party]) -> None:
        groups = {p.id: due(self.city.retention, p, self.city.zone, self.today) for p in parties}
        changed = []
        for party in parties:
            mine = groups[party.id]
            for group, name in _NAMES.items():
                self.report[name] += forget(party, mine & {group}) != party
            after = forget(party, mine)
            if after != party:
                changed.append(after)
            if "contacts" in mine and forget(party, frozenset({"contacts"})) != party:
                self.without_contacts.append(after)
        if not self.dry:
            rows.put(self.conn, changed)
        self._beside(groups)
        self._history(groups)

    def _beside(self, groups: dict[str, frozenset[Group]]) -> None:
        """What other tables hold: to whom messages went, what staff wrote."""
        for group, what in (("contacts", "addresses of messages"), ("notes", "notes of staff")):
            ids = [party_id for party_id, mine in groups.items() if group in mine]
            self.report[what] += rows.remove(self.conn, what, ids, self.dry)

    def _history(self, groups: dict[str, frozenset[Group]]) -> None:
        """Remove histories whose days are over; take out of the others what is removed."""
        over = [party_id for party_id, mine in groups.items() if "history" in mine]
        self.report["history of parties"] += rows.remove(self.conn, "history", over, self.dry)
        if self.dry:
            return
        kept = [party_id for party_id in groups if "history" not in groups[party_id]]
        states = rows.history_states(self.conn, kept)
        stripped = [
            (i, r, forget(old, groups[i]) if old else None, forget(new, groups[i]))
            for i, r, old, new in states
        ]
        rows.put_history(
            self.conn, [s for s, was in zip(stripped, states, strict=True) if s != was]
        )


def _midnight(city: City, day: date) -> datetime:
    return datetime.combine(day, time(), city.zone)
