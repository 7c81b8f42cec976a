"""A new city is on trial: only verified contacts of staff are reached, the rest is kept back."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from services.notify.adapters.delivery import Delivery, read_address
from services.notify.ports.senders import Senders
from shared.db import Pool, open_pool
from shared.failures import Refused
from tests.entering import sign_in
from tests.notify.bench import Bench
from tests.notify.facts import (
    CITY,
    HOST,
    TEXTED,
    city_configured,
    one_by_text_one_by_mail,
    party_of,
    registered,
    scheduled,
)
from tests.notify.test_handing_over import Scripted
from tests.notify.test_outbox_page import ENVIRON, client_of

PAGE = f"/settings/{CITY}/delivery"


class Named(Scripted):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


@pytest.fixture
def opened(url: str) -> Iterator[Pool]:
    with open_pool(url, name="bench") as pool:
        yield pool


def on_trial(pool: Pool) -> tuple[Bench, Named, Named]:
    sms, mail = Named("twilio"), Named("smtp")
    bench = Bench(pool, live=False)
    bench.senders = Senders(sms, mail, outbox=bench.sandbox)
    bench.boot("first")
    bench.hear(city_configured())
    return bench, sms, mail


def code_of(bench: Bench) -> str:
    """The newest code, from the database: no page shows what goes to people."""
    with bench.pool.connection() as conn:
        row = conn.execute(
            "select substring(body from '[0-9]{6}') from messages"
            " where template = 'verification' order by id desc limit 1"
        ).fetchone()
    assert row
    return str(row[0])


def test_strangers_are_kept_back_and_marked(opened: Pool) -> None:
    bench, sms, mail = on_trial(opened)
    bench.hear(*one_by_text_one_by_mail())
    bench.deliver()
    assert [(m.state, m.provider, m.trial) for m in bench.messages()] == [
        ("sent", "outbox", True)
    ] * 2
    assert (sms.got, mail.got) == ([], [])
    assert bench.taken() == 2
    assert bench.published() == []


def test_where_no_provider_is_set_nothing_is_marked(opened: Pool) -> None:
    bench = Bench(opened, live=False)
    bench.hear(city_configured(), *one_by_text_one_by_mail())
    bench.deliver()
    assert {(m.provider, m.trial) for m in bench.messages()} == {("outbox", False)}


def test_a_verified_contact_is_reached_and_only_that(opened: Pool) -> None:
    bench, sms, mail = on_trial(opened)
    delivery = Delivery(opened, bench.clock)
    contact = delivery.add(CITY, "sms", "(626) 555-0123", "Kim", "Kim")
    bench.hear(*one_by_text_one_by_mail())
    assert delivery.verify(CITY, contact.id, code_of(bench))
    bench.deliver()
    by_channel = {m.channel: m.trial for m in bench.messages() if m.template == "received"}
    assert by_channel == {"sms": False, "email": True}
    assert (len(sms.got), len(mail.got)) == (2, 0)


def test_an_unverified_contact_gets_its_code_and_nothing_else(opened: Pool) -> None:
    bench, sms, _ = on_trial(opened)
    Delivery(opened, bench.clock).add(CITY, "sms", HOST.phone, "Kim", "Kim")
    bench.hear(registered(party_of(TEXTED)))
    bench.deliver()
    assert len(sms.got) == 1
    assert {m.template: m.trial for m in bench.messages()} == {
        "verification": False,
        "received": True,
    }


def test_a_contact_of_one_city_is_a_stranger_to_another(opened: Pool) -> None:
    bench, sms, _ = on_trial(opened)
    contact = (delivery := Delivery(opened, bench.clock)).add(CITY, "sms", HOST.phone, "K", "K")
    delivery.verify(CITY, contact.id, code_of(bench))
    bench.deliver()
    bench.hear(city_configured("elsewhere"), registered(city="elsewhere"))
    bench.deliver()
    assert len(sms.got) == 1


def test_switched_live_everybody_is_reached_and_back_again_nobody(opened: Pool) -> None:
    bench, sms, _ = on_trial(opened)
    delivery = Delivery(opened, bench.clock)
    delivery.switch(CITY, True, "Kim")
    bench.hear(registered(party_of(TEXTED)))
    bench.deliver()
    assert len(sms.got) == 1
    delivery.switch(CITY, False, "Kim")
    found = delivery.read(CITY)
    assert found is not None
    assert found.live is None


def test_what_was_kept_back_is_told_once_the_city_is_live_and_only_once(opened: Pool) -> None:
    bench, sms, mail = on_trial(opened)
    delivery = Delivery(opened, bench.clock)
    bench.hear(registered(), scheduled(10))
    bench.settle()
    bench.deliver()
    found = delivery.read(CITY)
    assert found is not None
    assert (sms.got, found.waiting_hosts) == ([], 1)
    for _ in range(2):
        delivery.trust(CITY, True, "Kim")
        delivery.switch(CITY, True, "Kim")
        bench.settle()
        bench.deliver()
        told = {(m.template, m.channel) for m in bench.messages() if m.state == "sent"}
        assert {template for template, _ in told} == {"received", "window"}
        assert len(sms.got) + len(mail.got) == len(told)


def test_a_city_that_goes_live_after_its_evening_tells_nobody_of_it(opened: Pool) -> None:
    bench, sms, mail = on_trial(opened)
    bench.hear(registered())
    bench.deliver()
    bench.clock.move(days=40)
    Delivery(opened, bench.clock).switch(CITY, True, "Kim")
    bench.settle()
    bench.deliver()
    assert (sms.got, mail.got) == ([], [])


def test_a_code_is_good_for_five_tries_and_fifteen_minutes(opened: Pool) -> None:
    bench, _, _ = on_trial(opened)
    delivery = Delivery(opened, bench.clock)
    contact = delivery.add(CITY, "email", HOST.email, "Kim", "Kim")
    right = code_of(bench)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        assert not delivery.verify(CITY, contact.id, wrong)
    assert not delivery.verify(CITY, contact.id, right)
    delivery.add(CITY, "email", HOST.email, "Kim", "Kim")
    bench.clock.move(minutes=16)
    assert not delivery.verify(CITY, contact.id, code_of(bench))


def test_nobody_can_be_flooded_with_codes(opened: Pool) -> None:
    bench, _, _ = on_trial(opened)
    delivery = Delivery(opened, bench.clock)
    for _ in range(20):
        delivery.add(CITY, "sms", HOST.phone, "Kim", "Kim")
    with pytest.raises(Refused, match="Too many codes"):
        delivery.add(CITY, "sms", HOST.phone, "Kim", "Kim")


def test_a_new_code_goes_to_the_contact_that_the_page_shows_masked(opened: Pool) -> None:
    bench, _, _ = on_trial(opened)
    delivery = Delivery(opened, bench.clock)
    contact = delivery.add(CITY, "sms", HOST.phone, "Kim", "Kim")
    first = code_of(bench)
    shown = delivery.read(CITY)
    assert shown
    assert [one.address for one in shown.contacts] == ["+1 •••• 23"]
    delivery.renew(CITY, contact.id, "Kim")
    assert [m.template for m in bench.messages()] == ["verification"] * 2
    assert delivery.verify(CITY, contact.id, code_of(bench)), first


@pytest.mark.parametrize(
    ("channel", "typed"),
    [("sms", "123"), ("sms", ""), ("email", "ana"), ("email", "a@b.c\nBcc: x")],
)
def test_what_is_no_address_is_refused(channel: str, typed: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_address(channel, typed)
    assert "address" in refusal.value.fields


def post(client: FlaskClient, path: str, **form: str) -> int:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(PAGE).text)
    assert token
    return client.post(PAGE + path, data={"csrf_token": token.group(1), **form}).status_code


def test_the_page_adds_verifies_switches_and_notes_all_of_it(
    url: str, opened: Pool, redis_url: str
) -> None:
    bench = Bench(opened, live=False)
    bench.hear(city_configured())
    client = client_of(url, redis_url, SMTP_URL="smtp://127.0.0.1:1")
    assert "on trial" in client.get(PAGE).text
    assert post(client, "/contacts", channel="sms", address="626 555 0123", name="Kim") == 303
    found = Delivery(opened, bench.clock).read(CITY)
    assert found is not None
    (contact,) = found.contacts
    assert post(client, f"/contacts/{contact.id}/verify", code="12") == 422
    assert post(client, f"/contacts/{contact.id}/verify", code=code_of(bench)) == 303
    assert "verified" in client.get(PAGE).text
    assert post(client, "/mode", mode="live") == 422
    assert post(client, "/mode", mode="live", sure="yes") == 303
    assert 'class="chip sent">live' in client.get(PAGE).text
    assert post(client, f"/contacts/{contact.id}/remove") == 303
    with opened.connection() as conn:
        said = [str(r[0]) for r in conn.execute("select what from audit order by id")]
    assert said == [
        "delivery contact added",
        "delivery contact verified",
        "messages switched live",
        "delivery contact removed",
    ]


def test_only_an_administrator_switches_live(url: str, opened: Pool, redis_url: str) -> None:
    Bench(opened, live=False).hear(city_configured())
    client = client_of(url, redis_url)
    sign_in(client, "notify", ENVIRON["SECRET_KEY"], f"notifier@{CITY}")
    assert "An administrator can change this." in client.get(PAGE).text
    assert post(client, "/mode", mode="live", sure="yes") == 403
    sign_in(client, "notify", ENVIRON["SECRET_KEY"], "administrator@elsewhere")
    assert client.get(PAGE).status_code == 403


def test_what_is_typed_is_shown_as_typed(url: str, opened: Pool, redis_url: str) -> None:
    Bench(opened, live=False).hear(city_configured())
    client = client_of(url, redis_url)
    hostile = '"><script>alert(1)</script>'
    post(client, "/contacts", channel="email", address="ana@example.org", name=hostile)
    page = client.get(PAGE).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_providers_are_told_to_programs(url: str, opened: Pool, redis_url: str) -> None:
    client = client_of(url, redis_url, SMTP_URL="smtp://127.0.0.1:1", EMAIL_RATE="14")
    found = client.get("/api/v1/providers").json["providers"]
    assert [(p["channel"], p["name"], p["state"]) for p in found] == [
        ("sms", "outbox", "well"),
        ("email", "smtp", "well"),
    ]
    assert found[1]["segments_per_second"] == 14
