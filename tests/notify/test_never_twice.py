"""Whatever comes, in whatever order and however often: no host hears the same news twice."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.notify.adapters.reading import Shown
from services.notify.domain.messages import Claimant
from shared.contracts.envelope import Envelope
from shared.ids import new_id
from tests.notify.bench import Bench
from tests.notify.facts import (
    HOST,
    amended,
    city_configured,
    one_by_text_one_by_mail,
    party_of,
    registered,
    scheduled,
    unscheduled,
    withdrawn,
)

CONTACTS = (HOST, replace(HOST, phone=""), replace(HOST, phone="", email=""))
STEPS = st.one_of(
    st.tuples(st.just("visit"), st.sampled_from([0, 5, 10, 14, 40, 90])),
    st.tuples(st.just("visit"), st.sampled_from([10, 12])),
    st.tuples(st.just("nobody"), st.just(0)),
    st.tuples(st.just("contact"), st.sampled_from([0, 1, 2])),
    st.tuples(st.just("withdraw"), st.just(0)),
)
Step = tuple[str, int]


def facts_of(steps: list[Step], city: str, party_id: str) -> list[Envelope]:
    """What the services would say, each with its subject's next revision."""
    facts = [city_configured(city), registered(party_of(party_id=party_id), 1, city)]
    visits, changes = 0, 1
    for kind, value in steps:
        visits += kind in ("visit", "nobody")
        changes += kind in ("contact", "withdraw")
        party = (
            party_of(CONTACTS[value], party_id)
            if kind == "contact"
            else party_of(party_id=party_id)
        )
        match kind:
            case "visit":
                facts.append(scheduled(value, visits, party_id, city))
            case "nobody":
                facts.append(unscheduled(visits, party_id, city))
            case "contact":
                facts.append(amended(party, changes, city))
            case _:
                facts.append(withdrawn(party, changes, city))
    return facts


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), steps=st.lists(STEPS, min_size=2, max_size=8))
def test_no_sequence_of_facts_tells_the_same_twice(
    bench: Bench, data: st.DataObject, steps: list[Step]
) -> None:
    city, party_id = new_id(), new_id()
    facts = facts_of(steps, city, party_id)
    again = facts[:: data.draw(st.integers(1, 3))]
    heard = data.draw(st.one_of(st.just(facts + again), st.permutations(facts + again)))
    hurry = data.draw(st.sampled_from(["all", "some", "no"]))
    for fact in heard:
        bench.hear(fact)
        if hurry == "all" or (hurry == "some" and data.draw(st.booleans())):
            bench.settle()
            if hurry == "all" or data.draw(st.booleans()):
                bench.deliver()
    bench.settle()
    bench.deliver()
    _judge(bench, city)


def is_news(before: Shown, after: Shown) -> bool:
    """Whether a host who heard `before` learns something from `after`."""
    if "not_coming" in (before.template, after.template):
        return before.template != after.template
    return abs(after.expires_at - before.expires_at) >= timedelta(minutes=10)


def _judge(bench: Bench, city: str) -> None:
    mine = [m for m in bench.messages() if m.city == city and m.state == "sent"]
    for channel in ("sms", "email"):
        told = [m for m in mine if m.channel == channel]
        received = Counter(m.template for m in told)["received"]
        assert received <= 1
        visits = [m for m in told if m.news == "visit"]
        assert all(is_news(before, after) for before, after in pairwise(visits))
    assert len({e.subject for e in bench.published()}) == len(bench.published())
    with bench.pool.connection() as conn:
        conn.execute("truncate outbox, sandbox, messages, parties, visits, cities, silences")


def test_many_lives_of_the_worker_claim_each_message_once(bench: Bench) -> None:
    bench.hear(city_configured(), *one_by_text_one_by_mail())
    lives = [replace(bench.office, claimant=Claimant(f"w{i}", "x")) for i in range(3)]
    for office in lives:
        with office.open() as shift:
            names = office.senders.names()
            shift.desk.claim("bulk", office.claimant, names, shift.now, 1)
    assert [m.attempts for m in bench.messages()] == [1, 1]
