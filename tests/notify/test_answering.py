"""Texts that come in: kept, understood, answered once, said to the others; opt-outs hold."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.notify.adapters.voices import keep_voice
from services.notify.domain.inbound import MOST_REPLIES
from services.notify.domain.voice import Voice
from shared.contracts.host import HostReplied
from shared.contracts.values import Window
from shared.ids import new_id
from tests.notify.bench import Bench
from tests.notify.facts import (
    CITY,
    HOST,
    NOW,
    PARTY,
    SEVEN,
    amended,
    city_configured,
    party_of,
    registered,
    scheduled,
    withdrawn,
)
from tests.notify.writing import Telephone, inbox, run

SPANISH = replace(HOST, language="es")
OTHER = "0190a000-0000-7000-8000-000000000002"


@pytest.fixture
def phone(bench: Bench) -> Telephone:
    """The host's telephone, on the evening, its welcome read."""
    bench.hear(city_configured(), registered())
    bench.deliver()
    bench.clock.move(seconds=(SEVEN - NOW).total_seconds())
    return Telephone(bench)


def told(bench: Bench) -> list[tuple[str, int | None]]:
    facts = [e.data for e in bench.published() if isinstance(e.data, HostReplied)]
    return [(fact.meaning, fact.minutes) for fact in facts]


@pytest.mark.parametrize(
    ("words", "template", "meaning"),
    [
        ("LATE 20", "reply_late", ("late", 20)),
        ("MOVED to the park", "reply_moved", ("moved", None)),
        ("Done!", "reply_done", ("done", None)),
        ("nobody came", "reply_nobody", ("nobody", None)),
        ("When?", "reply_when_none", ("when", None)),
        ("Can you bring the dog?", "reply_other", ("other", None)),
    ],
)
def test_a_host_gets_one_answer_and_the_others_hear_what_was_meant(
    phone: Telephone, words: str, template: str, meaning: tuple[str, int | None]
) -> None:
    phone.write(words)
    phone.bench.deliver()
    assert phone.got() == [template]
    assert told(phone.bench) == [meaning]


def test_a_spanish_host_is_answered_in_spanish(bench: Bench) -> None:
    bench.hear(city_configured(), registered(party_of(SPANISH)), scheduled(10))
    phone = Telephone(bench)
    phone.write("¿Cuándo vienen?")
    answer = phone.messages()[-1]
    assert answer.language == "es"
    assert "Pensamos visitar Maple Street el martes 4 de agosto, 7:10-7:40 p. m." in answer.body


def test_the_same_text_delivered_twice_is_taken_in_once(phone: Telephone) -> None:
    assert phone.write("LATE 20", ref="SM1")
    assert phone.write("LATE 20", ref="SM1") is None
    assert len(inbox(phone.bench)) == len(told(phone.bench)) == 1


def test_stop_holds_back_all_but_one_confirmation_until_start(phone: Telephone) -> None:
    bench = phone.bench
    phone.write("Stop")
    phone.write("STOP")
    bench.hear(scheduled(60))
    bench.settle()
    bench.deliver()
    assert phone.got() == ["reply_stop"]
    held = phone.messages()[-1]
    assert (held.template, held.state, held.reason) == ("window", "suppressed", "opted out")
    phone.write("START")
    bench.hear(scheduled(120, 2))
    bench.settle()
    bench.deliver()
    # The e-mail, let go at once, has told of the first time.
    assert phone.got() == ["reply_stop", "reply_start", "window_changed"]
    ledger = run(bench, "select purpose, opted_out, words from consent_ledger order by id")
    assert ledger == [("all", True, "Stop"), ("all", False, "START")]


def test_a_reserve_by_email_goes_out_where_the_text_is_refused(phone: Telephone) -> None:
    bench = phone.bench
    bench.hear(scheduled(60))
    bench.settle()
    run(bench, "update messages set state = 'suppressed', reason = 'in reserve', reserve_of = "
        "(select id from messages where template = 'window' and channel = 'sms') "
        "where template = 'window' and channel = 'email' returning id")  # fmt: skip
    phone.write("STOP")
    bench.deliver()
    bench.expire()
    bench.deliver()
    states = {m.channel: m.state for m in bench.messages() if m.template == "window"}
    assert states == {"sms": "suppressed", "email": "sent"}


