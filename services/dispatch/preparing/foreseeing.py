"""What a decision would mean for hosts who were told of a visit. The plan page asks before it acts.

A look by insertion is quick enough to wait for; the planner may find something better afterwards.
"""

from dataclasses import replace

from services.dispatch.adapters.edit_document import read_edit
from services.dispatch.adapters.insertion import Insertion
from services.dispatch.adapters.policy_document import read_policies
from services.dispatch.adapters.postgres_night import PostgresNights
from services.dispatch.domain.evening import Evening
from services.dispatch.domain.framing import frame
from services.dispatch.domain.moves import Foreseen, foreseen
from services.dispatch.domain.plan import compose
from services.dispatch.preparing.drafts import ready_draft
from services.dispatch.preparing.office import Office, evening_of
from services.dispatch.preparing.policies import refuse_strangers


def foresee_draft(office: Office, city: str, name: str) -> Foreseen:
    """What finalizing the draft would tell; raises `Overtaken`, `NoSuchThing` or `NoSuchCity`."""
    evening, draft, content = ready_draft(office, city, name)
    framed = frame(replace(evening, policies=draft.policies))
    times = office.planning.travel.times(framed.places)
    problem = framed.problem(times.seconds, times.hours)
    plan = compose(framed, problem, content.draft, office.clock.now())
    return foreseen(evening, plan)


def foresee_policies(office: Office, city: str, document: object) -> Foreseen:
    """What settling these policies would move; raises `Refused` or `NoSuchCity`."""
    evening, running = _now(office, city)
    policies = read_policies(document, evening.policies, office.clock.now(), whole=True)
    refuse_strangers(policies, evening.policies, evening)
    if running or policies == evening.policies:
        return Foreseen()
    return _looked_at(office, replace(evening, policies=policies))


def foresee_edit(office: Office, city: str, document: object) -> Foreseen:
    """What adding this edit would move; raises `Refused` or `NoSuchCity`."""
    evening, running = _now(office, city)
    version = max((edit.version for edit in evening.edits), default=0) + 1
    edit = read_edit(document, evening, "asked", version, "", office.clock.now())
    if running:
        return Foreseen()
    return _looked_at(office, replace(evening, edits=(*evening.edits, edit)))


def _now(office: Office, city: str) -> tuple[Evening, bool]:
    """The evening, and whether it runs: then every change is a proposal, which asks by itself."""
    with office.pool.connection() as conn:
        return evening_of(conn, city), PostgresNights(conn).night(city).running


def _looked_at(office: Office, evening: Evening) -> Foreseen:
    if not any(told.scheduled for told in evening.told.values()):
        return Foreseen()
    framed = frame(evening)
    times = office.planning.travel.times(framed.places)
    problem = framed.problem(times.seconds, times.hours)
    plan = compose(framed, problem, Insertion().plan(problem), office.clock.now())
    return foreseen(evening, plan)
