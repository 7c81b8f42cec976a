"""Whatever is typed, in whichever order it comes and however often, a number is judged fairly."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.notify.adapters.delivery import Delivery as Switch
from services.notify.domain.codes import TRIES
from shared.contracts.envelope import Envelope, encode
from shared.contracts.number import CodeEntered, CodeRequested
from shared.ids import new_id
from shared.inbox import Delivery, Inbox
from tests.notify.bench import Bench
from tests.notify.facts import CITY, TEXTED, city_configured, party_of, registered, said
from tests.notify.test_codes import codes, id_of, numbers

NEXT = count(1)
RIGHT, ANEW = "right", "anew"
TYPED = st.lists(st.sampled_from((RIGHT, "wrong", "wrong", "wrong", ANEW)), max_size=9)


def begin(bench: Bench) -> tuple[str, str, str]:
    """A host of a new number: party, number, code."""
    place = next(NEXT)
    phone, party = f"+1626555{place:04}", f"0190a000-0000-7000-8000-{place:012}"
    bench.hear(registered(party_of(replace(TEXTED, phone=phone), party, code=f"C{place:05}")))
    bench.deliver()
    return party, id_of(phone), codes(bench, phone)[0]


def facts_of(typed: Sequence[str], party: str, number: str, code: str) -> list[Envelope]:
    wrong = f"{(int(code) + 1) % 10**6:06}"
    facts: list[object] = [
        CodeRequested(party, number, new_id())
        if what == ANEW
        else CodeEntered(party, number, new_id(), code if what == RIGHT else wrong)
        for what in typed
    ]
    return [said(fact, f"{party}/code", times) for times, fact in enumerate(facts, 1)]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(typed=TYPED, data=st.data())
def test_every_entry_is_answered_once_and_only_the_right_code_proves(
    bench: Bench, typed: list[str], data: st.DataObject
) -> None:
    Switch(bench.pool, bench.clock).trust(CITY, False, "Kim")
    bench.hear(city_configured())
    party, number, code = begin(bench)
    facts = facts_of(typed, party, number, code)
    inbox = Inbox(bench.pool, bench.clock, bench.ears.handlers())
    twice = data.draw(st.permutations([*facts, *facts]))
    for start in range(0, len(twice), 3):
        batch = twice[start : start + 3]
        inbox.apply([Delivery("registration", f.id, None, encode(f)) for f in batch])
    mine = [fact for fact in numbers(bench) if fact.data.number.id == number]
    assert [fact.revision for fact in mine] == list(range(1, len(mine) + 1))
    answered = [fact.data.answers for fact in mine if fact.data.answers]
    assert sorted(answered) == sorted(fact.data.entry_id for fact in facts)
    proven = any(fact.type == "number.proven.v1" for fact in mine)
    wrong = sum(what == "wrong" for what in typed)
    assert proven <= (RIGHT in typed)
    # Another code is refused within a minute, so that the one that was texted stands.
    assert proven or RIGHT not in typed or wrong >= TRIES
    assert min(fact.data.number.tries_left for fact in mine) >= 0
