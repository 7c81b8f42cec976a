"""Drafts by name: asked for, compared, finalized, made anew, dropped. Called by every edge."""

from dataclasses import dataclass, replace

from services.dispatch.adapters.draft_wishes import PRESENT, read_wish
from services.dispatch.adapters.policy_document import read_policies
from services.dispatch.adapters.postgres_drafts import PostgresDrafts
from services.dispatch.adapters.postgres_ledger import PostgresBoards
from services.dispatch.domain.basis import basis_of, changes_since
from services.dispatch.domain.comparison import Comparison, compare
from services.dispatch.domain.drafts import (
    Content,
    DraftWish,
    PlanHead,
    SavedDraft,
    draft_figures,
    stored_draft,
    told_otherwise,
)
from services.dispatch.domain.effects import effects
from services.dispatch.domain.evening import Evening
from services.dispatch.domain.framing import frame
from services.dispatch.planning import Final, Planning, publish_draft
from services.dispatch.preparing.edits import labels_of
from services.dispatch.preparing.office import NoSuchThing, Office, Overtaken, evening_of
from services.dispatch.preparing.policies import refuse_strangers
from shared.audit import record
from shared.db import Connection
from shared.failures import Refused
from shared.ids import new_id
from shared.work import begin

BUSY = "The city is being planned just now; please try again in a moment."


@dataclass(frozen=True, slots=True)
class DraftShown:
    """A draft, and what has changed in the city since it was made."""

    draft: SavedDraft
    since: tuple[str, ...]


def list_drafts(office: Office, city: str) -> list[DraftShown]:
    """The city's drafts, the newest first; raises `NoSuchCity`."""
    with office.pool.connection() as conn:
        evening = evening_of(conn, city)
        return [_shown(draft, evening) for draft in PostgresDrafts(conn).all(city)]


def show_draft(office: Office, city: str, name: str) -> DraftShown:
    """The draft of that name; raises `NoSuchThing` or `NoSuchCity`."""
    with office.pool.connection() as conn:
        evening = evening_of(conn, city)
        return _shown(_found(conn, city, name), evening)


def ask_draft(office: Office, city: str, document: object, by: str) -> SavedDraft:
    """Have a draft made; the planner's process makes it. Raises `Refused` or `NoSuchCity`."""
    asked = read_wish(document)
    with begin(office.pool, office.clock) as work:
        evening = evening_of(work.conn, city)
        policies = read_policies(dict(asked.policies), evening.policies, work.now)
        refuse_strangers(policies, evening.policies, evening)
        store = PostgresDrafts(work.conn)
        if asked.wish.start and store.read(city, asked.wish.start) is None:
            raise Refused("There is no such draft.", {"start": ["There is no such draft."]})
        draft = SavedDraft(
            name=asked.name,
            id=new_id(),
            by=by,
            asked_at=work.now,
            state="waiting",
            share=0.0,
            words="",
            wish=asked.wish,
            policies=policies,
        )
        if not store.ask(city, draft):
            taken = "There is a draft of that name already."
            raise Refused(taken, {"name": [taken]})
        work.after_commit(lambda: office.hint_drafts(city))
    return draft


def keep_draft(
    office: Office, evening: Evening, name: str, wish: DraftWish, by: str, content: Content
) -> None:
    """Keep a draft that was made already; one of that name gives way to it."""
    document = {"name": name, "seconds": wish.seconds, "iterations": wish.iterations}
    read_wish({**document, "seed": wish.seed, "changes": wish.changes})
    with begin(office.pool, office.clock) as work:
        store, city = PostgresDrafts(work.conn), evening.city.id
        draft = SavedDraft(
            name=name,
            id=new_id(),
            by=by,
            asked_at=work.now,
            state="making",
            share=0.0,
            words="",
            wish=wish,
            policies=evening.policies,
        )
        store.drop(city, name)
        store.ask(city, draft)
        words = f"{content.figures.visited} of {content.figures.parties} parties visited"
        store.finish(draft.id, content, basis_of(evening), words, work.now)
        PostgresBoards(work.conn).changed(city, work.now)


def rebase_draft(office: Office, city: str, name: str, by: str) -> SavedDraft:
    """Have a draft made anew on the present city, going on from what it was."""
    with begin(office.pool, office.clock) as work:
        store = PostgresDrafts(work.conn)
        evening_of(work.conn, city)
        before = _found(work.conn, city, name)
        wish = replace(before.wish, start=name)
        again = replace(before, id=new_id(), by=by, asked_at=work.now, wish=wish, state="waiting")
        store.ask_again(city, again)
        work.after_commit(lambda: office.hint_drafts(city))
    return again


