"""Checks a plan made by hand, and tells what can be promised. Called by every edge."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.dispatch.adapters.postgres_drafts import PostgresDrafts
from services.dispatch.domain.basis import changes_since
from services.dispatch.domain.drafts import DraftFigures, draft_figures
from services.dispatch.domain.framing import frame
from services.dispatch.domain.handmade import Fault, by_name, check_by_hand
from services.dispatch.preparing.office import Office, evening_of
from shared.failures import Refused
from shared.work import begin

MOST_STOPS = 20_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a plan made by hand amounts to, and all that it breaks."""

    valid: bool
    faults: tuple[Fault, ...]
    figures: DraftFigures
    note: str


@dataclass(frozen=True, slots=True)
class Promised:
    """What can be promised; `outdated` says what has changed since it was worked out."""

    state: str
    words: str
    made_at: datetime | None
    outdated: tuple[str, ...]
    figures: Mapping[str, Any] | None


def check_plan(office: Office, city: str, document: object) -> Verdict:
    """Check routes: an object with `routes`, parties (id or code) by team (id or name)."""
    routes = _routes(document)
    with office.pool.connection() as conn:
        evening = evening_of(conn, city)
    framed = frame(evening)
    times = office.planning.travel.times(framed.places)
    problem = framed.problem(times.seconds, times.hours)
    checked = check_by_hand(framed, problem, by_name(evening, routes))
    figures = draft_figures(framed, problem, checked.draft)
    return Verdict(not checked.faults, checked.faults, figures, times.note)


def read_routes(text: str) -> Mapping[str, list[str]]:
    """Routes from CSV with the columns team and party, each team's stops in their order."""
    rows = csv.DictReader(io.StringIO(text))
    if not rows.fieldnames or not {"team", "party"} <= set(rows.fieldnames):
        raise Refused("The file needs a header with the columns team and party.")
    routes: dict[str, list[str]] = {}
    for row in rows:
        routes.setdefault(row["team"] or "", []).append(row["party"] or "")
    return dict(routes)


def forecast_now(office: Office, city: str) -> Promised:
    """What can be promised as it was last worked out; raises `NoSuchCity`."""
    with office.pool.connection() as conn:
        evening, stored = evening_of(conn, city), PostgresDrafts(conn).forecast(city)
    if stored is None:
        return Promised("none", "", None, (), None)
    outdated = tuple(changes_since(stored.basis, evening)) if stored.basis else ()
    words = str(stored.content["words"]) if stored.content else ""
    return Promised(stored.state, words, stored.made_at, outdated, stored.content)


def ask_forecast(office: Office, city: str) -> None:
    """Have what can be promised worked out by the planner's process."""
    with begin(office.pool, office.clock) as work:
        evening_of(work.conn, city)
        PostgresDrafts(work.conn).ask_forecast(city, work.now)
        work.after_commit(lambda: office.hint_drafts(city))


def _routes(document: object) -> Mapping[str, list[str]]:
    routes: Any = document.get("routes") if isinstance(document, Mapping) else None
    good = isinstance(routes, Mapping) and all(
        isinstance(team, str)
        and isinstance(route, list)
        and all(isinstance(party, str) for party in route)
        for team, route in routes.items()
    )
    if not good or routes is None:
        said = "An object: for each team the list of its parties in their order."
        raise Refused("This is no plan; see the fields.", {"routes": [said]})
    if sum(map(len, routes.values())) > MOST_STOPS:
        raise Refused("The plan is too long.", {"routes": [f"At most {MOST_STOPS} stops."]})
    return dict(routes)
