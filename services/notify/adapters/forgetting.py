"""What notify removes of parties that are to be forgotten. The worker uses it.

Counts, states and times of messages stay. Routes and facts hold many parties each; they are gone
through once for all parties that wait, by the worker's round, as are files of the outbox.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from orjson import dumps

from services.notify.adapters.forgetting_sql import (
    ASKED_NUMBERS,
    BY_PARTY,
    CODES,
    FILED,
    KEEP_LEFT,
    LEDGER,
    LEDGER_WORDS,
    NUMBERS,
    OF_NOBODY,
    OF_TEAMS,
    STRANGERS,
    WAS,
)
from services.notify.domain.values import Party
from shared.db import Connection
from shared.forgetting import Memory, highest_fact, shorten_facts, shorten_letters

Groups = Mapping[str, frozenset[str]]


class PostgresForgetting:
    """Fulfils `Forgetting`, within the connection's transaction."""

    def __init__(self, conn: Connection, now: datetime) -> None:
        self._conn = conn
        self._now = now
        self._memory = Memory(conn)

    def forget(
        self,
        city: str,
        left: Sequence[Party],
        groups: Groups,
        ends: Mapping[str, datetime],
    ) -> None:
        """Remove what is kept by party, and remember the rest for the next round."""
        contacts = self._was(city, groups)
        with self._conn.cursor() as cursor:
            cursor.executemany(KEEP_LEFT, [(*astuple(party), self._now) for party in left])
            self._memory.removed["parties"] += cursor.rowcount
        for of_groups, what, change in BY_PARTY:
            ids = [party for party, mine in groups.items() if of_groups & mine]
            self._run(what, change, {"city": city, "ids": ids, "now": self._now})
        if until := _latest(groups, ends, "addresses"):
            self._run("texts to teams", OF_TEAMS, {"city": city, "until": until})
        if until := _latest(groups, ends, "contacts"):
            contacts += self._of_nobody(city, until)
            self._forget_consent(contacts)
        self._memory.note(city, groups, ends)
        recheck_routes(self._conn, [city])
        self._memory.report(city, len(groups))

    def _was(self, city: str, groups: Groups) -> list[str]:
        """Contacts that are about to go."""
        rows: Any = self._conn.execute(WAS, (city, list(groups))).fetchall()
        return [
            contact
            for id_, *reached in rows
            for contact in reached
            if contact and "contacts" in groups[id_]
        ]

    def _of_nobody(self, city: str, until: datetime) -> list[str]:
        """Empty texts of unknown senders up to then, and what was answered; who they were."""
        rows: Any = self._conn.execute(OF_NOBODY, {"city": city, "until": until}).fetchall()
        self._memory.removed["texts of unknown senders"] += len(rows)
        return [row[0] for row in rows]

    def _forget_consent(self, contacts: list[str]) -> None:
        """Of who opted out the newest word stays, so that it is heeded; nothing of others."""
        values: dict[str, object] = {"contacts": [contact.lower() for contact in contacts]}
        self._run("entries of consent", LEDGER, values)
        self._run("words of consent", LEDGER_WORDS, values)
        self._run("proven numbers", NUMBERS, values)
        self._run("numbers that were asked", ASKED_NUMBERS, values)
        self._run("codes of numbers", CODES, values)

    def _run(self, what: str, change: str, values: Mapping[str, object]) -> None:
        self._memory.removed[what] += self._conn.execute(change.encode(), values).rowcount


def recheck_routes(
    conn: Connection, cities: Sequence[str], teams: Sequence[str] | None = None
) -> None:
    """Let routes be gone through again that name who is forgotten, or a walk-up of such an evening.

    A route may be heard after the purge that was said before it; walk-ups are known by routes only.
    """
    conn.execute(STRANGERS, {"cities": list(cities), "teams": list(teams) if teams else None})


def _latest(groups: Groups, ends: Mapping[str, datetime], group: str) -> datetime | None:
    """When the last evening ends of which this group goes."""
    found = [ends[party] for party, mine in groups.items() if group in mine and party in ends]
    return max(found, default=None)


def forget_documents(conn: Connection, folder: Path | None) -> int:
    """Take parties that wait out of routes, facts and files; how many parties waited."""
    memory = Memory(conn)
    waiting = memory.waiting()
    for city, groups in waiting.items():
        for table, keys in _ROUTES.items():
            memory.removed[table] += _rewrite(conn, table, keys, city, groups)
        facts = shorten_facts(conn, groups, highest_fact(conn)) + shorten_letters(conn, groups)
        memory.removed["facts and dead letters"] += facts
        memory.removed["files"] += _unfile(conn, folder, city, groups) if folder else 0
        memory.report(city)
    return sum(map(len, waiting.values()))


def _rewrite(conn: Connection, table: str, keys: Sequence[str], city: str, groups: Groups) -> int:
    query = f"select {', '.join(keys)}, stops from {table} where city = %s"
    marks = " and ".join(f"{key} = %s" for key in keys)
    changed = 0
    rows: Any = conn.execute(query.encode(), (city,)).fetchall()
    for *key, stops in rows:
        left = [
            stop | {"address": ""} if "addresses" in groups.get(stop["party_id"], ()) else stop
            for stop in stops
        ]
        if left != stops:
            order = f"update {table} set stops = %s where city = %s and {marks}"
            conn.execute(order.encode(), (dumps(left).decode(), city, *key))
            changed += 1
    return changed


def _unfile(conn: Connection, folder: Path, city: str, groups: Groups) -> int:
    """Delete what the outbox wrote into files; how many there were."""
    rows: Any = conn.execute(FILED, (city, list(groups))).fetchall()
    count = 0
    for (message,) in rows:
        for kind in ("txt", "eml"):
            file = folder / f"{message}.{kind}"
            count += file.exists()
            file.unlink(missing_ok=True)
    return count


_ROUTES: Final = {"routes": ("team_id",), "team_told": ("team_id", "contact")}
