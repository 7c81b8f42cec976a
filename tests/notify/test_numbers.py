"""A number is texted one question and nothing else until it answers; e-mail goes on meanwhile."""

from dataclasses import replace

import pytest

from services.notify.adapters.delivery import Delivery
from tests.notify.bench import Bench
from tests.notify.facts import (
    CITY,
    HOST,
    TEXTED,
    amended,
    city_configured,
    party_of,
    registered,
    scheduled,
)
from tests.notify.staff import House, press
from tests.notify.writing import Telephone

WITH_PHONE_ONLY = TEXTED


@pytest.fixture
def asking(bench: Bench) -> Bench:
    """A live city whose numbers have to answer first."""
    Delivery(bench.pool, bench.clock).trust(CITY, False, "Kim")
    bench.hear(city_configured())
    return bench


def texts(bench: Bench) -> list[str]:
    """The templates of all texts that were handed over to hosts, oldest first."""
    return [m.template for m in bench.messages() if m.channel == "sms" and m.state == "sent"]


def test_a_number_gets_the_question_alone_and_news_go_by_mail(asking: Bench) -> None:
    asking.hear(registered(party_of(HOST)), scheduled())
    asking.settle()
    asking.deliver()
    assert texts(asking) == ["prove"]
    sent = [(m.channel, m.template) for m in asking.messages() if m.state == "sent"]
    assert ("email", "window") in sent


def test_the_question_is_asked_once_however_often_the_party_changes(asking: Bench) -> None:
    asking.hear(registered(party_of(HOST)))
    for revision in (2, 3):
        asking.hear(amended(party_of(HOST, name=f"Name {revision}"), revision))
    asking.tick()
    asking.deliver()
    assert texts(asking) == ["prove"]


def test_after_a_yes_the_host_gets_all_that_waited(asking: Bench) -> None:
    asking.hear(registered(party_of(WITH_PHONE_ONLY)), scheduled())
    asking.settle()
    asking.deliver()
    assert texts(asking) == ["prove"]
    Telephone(asking).write("Yes")
    asking.settle()
    asking.deliver()
    assert sorted(texts(asking)) == ["prove", "received", "reply_proved", "window"]


def test_a_stop_proves_nothing_and_is_heard(asking: Bench) -> None:
    asking.hear(registered(party_of(WITH_PHONE_ONLY)))
    asking.deliver()
    Telephone(asking).write("STOP")
    asking.hear(scheduled())
    asking.settle()
    asking.deliver()
    assert texts(asking) == ["prove", "reply_stop"]


def test_another_number_has_to_answer_for_itself(asking: Bench) -> None:
    asking.hear(registered(party_of(WITH_PHONE_ONLY)))
    asking.deliver()
    Telephone(asking).write("yes")
    asking.tick()
    other = replace(WITH_PHONE_ONLY, phone="+16265550199")
    asking.hear(amended(party_of(other), 2), scheduled())
    asking.settle()
    asking.deliver()
    to_other = [m.template for m in asking.messages() if m.to == other.phone and m.state == "sent"]
    assert to_other == ["prove"]


def test_a_city_that_trusts_its_list_texts_at_once(bench: Bench) -> None:
    bench.hear(city_configured(), registered(party_of(WITH_PHONE_ONLY)))
    bench.deliver()
    assert texts(bench) == ["received"]


def test_what_was_written_before_the_rule_held_is_held_back(bench: Bench) -> None:
    bench.hear(city_configured(), registered(party_of(WITH_PHONE_ONLY)))
    Delivery(bench.pool, bench.clock).trust(CITY, False, "Kim")
    bench.tick()
    bench.deliver()
    assert texts(bench) == ["prove"]


def test_an_administrator_chooses_and_it_is_noted(house: House) -> None:
    page, to = f"/settings/{CITY}/delivery", f"/settings/{CITY}/delivery/numbers"
    boss = house.person(f"administrator@{CITY}")
    assert "unasked" in boss.get(page).text
    assert "first asked to reply YES" in press(boss, to, on=page, trusting="no").text
    assert "numbers asked to answer first" in house.audited()
    assert press(house.person(), to, on=page, trusting="yes").status_code == 403
