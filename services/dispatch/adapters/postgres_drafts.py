"""Drafts and forecasts on PostgreSQL, within a transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from services.dispatch.adapters.draft_document import as_json, basis_from, content_of, wish_of
from services.dispatch.adapters.policy_document import policy_json, stored_policies
from services.dispatch.domain.basis import Basis
from services.dispatch.domain.drafts import Content, PlanHead, SavedDraft
from services.dispatch.domain.effects import Effect
from shared.db import Connection

COLUMNS = (
    "name, id, made_by, asked_at, state, share, words, wish, policies, content, base, made_at,"
    " finalized_by, finalized_at, plan_version"
)
SILENT_SECONDS = 60
"""A draft whose maker said nothing for so long is made by another."""


@dataclass(frozen=True, slots=True)
class StoredForecast:
    """What can be promised, as it was last worked out."""

    state: str
    asked_at: datetime
    made_at: datetime | None
    basis: Basis | None
    content: Mapping[str, Any] | None


class PostgresDrafts:
    """A row for each name."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def ask(self, city: str, draft: SavedDraft) -> bool:
        """Keep a draft that is to be made; whether the name was free."""
        done = self._conn.execute(
            "insert into drafts (city, name, id, made_by, asked_at, state, wish, policies)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict (city, name) do nothing",
            (
                *(city, draft.name, draft.id, draft.by, draft.asked_at, draft.state),
                as_json(draft.wish),
                orjson.dumps(policy_json(draft.policies)).decode(),
            ),
        )
        return done.rowcount == 1

    def ask_again(self, city: str, draft: SavedDraft) -> None:
        """Have a draft made anew under its name, on the present city."""
        self._conn.execute(
            "update drafts set state = 'waiting', id = %s, made_by = %s, asked_at = %s, share = 0,"
            " words = '', wish = %s, policies = %s, plan_version = null, finalized_by = null,"
            " finalized_at = null where city = %s and name = %s",
            (
                *(draft.id, draft.by, draft.asked_at, as_json(draft.wish)),
                orjson.dumps(policy_json(draft.policies)).decode(),
                *(city, draft.name),
            ),
        )

    def claim(self, city: str) -> SavedDraft | None:
        """The draft that waits longest, now being made by the caller."""
        row: Any = self._conn.execute(_CLAIM, (city, SILENT_SECONDS)).fetchone()
        return _draft(row) if row else None

    def tell(self, id_: str, share: float, words: str) -> bool:
        """Say how far the making of a draft is; whether anybody still wants it."""
        done = self._conn.execute(
            "update drafts set share = %s, words = %s, seen_at = now()"
            " where id = %s and state = 'making'",
            (share, words, id_),
        )
        return done.rowcount == 1

    def finish(
        self, id_: str, content: Content, basis: Basis, words: str, made_at: datetime
    ) -> None:
        """Keep what was made."""
        self._conn.execute(
            "update drafts set state = 'ready', share = 1, words = %s, content = %s, base = %s,"
            " made_at = %s where id = %s",
            (words, as_json(content), as_json(basis), made_at, id_),
        )

    def fail(self, id_: str, words: str) -> None:
        """Keep why a draft could not be made."""
        self._conn.execute(
            "update drafts set state = 'failed', words = %s where id = %s", (words, id_)
        )

    def finalize(self, id_: str, by: str, at: datetime, version: int) -> None:
        """Remember that a draft became a plan."""
        self._conn.execute(
            "update drafts set finalized_by = %s, finalized_at = %s, plan_version = %s"
            " where id = %s",
            (by, at, version, id_),
        )

    def drop(self, city: str, name: str) -> bool:
        """Forget a draft; whether there was one."""
        done = self._conn.execute("delete from drafts where city = %s and name = %s", (city, name))
        return done.rowcount == 1

    def read(self, city: str, name: str) -> SavedDraft | None:
        """The draft of that name."""
        row: Any = self._conn.execute(
            f"select {COLUMNS} from drafts where city = %s and name = %s", (city, name)
        ).fetchone()
        return _draft(row) if row else None

    def all(self, city: str) -> list[SavedDraft]:
        """The city's drafts, the newest first."""
        rows = self._conn.execute(
            f"select {COLUMNS} from drafts where city = %s order by asked_at desc, name", (city,)
        ).fetchall()
        return [_draft(row) for row in rows]

    def plans(self, city: str, most: int = 100) -> list[PlanHead]:
        """The plans that held, the newest first."""
        rows: Any = self._conn.execute(
            "select version, name, made_by, made_at, parties, visited, made_under from plans"
            " where city = %s order by version desc limit %s",
            (city, most),
        ).fetchall()
        return [
            PlanHead(version, name, by, made_at, parties, visited, _effects(under))
            for version, name, by, made_at, parties, visited, under in rows
        ]

    def waiting(self) -> list[str]:
        """Cities with a draft or a forecast that nobody makes."""
        rows = self._conn.execute(_WAITING, {"silent": SILENT_SECONDS}).fetchall()
        return [str(row[0]) for row in rows]

    def ask_forecast(self, city: str, now: datetime) -> None:
        """Have what can be promised worked out; the one before stays until then."""
        self._conn.execute(
            "insert into forecasts (city, asked_at, state) values (%s, %s, 'waiting')"
            " on conflict (city) do update set asked_at = excluded.asked_at, state = 'waiting'"
            " where forecasts.state <> 'waiting'",
            (city, now),
        )

    def claim_forecast(self, city: str) -> bool:
        """Whether the caller is to work it out."""
        done = self._conn.execute(_CLAIM_FORECAST, (city, SILENT_SECONDS))
        return done.rowcount == 1

    def finish_forecast(
        self, city: str, content: Mapping[str, Any] | None, basis: Basis | None, now: datetime
    ) -> None:
        """Keep what was worked out; None: it cannot be."""
        self._conn.execute(
            "update forecasts set state = %s, made_at = %s, base = %s, content = %s"
            " where city = %s",
            (
                "ready" if content else "failed",
                now,
                as_json(basis) if basis else None,
                as_json(content) if content else None,
                city,
            ),
        )

    def forecast(self, city: str) -> StoredForecast | None:
        """What was last worked out."""
        row: Any = self._conn.execute(
            "select state, asked_at, made_at, base, content from forecasts where city = %s",
            (city,),
        ).fetchone()
        return StoredForecast(row[0], row[1], row[2], basis_from(row[3]), row[4]) if row else None