def test_cancel_opts_out_asks_and_waits_for_staff(phone: Telephone) -> None:
    phone.write("CANCEL")
    phone.bench.deliver()
    answer = phone.messages()[-1]
    assert "Did you mean to cancel your party?" in answer.body
    assert "https://nno.example.org/p/secret" in answer.body
    assert inbox(phone.bench) == [("cancel", "open", PARTY)]
    assert told(phone.bench) == []


def test_help_is_answered_even_to_who_opted_out(phone: Telephone) -> None:
    for words in ("STOP", "HELP", "WHEN", "LATE 10"):
        phone.write(words)
    phone.bench.deliver()
    assert phone.got() == ["reply_stop", "reply_help"]
    assert told(phone.bench) == [("when", None), ("late", 10)]
    assert "the number has opted out" in phone.bench.reasons()


@pytest.mark.parametrize("number", [HOST.phone, "+16265550199"], ids=["a host", "a stranger"])
def test_help_names_the_city_as_its_settings_do(phone: Telephone, number: str) -> None:
    bench = phone.bench
    voice = Voice(contact_name="Lt. Kim", contact_phone="+16265550170", signature="Pasadena PD")
    with bench.pool.connection() as conn:
        keep_voice(conn, CITY, voice, "Kim", bench.clock.now())
    asking = Telephone(bench, number)
    asking.write("HELP")
    bench.deliver()
    said = asking.messages()[-1].body
    assert "Texts from Pasadena PD" in said
    assert "Contact: Lt. Kim, +16265550170" in said


def test_a_provider_that_confirmed_itself_is_not_doubled(phone: Telephone) -> None:
    phone.write("STOP", answered=True)
    phone.bench.deliver()
    assert phone.got() == []
    assert run(phone.bench, "select purpose from opted_out") == [("all",)]


def test_a_machine_that_answers_every_answer_is_left_alone(phone: Telephone) -> None:
    for number in range(3 * MOST_REPLIES):
        phone.write(f"LATE {number + 1}")
    phone.bench.deliver()
    assert len(phone.got()) == MOST_REPLIES
    assert len(inbox(phone.bench)) == 3 * MOST_REPLIES
    assert any("too many answers" in reason for reason in phone.bench.reasons())


def test_a_person_is_soothed_once_and_staff_reads_it_all(phone: Telephone) -> None:
    phone.write("We have no ice")
    phone.write("And no cups")
    phone.bench.deliver()
    assert phone.got() == ["reply_other"]
    assert inbox(phone.bench) == [("other", "open", PARTY)] * 2


def ask(bench: Bench) -> None:
    """Let the host have been asked whether the party is held."""
    run(bench, "update messages set template = 'confirm' where state = 'sent' returning id")


def test_yes_and_no_answer_a_question_and_nothing_else(phone: Telephone) -> None:
    bench = phone.bench
    phone.write("YES")
    phone.write("NO")
    assert [state for _, state, _ in inbox(bench)] == ["handled", "open"]
    ask(bench)
    phone.write("Sí")
    phone.write("NO")
    assert told(bench)[2:] == [("yes", None), ("no", None)]
    answers = run(
        bench, "select party_id, answer, source from confirmations order by at, answer desc"
    )
    assert answers == [(PARTY, "yes", "host by text"), (PARTY, "no", "host by text")]
    bench.deliver()
    assert phone.got()[-2:] == ["reply_yes", "reply_no"]


def test_no_to_a_question_of_staff_withdraws_nothing(phone: Telephone) -> None:
    bench = phone.bench
    run(bench, "update messages set template = 'answer' where channel = 'sms' returning id")
    phone.write("No")
    assert inbox(bench) == [("no", "open", PARTY)]
    assert told(bench) == [("other", None)]


def test_days_before_the_evening_a_keyword_is_for_staff(bench: Bench) -> None:
    bench.hear(city_configured(), registered())
    Telephone(bench).write("MOVED to 300 Elm")
    assert inbox(bench) == [("moved", "open", PARTY)]
    assert told(bench) == [("other", None)]


