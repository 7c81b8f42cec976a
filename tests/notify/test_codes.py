"""A number is proven by the code that was texted to it, and by nothing near it."""

import re
from dataclasses import replace
from datetime import timedelta

import orjson
import pytest

from services.notify.adapters.delivery import Delivery
from services.notify.adapters.threads import read_thread
from services.notify.domain.codes import (
    A_DAY,
    A_MONTH,
    LASTS,
    PAUSE,
    TRIES,
    Code,
    CodeMaker,
    made_anew,
)
from shared.contracts.envelope import Envelope
from shared.contracts.number import CodeEntered, CodeRequested
from shared.ids import new_id, number_id
from tests.notify.bench import CODES, Bench
from tests.notify.facts import (
    CITY,
    NOW,
    PARTY,
    TEXTED,
    amended,
    city_configured,
    party_of,
    registered,
    said,
    scheduled,
)
from tests.notify.writing import Telephone, run

SECOND = PARTY[:-1] + "2"
OTHER = "+16265550199"


@pytest.fixture
def asking(bench: Bench) -> Bench:
    """A live city whose numbers have to answer; one host was texted a code."""
    Delivery(bench.pool, bench.clock).trust(CITY, False, "Kim")
    bench.hear(city_configured(), registered(party_of(TEXTED)))
    bench.deliver()
    return bench


def id_of(phone: str) -> str:
    """The number's id in the city."""
    return number_id(CODES.secret, CITY, phone)


def numbers(bench: Bench) -> list[Envelope]:
    """What was said of numbers, oldest first."""
    return [fact for fact in bench.published() if fact.type.startswith("number.")]


def states(bench: Bench, phone: str = TEXTED.phone) -> list[str]:
    """What was said of this number, by why where it was refused."""
    mine = [fact for fact in numbers(bench) if fact.data.number.id == id_of(phone)]
    return [getattr(fact.data, "why", fact.type.split(".")[1]) for fact in mine]


def codes(bench: Bench, phone: str = TEXTED.phone) -> list[str]:
    """The codes that this telephone shows, oldest first."""
    with bench.pool.connection() as conn:
        rows = conn.execute(
            "select body from sandbox where to_address = %s order by taken_at, message_id", (phone,)
        ).fetchall()
    return [found for (body,) in rows for found in re.findall(r": (\d{6}) ", str(body))]


def type_in(bench: Bench, code: str, party: str = PARTY, phone: str = TEXTED.phone) -> str:
    """Somebody types the code on the party's page; returns the entry."""
    entry = new_id()
    fact = CodeEntered(party, id_of(phone), entry, code)
    bench.hear(said(fact, f"{party}/code", 1))
    return entry


def ask_anew(bench: Bench, party: str = PARTY) -> None:
    fact = CodeRequested(party, id_of(TEXTED.phone), new_id())
    bench.hear(said(fact, f"{party}/code", 1))
    bench.deliver()


def wrong_ones(bench: Bench) -> list[str]:
    """Codes that were not texted."""
    (right,) = set(codes(bench)[-1:])
    return [f"{(int(right) + n) % 10**6:06}" for n in range(1, TRIES + 2)]


def sent(bench: Bench) -> list[str]:
    return [m.template for m in bench.messages() if m.channel == "sms" and m.state == "sent"]


def test_a_code_follows_from_secret_number_and_salt_alone() -> None:
    one = CODES.code("+16265550123", "00")
    assert re.fullmatch(r"\d{6}", one)
    others = (CODES.code(OTHER, "00"), CODES.code("+16265550123", "01"))
    assert one not in others
    assert CodeMaker("another secret").code("+16265550123", "00") != one
    assert CODES.fits(one, "+16265550123", "00")
    assert not CODES.fits(f"{one}0", "+16265550123", "00")
    assert "secret" not in repr(CODES)


@pytest.mark.parametrize(
    ("made", "waits"),
    [
        (1, PAUSE),
        (A_DAY - 1, PAUSE),
        (A_DAY, timedelta(days=1)),
        (A_MONTH, timedelta(days=30)),
    ],
)
def test_codes_are_made_so_often_and_no_more(made: int, waits: timedelta) -> None:
    code: Code | None = None
    for _ in range(made):
        code = made_anew(code, OTHER, "00", NOW, NOW)
    assert code
    assert code.another_from == NOW + waits