def drop_draft(office: Office, city: str, name: str) -> None:
    """Forget a draft; one that is being made is given up."""
    with begin(office.pool, office.clock) as work:
        if not PostgresDrafts(work.conn).drop(city, name):
            raise NoSuchThing(f"There is no draft {name!r}.")
        PostgresBoards(work.conn).changed(city, work.now)


def compare_drafts(office: Office, city: str, first: str, second: str) -> Comparison:
    """Two drafts side by side; `current` is the plan that holds."""
    with office.pool.connection() as conn:
        evening = evening_of(conn, city)
        named = {name: _ready(conn, city, name) for name in (first, second) if name != PRESENT}
    if PRESENT in (first, second):
        named[PRESENT] = current(office.planning, evening)
    one, two = named[first], named[second]
    stops = [s for c in (one, two) for route in c.draft.routes.values() for s in route]
    with office.pool.connection() as conn:
        labels = labels_of(conn, city, {stop.party for stop in stops})
    return compare(evening, (first, second), one, two, labels)


def current(planning: Planning, evening: Evening) -> Content:
    """The plan that holds, as a draft."""
    framed = frame(evening)
    times = planning.travel.times(framed.places)
    draft = stored_draft(framed)
    figures = draft_figures(framed, framed.problem(times.seconds, times.hours), draft)
    visited = {team: [stop.party for stop in route] for team, route in draft.routes.items()}
    return Content(draft, figures, tuple(effects(evening, visited)), (), times.note)


def list_plans(office: Office, city: str) -> list[PlanHead]:
    """The plans that held, the newest first; raises `NoSuchCity`."""
    with office.pool.connection() as conn:
        evening_of(conn, city)
        return PostgresDrafts(conn).plans(city)


def head_of_plan(office: Office, city: str) -> PlanHead:
    """The plan that holds."""
    with office.pool.connection() as conn:
        return next(iter(PostgresDrafts(conn).plans(city, 1)), PlanHead())


def finalize_draft(office: Office, city: str, name: str, by: str) -> int:
    """Let a draft become the plan that holds; its version.

    Raises `Overtaken` where the city has changed since the draft was made, or is being planned.
    """
    evening, draft, content = ready_draft(office, city, name)
    framed = frame(replace(evening, policies=draft.policies))
    times = office.planning.travel.times(framed.places)
    problem = framed.problem(times.seconds, times.hours)
    more = told_otherwise(problem, content.draft) - content.figures.told_otherwise
    if more > 0:
        said = f"plan {evening.version} was published since, and {more} more hosts would be moved"
        raise Overtaken(_outdated(draft, [said]), [said])
    broken = office.planning.check(problem, content.draft)
    if broken:
        raise Overtaken(_outdated(draft, ["it breaks a rule now"]), broken)
    final = Final(evening, draft.name, by)
    version = publish_draft(office.planning, framed, content.draft, times, final)
    if version is None:
        raise Overtaken(BUSY)
    with begin(office.pool, office.clock) as work:
        PostgresDrafts(work.conn).finalize(draft.id, by, work.now, version)
        record(work.conn, "draft finalized", f"{name}, plan {version}", city=city, actor=by)
    return version


def ready_draft(office: Office, city: str, name: str) -> tuple[Evening, SavedDraft, Content]:
    """A draft that may hold, and the evening that it is for; raises `Overtaken` otherwise."""
    with office.pool.connection() as conn:
        evening, draft = evening_of(conn, city), _found(conn, city, name)
        content = _ready(conn, city, name)
    _refuse_outdated(draft, evening)
    return evening, draft, content


def _refuse_outdated(draft: SavedDraft, evening: Evening) -> None:
    since = changes_since(draft.basis, evening) if draft.basis else []
    if since:
        raise Overtaken(_outdated(draft, since), since)


def _outdated(draft: SavedDraft, since: list[str]) -> str:
    return (
        f"The draft {draft.name!r} was made for a city that has changed: {', '.join(since)}."
        " Rebase it and look at it again."
    )


def _shown(draft: SavedDraft, evening: Evening) -> DraftShown:
    if draft.basis is None or draft.state != "ready":
        return DraftShown(draft, ())
    return DraftShown(draft, tuple(changes_since(draft.basis, evening)))


def _found(conn: Connection, city: str, name: str) -> SavedDraft:
    draft = PostgresDrafts(conn).read(city, name)
    if draft is None:
        raise NoSuchThing(f"There is no draft {name!r}.")
    return draft


def _ready(conn: Connection, city: str, name: str) -> Content:
    draft = _found(conn, city, name)
    if draft.content is None or draft.state != "ready":
        raise NoSuchThing(f"The draft {name!r} is not ready.")
    return draft.content