def test_of_several_parties_none_is_guessed(phone: Telephone) -> None:
    phone.bench.hear(registered(party_of(party_id=OTHER)))
    phone.write("LATE 20")
    assert inbox(phone.bench) == [("late", "open", "")]
    assert run(phone.bench, "select candidates from inbound") == [([OTHER, PARTY],)]
    assert told(phone.bench) == []


def test_a_withdrawn_party_stands_back_behind_one_that_is_held(phone: Telephone) -> None:
    phone.bench.hear(registered(party_of(party_id=OTHER)), withdrawn(party_of(), 3))
    phone.write("LATE 20")
    assert inbox(phone.bench) == [("late", "handled", OTHER)]


def test_the_city_whose_evening_is_nearest_is_meant(phone: Telephone) -> None:
    later = Window(SEVEN + timedelta(days=60), SEVEN + timedelta(days=60, hours=3))
    phone.bench.hear(city_configured("dallas", 1, later))
    phone.bench.hear(registered(party_of(party_id=OTHER), 1, "dallas"))
    phone.write("DONE")
    assert inbox(phone.bench) == [("done", "handled", PARTY)]
    assert run(phone.bench, "select city from inbound") == [(CITY,)]


def test_a_stranger_is_kept_for_staff_and_can_opt_out(phone: Telephone) -> None:
    stranger = Telephone(phone.bench, "+12135550177")
    stranger.write("Who is this?")
    stranger.write("ALTO")
    phone.bench.deliver()
    assert inbox(phone.bench) == [("other", "open", ""), ("stop", "handled", "")]
    assert stranger.got() == ["reply_stop"]
    assert stranger.messages()[-1].language == "es"


def test_without_any_city_nothing_is_lost(bench: Bench) -> None:
    Telephone(bench).write("Hello?")
    assert inbox(bench) == [("other", "open", "")]


def test_hostile_and_endless_words_are_kept_as_they_are(phone: Telephone) -> None:
    words = '<script>alert("x")</script>' + "ñ🎉" * 3000
    phone.write(words)
    assert run(phone.bench, "select body from inbound") == [(words,)]
    fact = next(e.data for e in phone.bench.published() if isinstance(e.data, HostReplied))
    assert len(fact.words) == 2000


WRITES = (
    *("STOP", "ALTO", "please stop texting me", "START", "LATE 5"),
    *("WHEN", "hm", "thanks", "CANCEL"),
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.sampled_from([*WRITES, "visit", "amend", "deliver"]), max_size=10))
def test_whatever_happens_who_opted_out_gets_one_confirmation(
    bench: Bench, steps: list[str]
) -> None:
    city, party_id = new_id(), new_id()
    number = f"+1{int(new_id()[:13].replace('-', ''), 16) % 10**10:010}"
    party = party_of(replace(HOST, phone=number), party_id)
    bench.hear(city_configured(city), registered(party, 1, city))
    phone, revisions = Telephone(bench, number), [0, 1]
    stopped, since = False, 0
    for step in steps:
        bench.clock.move(seconds=1)
        if step == "visit":
            revisions[0] += 1
            bench.hear(scheduled(20 * revisions[0], revisions[0], party_id, city))
        elif step == "amend":
            revisions[1] += 1
            bench.hear(amended(party, revisions[1], city))
        elif step != "deliver":
            if stopped or step in ("STOP", "ALTO", "CANCEL", "please stop texting me"):
                since = since if stopped else len(phone.got())
                stopped = step != "START"
            phone.write(step)
        bench.settle()
        bench.deliver()
        if stopped:
            assert phone.got()[since:] in (["reply_stop"], ["reply_cancel"])
    with bench.pool.connection() as conn:
        conn.execute(
            "truncate outbox, sandbox, messages, parties, visits, cities, silences, inbound"
        )


def test_spans_are_told_only_while_they_last(phone: Telephone) -> None:
    phone.bench.hear(scheduled(10))
    phone.bench.clock.move(hours=2)
    phone.write("When?")
    assert phone.messages()[-1].template == "reply_when_none"