def test_the_right_code_proves_the_number_and_what_waited_is_texted(asking: Bench) -> None:
    asking.hear(scheduled(70))
    asking.settle()
    (code,) = codes(asking)
    entry = type_in(asking, code)
    asking.settle()
    asking.deliver()
    assert sorted(sent(asking)) == ["prove", "received", "window"]
    assert states(asking) == ["asked", "proven"]
    assert numbers(asking)[-1].data.answers == entry


def test_a_text_proves_it_too_and_that_is_said(asking: Bench) -> None:
    Telephone(asking).write("Yes")
    asking.tick()
    assert states(asking) == ["asked", "proven"]
    type_in(asking, "000000")
    assert states(asking)[2:] == ["proven"]


def test_after_five_wrong_codes_the_right_one_proves_nothing(asking: Bench) -> None:
    (right,) = codes(asking)
    for wrong in wrong_ones(asking)[:TRIES]:
        type_in(asking, wrong)
    assert [f.data.number.tries_left for f in numbers(asking)] == [5, 4, 3, 2, 1, 0]
    type_in(asking, right)
    assert states(asking)[-2:] == ["wrong", "used_up"]
    assert run(asking, "select * from proven_numbers") == []


def test_tries_are_counted_by_number_from_whichever_party_they_come(asking: Bench) -> None:
    asking.hear(registered(party_of(TEXTED, SECOND, code="Q4ZX8W")))
    for place, wrong in enumerate(wrong_ones(asking)):
        type_in(asking, wrong, (PARTY, SECOND)[place % 2])
    assert states(asking)[-2:] == ["wrong", "used_up"]
    assert sent(asking) == ["prove"]


def test_a_shared_number_is_proven_once_for_both(asking: Bench) -> None:
    asking.hear(registered(party_of(TEXTED, SECOND, code="Q4ZX8W")))
    type_in(asking, codes(asking)[0], SECOND)
    asking.deliver()
    told = [(m.template, m.party_id) for m in asking.messages() if m.state == "sent"]
    assert sorted(told[1:]) == [("received", PARTY), ("received", SECOND)]


def test_a_code_is_good_for_a_day(asking: Bench) -> None:
    asking.clock.move(seconds=LASTS.total_seconds() + 1)
    type_in(asking, codes(asking)[0])
    assert states(asking) == ["asked", "expired"]


def test_a_new_code_takes_the_place_of_the_old_one_and_has_all_tries(asking: Bench) -> None:
    type_in(asking, wrong_ones(asking)[0])
    asking.clock.move(seconds=61)
    ask_anew(asking)
    old, new = codes(asking)
    assert old != new
    assert numbers(asking)[-1].data.number.tries_left == TRIES
    type_in(asking, old)
    type_in(asking, new)
    assert states(asking)[-3:] == ["asked", "wrong", "proven"]


def test_three_codes_go_out_on_a_day_and_none_within_a_minute(asking: Bench) -> None:
    ask_anew(asking)
    assert states(asking)[-1] == "too_soon"
    for _ in range(3):
        asking.clock.move(seconds=61)
        ask_anew(asking)
    assert len(codes(asking)) == A_DAY
    assert states(asking)[-1] == "too_soon"
    asking.clock.move(hours=24)
    ask_anew(asking)
    assert len(codes(asking)) == A_DAY + 1


def test_who_sent_stop_gets_no_further_code(asking: Bench) -> None:
    Telephone(asking).write("STOP")
    asking.clock.move(minutes=5)
    ask_anew(asking)
    assert states(asking)[-1] == "opted_out"
    assert len(codes(asking)) == 1


def test_by_night_a_code_waits_for_the_morning(asking: Bench) -> None:
    asking.clock.move(hours=12)
    ask_anew(asking)
    assert len(codes(asking)) == 1
    goes_at = numbers(asking)[-1].data.number.goes_at
    asking.clock.move(seconds=(goes_at - asking.clock.now()).total_seconds())
    asking.deliver()
    assert len(codes(asking)) == 2