def _effects(found: Sequence[Mapping[str, str]]) -> tuple[Effect, ...]:
    return tuple(Effect(**effect) for effect in found)


def _draft(row: Any) -> SavedDraft:
    name, id_, by, asked_at, state, share, words = row[:7]
    return SavedDraft(
        name=name,
        id=id_,
        by=by,
        asked_at=asked_at,
        state=state,
        share=share,
        words=words,
        wish=wish_of(row[7]),
        policies=stored_policies(row[8]),
        content=content_of(row[9]),
        basis=basis_from(row[10]),
        made_at=row[11],
        finalized_by=row[12] or "",
        finalized_at=row[13],
        plan_version=row[14],
    )


_STALE = "state = 'making' and seen_at < now() - make_interval(secs => {})"
_CLAIM = f"""
update drafts set state = 'making', seen_at = now()
where id = (
    select id from drafts
    where city = %s and (state = 'waiting' or {_STALE.format("%s")})
    order by asked_at limit 1 for update skip locked
)
returning {COLUMNS}
"""
_CLAIM_FORECAST = f"""
update forecasts set state = 'making', seen_at = now()
where city = %s and (state = 'waiting' or {_STALE.format("%s")})
"""
_WAITING = f"""
select city from drafts where state = 'waiting' or {_STALE.format("%(silent)s")}
union
select city from forecasts where state = 'waiting' or {_STALE.format("%(silent)s")}
"""
