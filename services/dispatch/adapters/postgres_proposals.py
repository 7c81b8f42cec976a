"""The ports `Proposals` and `Promises` on PostgreSQL, within the connection's transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from services.dispatch.adapters.night_rows import utc
from services.dispatch.adapters.rows import rests_of, stops_of
from services.dispatch.domain.effects import Effect
from services.dispatch.domain.plan import Plan, Summary
from services.dispatch.domain.promise import Promise, PromiseState
from services.dispatch.domain.proposal import Loss, PlanChange, Proposal
from services.dispatch.domain.told import Told
from shared.db import Connection


class PostgresProposals:
    """A row a proposal; the plan that it would let hold is in it, whole and checked."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def waiting(self, city: str) -> Proposal | None:
        """The proposal that waits."""
        rows: Any = self._conn.execute(
            f"select {_COLUMNS} from proposals where city = %s and state = 'open'", (city,)
        ).fetchall()
        return _proposal(rows[0]) if rows else None

    def keep(self, city: str, proposal: Proposal, state: str) -> None:
        """Store a proposal; one that waited gives way to it."""
        self._conn.execute(
            "update proposals set state = 'superseded', settled_at = %s"
            " where city = %s and state = 'open'",
            (proposal.made_at, city),
        )
        self._conn.execute(
            "insert into proposals (city, id, base_version, plan_version, made_at, applies_at,"
            " state, needs_answer, body) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                *(city, proposal.id, proposal.base_version, proposal.plan.version),
                *(proposal.made_at, proposal.applies_at, state, proposal.needs_answer),
                _body(proposal),
            ),
        )

    def renew(self, city: str, proposal: Proposal) -> None:
        """Replace the one that waits by the same with newer times."""
        self._conn.execute(
            "update proposals set base_version = %s, plan_version = %s, body = %s"
            " where city = %s and id = %s and state = 'open'",
            (
                *(proposal.base_version, proposal.plan.version, _body(proposal)),
                *(city, proposal.id),
            ),
        )

    def settle(self, city: str, proposal: str, state: str, now: datetime) -> None:
        """It was applied, declined, or superseded."""
        self._conn.execute(
            "update proposals set state = %s, settled_at = %s"
            " where city = %s and id = %s and state = 'open'",
            (state, now, city, proposal),
        )

    def overdue(self, now: datetime) -> list[tuple[str, str]]:
        """City and id of proposals that apply by themselves by now."""
        rows: Any = self._conn.execute(
            "select city, id::text from proposals where state = 'open' and applies_at <= %s", (now,)
        ).fetchall()
        return [(row[0], row[1]) for row in rows]


class PostgresPromises:
    """A row a promise."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def standing(self, city: str, parties: Collection[str]) -> Mapping[str, Promise]:
        """The newest promise of each party."""
        rows: Any = self._conn.execute(
            f"select distinct on (party_id) {_PROMISE} from promises"
            " where city = %s and party_id = any(%s) order by party_id, number desc",
            (city, list(parties)),
        ).fetchall()
        return {row[0]: _promise(row) for row in rows}

    def add(self, city: str, promise: Promise) -> None:
        """A new promise."""
        self._conn.execute(
            f"insert into promises (city, {_PROMISE}) values ({', '.join(['%s'] * 13)})",
            (
                *(city, promise.party, promise.number, promise.team, promise.opens),
                *(promise.closes, promise.arrives_at, promise.confidence, promise.told_at),
                *(promise.state, promise.why, promise.arrived_at, promise.settled_at),
            ),
        )

    def settle(self, city: str, promise: Promise) -> None:
        """What became of a promise."""
        self._conn.execute(
            "update promises set state = %s, why = %s, arrived_at = %s, settled_at = %s"
            " where city = %s and party_id = %s and number = %s",
            (
                *(promise.state, promise.why, promise.arrived_at, promise.settled_at),
                *(city, promise.party, promise.number),
            ),
        )

    def all(self, city: str) -> Sequence[Promise]:
        """Every promise of the city."""
        query = f"select {_PROMISE} from promises where city = %s order by party_id, number"
        rows: Any = self._conn.execute(query, (city,)).fetchall()
        return [_promise(row) for row in rows]


_COLUMNS = "id::text, base_version, made_at, applies_at, needs_answer, body"
_PROMISE = (
    "party_id, number, team_id, opens, closes, arrives_at, confidence, told_at, state, why,"
    " arrived_at, settled_at"
)


def _body(proposal: Proposal) -> str:
    body = {
        "changes": proposal.changes,
        "loss": proposal.loss,
        "plan": proposal.plan,
        "news": sorted(proposal.plan.news),
        "note": proposal.note,
    }
    return orjson.dumps(body, default=list).decode()


def _promise(row: Sequence[Any]) -> Promise:
    party, number, team, opens, closes, arrives, confidence, told, state, why, *ends = row
    times = (moment.astimezone(UTC) for moment in (opens, closes, arrives))
    told_at, whole = told.astimezone(UTC), (utc(moment) for moment in ends)
    return Promise(
        *(party, number, team, *times, confidence, told_at, PromiseState(state), why, *whole)
    )


def _proposal(row: Sequence[Any]) -> Proposal:
    id_, base, made_at, applies_at, needs_answer, body = row
    changes = tuple(_change(change) for change in body["changes"])
    plan = _plan(body["plan"], body["news"])
    loss, note = Loss(**body["loss"]), body["note"]
    times = (made_at.astimezone(UTC), utc(applies_at))
    return Proposal(id_, base, *times, needs_answer, changes, loss, plan, note)


def _change(found: dict[str, Any]) -> PlanChange:
    times = {name: _moment(found[name]) for name in ("old_starts", "new_starts")}
    return PlanChange(**{**found, **times})


def _plan(found: dict[str, Any], news: Sequence[str]) -> Plan:
    return Plan(
        version=found["version"],
        made_at=datetime.fromisoformat(found["made_at"]),
        summary=Summary(**found["summary"]),
        changed_routes={team: stops_of(stops) for team, stops in found["changed_routes"].items()},
        told={party: _told(told) for party, told in found["told"].items()},
        news=frozenset(news),
        made_under=tuple(Effect(**effect) for effect in found["made_under"]),
        name=found["name"],
        by=found["by"],
        rests={team: rests_of(rests) for team, rests in found.get("rests", {}).items()},
    )


def _told(found: dict[str, Any]) -> Told:
    times = {name: _moment(found[name]) for name in ("opens", "closes", "arrives_at")}
    return Told(**{**found, **times, "kinds": tuple(found["kinds"])})


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
