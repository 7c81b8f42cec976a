"""The list of messages and a party's thread, and the frame around every staff page."""

import re
from datetime import timedelta

from flask.testing import FlaskClient

from shared.contracts.values import Window
from shared.contracts.visit import VisitScheduled
from tests.notify.facts import CITY, city_configured, said
from tests.notify.staff import House, code_of, host_of, id_of

EVERY_PAGE = (
    *("/", "/messages", f"/failures/{CITY}", f"/calls/{CITY}", f"/opt-outs/{CITY}"),
    *(f"/broadcasts/{CITY}", f"/broadcasts/{CITY}/new"),
)


def visit(house: House, minutes: float, revision: int) -> None:
    """A visit of the first party is planned, and settles."""
    opens = house.bench.clock.now() + timedelta(minutes=minutes)
    window = Window(opens, opens + timedelta(minutes=30))
    fact = VisitScheduled(id_of(1), "t1", "Team 1", ("police",), opens, window, revision)
    house.bench.hear(said(fact, id_of(1), revision))
    house.bench.settle()


def shown(client: FlaskClient, query: str) -> list[str]:
    """The codes of the parties in the list, in order."""
    page = client.get(f"/messages?{query}").text
    return re.findall(r'<span class="code">(\w+)</span>', page)


def test_every_page_has_the_navigation_with_what_waits(house: House) -> None:
    house.hosts(host_of(1))
    house.fail("failed_permanent", "no such number", "channel = 'sms'")
    for path in EVERY_PAGE:
        page = house.person().get(path).text
        assert 'aria-label="Messages"' in page, path
        assert 'data-need="failures" ><b>1</b>' in page, path
        assert "/registration" not in page or "http://" in page
        assert f"http://127.0.0.1:8001/{CITY}" in page, path
        assert f"http://127.0.0.1:8000/{CITY}" in page, path
        assert page.count('aria-current="page"') == 1, path


def test_pages_that_are_not_there_are_not_in_the_navigation(house: House) -> None:
    rules = {rule.rule for rule in house.app.url_map.iter_rules()}
    page = house.person().get("/messages").text
    assert (">Inbox" in page) == ("/inbox" in rules)
    assert (">Wording" in page) == ("/wording/<city>" in rules)


def test_the_counts_are_fresh_and_of_the_own_city_only(house: House) -> None:
    house.hosts(host_of(1))
    house.fail("unsure", "nobody knows", "channel = 'sms'")
    assert house.person().get(f"/needs?city={CITY}").get_json()["failures"] == 1
    elsewhere = house.person("notifier@dallas").get(f"/needs?city={CITY}")
    assert elsewhere.get_json()["failures"] == 0


def test_the_city_is_chosen_on_the_page_where_one_is(house: House) -> None:
    house.bench.hear(city_configured("dallas"))
    client = house.person("notifier@*")
    page = client.get(f"/failures/{CITY}").text
    assert '<option value="dallas"' in page
    answer = client.get("/go?city=dallas&page=Failures")
    assert answer.headers["Location"] == "/failures/dallas"
    assert client.get("/go?city=nowhere&page=x").headers["Location"] == "/messages"
    only = house.person("notifier@dallas").get("/messages").text
    assert CITY not in only


def test_messages_are_found_by_party_area_team_template_lane_and_audience(house: House) -> None:
    house.hosts(host_of(1, sms=False))
    house.hosts(host_of(2, sms=False), area="south")
    visit(house, 60, 1)
    house.run(
        "insert into routes values (%s, 't1', 1, 'Team 1', 1, %s::jsonb)",
        (CITY, f'[{{"party_id": "{id_of(1)}"}}]'),
    )
    client = house.person()
    assert shown(client, "") == [code_of(1), code_of(2), code_of(1)]
    assert shown(client, "area=south") == [code_of(2)]
    assert shown(client, "team=t1") == [code_of(1)] * 2
    assert shown(client, "template=window") == [code_of(1)]
    assert shown(client, "lane=urgent") == [code_of(1)]
    assert shown(client, "text=party+2") == [code_of(2)]
    assert shown(client, f"text={code_of(2).lower()}") == [code_of(2)]
    assert shown(client, "text=%25") == []
    assert shown(client, "audience=team") == []
    assert "That filter does not exist" in client.get("/messages?lane=slow").text


def test_the_list_is_sent_again_only_when_something_happened(house: House) -> None:
    house.hosts(host_of(1))
    client = house.person()
    stamp = client.get("/messages/feed").headers["ETag"]
    assert client.get("/messages/feed", headers={"If-None-Match": stamp}).status_code == 304
    house.bench.deliver()
    assert client.get("/messages/feed", headers={"If-None-Match": stamp}).status_code == 200


def test_a_thread_has_what_was_said_not_said_and_written_newest_last(house: House) -> None:
    house.hosts(host_of(1, email=False))
    house.bench.deliver()
    visit(house, 60, 1)
    house.bench.deliver()
    visit(house, 63, 2)
    house.run(
        "insert into inbound values ('i1', %s, 'twilio', 'x', 'sms', '+16265550001', '+1626', %s,"
        " '', 'We start <b>late</b>', 'late', 'open', now() + interval '1 minute')",
        (CITY, id_of(1)),
    )
    house.run("update messages set delivered_at = now(), state = 'delivered', trial = true")
    client = house.person()
    page = client.get(f"/parties/{CITY}/{id_of(1)}").text
    order = [
        page.index(part)
        for part in ("confirmation", "planned time", "moved too little", "We start &lt;b&gt;")
    ]
    assert order == sorted(order)
    assert "waits for an answer" in page
    assert "delivered <time" in page
    assert ">trial<" in page
    feed = client.get(f"/parties/{CITY}/{id_of(1)}/feed")
    assert "We start &lt;b&gt;" in feed.text


def test_a_thread_shows_no_address_and_no_private_link(house: House) -> None:
    house.hosts(host_of(1))
    page = house.person().get(f"/parties/{CITY}/{id_of(1)}").text
    assert "+16265550001" not in page
    assert "ana1@example.org" not in page
    assert "/p/secret" not in page
    assert "[private link]" in page


def test_there_is_no_thread_of_a_party_that_is_not_there(house: House) -> None:
    answer = house.person().get(f"/parties/{CITY}/none")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


def test_the_outbox_marks_what_stayed_here_on_trial(house: House) -> None:
    house.hosts(host_of(1, sms=False))
    house.run("update messages set trial = true")
    id_ = house.rows("select id from messages")[0][0]
    client = house.person()
    assert "The city is not live" in client.get("/").text
    assert "The city is not live" in client.get(f"/messages/{id_}").text


def test_area_and_wishes_follow_the_newest_fact_only(house: House) -> None:
    house.hosts(host_of(1), area="north", wanted=("police", "fire"))
    assert house.rows("select area, wanted from parties") == [("north", ["police", "fire"])]