def test_another_number_has_to_be_proven_anew(asking: Bench) -> None:
    type_in(asking, codes(asking)[0])
    asking.hear(amended(party_of(replace(TEXTED, phone=OTHER)), 2))
    asking.deliver()
    assert states(asking, OTHER) == ["asked"]
    type_in(asking, codes(asking)[0], phone=OTHER)
    assert states(asking, OTHER) == ["asked", "wrong"]


def test_a_question_that_has_not_gone_out_goes_to_no_other_number(bench: Bench) -> None:
    Delivery(bench.pool, bench.clock).trust(CITY, False, "Kim")
    bench.hear(city_configured(), registered(party_of(TEXTED)))
    bench.hear(amended(party_of(replace(TEXTED, phone=OTHER)), 2))
    bench.deliver()
    assert (codes(bench), len(codes(bench, OTHER))) == ([], 1)


def test_a_number_that_was_proven_before_is_said_to_be_without_a_text(asking: Bench) -> None:
    Telephone(asking, OTHER).write("hello?")
    asking.hear(registered(party_of(replace(TEXTED, phone=OTHER), SECOND, code="Q4ZX8W")))
    assert states(asking, OTHER) == ["proven"]
    assert codes(asking, OTHER) == []


def test_a_city_that_trusts_its_list_excuses_numbers_and_asks_them_again(asking: Bench) -> None:
    for trusting in (True, False):
        Delivery(asking.pool, asking.clock).trust(CITY, trusting, "Kim")
        asking.tick()
    assert states(asking) == ["asked", "excused", "asked"]
    assert len(codes(asking)) == 1


def test_a_trusting_city_says_nothing_of_numbers(bench: Bench) -> None:
    bench.hear(city_configured(), registered(party_of(TEXTED)))
    bench.tick()
    assert numbers(bench) == []


def test_a_number_of_another_city_is_not_judged(asking: Bench) -> None:
    fact = CodeEntered(PARTY, id_of(TEXTED.phone), new_id(), codes(asking)[0])
    asking.hear(said(fact, f"{PARTY}/code", 1, "elsewhere"))
    assert states(asking) == ["asked"]


def test_the_code_stands_in_no_table_but_the_outbox_and_in_no_fact(asking: Bench) -> None:
    (code,) = codes(asking)
    kept = run(
        asking, "select m::text from messages m union all select c::text from number_codes c"
    )
    assert kept
    assert not [row for (row,) in kept if code in row]
    assert code not in asking.everything_logged()
    words = [item.words for item in read_thread(asking.pool, CITY, PARTY)]
    assert any("[code] is your code" in said for said in words)


def test_a_text_of_a_code_that_was_lost_is_looked_for_as_it_was_sent(asking: Bench) -> None:
    (kept,) = run(asking, "select body, to_address from messages where template = 'prove'")
    assert codes(asking)[0] in CODES.filled(*kept)


def test_facts_tell_no_number(asking: Bench) -> None:
    type_in(asking, codes(asking)[0])
    told = orjson.dumps([fact.data for fact in numbers(asking)]).decode()
    assert "626555" not in told


def test_who_was_asked_before_there_were_codes_is_not_asked_again(bench: Bench) -> None:
    Delivery(bench.pool, bench.clock).trust(CITY, False, "Kim")
    bench.hear(city_configured(), registered(party_of(TEXTED)))
    run(bench, "delete from number_codes returning 1")
    run(bench, "delete from numbers returning 1")
    old = f"set dedupe = '{CITY}/prove/{TEXTED.phone}' where template = 'prove'"
    run(bench, f"update messages {old} returning 1")
    bench.tick()
    bench.deliver()
    assert sent(bench) == ["prove"]
    assert numbers(bench)[-1].data.number.good_until is None
    ask_anew(bench)
    assert sent(bench) == ["prove", "prove"]


def test_a_number_that_was_forgotten_and_comes_again_goes_on_counting(asking: Bench) -> None:
    run(asking, "update numbers set phone = '', told = '' returning 1")
    run(asking, "delete from number_codes returning 1")
    asking.tick()
    asking.deliver()
    assert [fact.revision for fact in numbers(asking)] == [1, 2]
    assert len(codes(asking)) == 2
