"""Broadcasts: tried out, approved by a second person, sent, paused, stopped, accounted for."""

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from services.notify.adapters.broadcast_book import PostgresBroadcasts
from services.notify.adapters.broadcasts import read_one
from services.notify.adapters.press import Press
from services.notify.adapters.texts import SAMPLE_CITY, SAMPLE_SPAN, TemplateWords, sample_party
from services.notify.adapters.voices import Spoken
from services.notify.desk.broadcasts import Broadcasts, Rates
from services.notify.domain.pace import Pace
from services.notify.domain.values import EMAIL, SMS
from services.notify.domain.voice import Voice
from services.notify.handlers.broadcasting import carry_on
from services.notify.pages.outbox import spell_seconds
from shared.contracts.city import Area, CityConfigured, VisitorKind
from shared.work import begin
from tests.notify.facts import CITY, city_configured, party_of, said, withdrawn
from tests.notify.staff import House, code_of, host_of, id_of, press

PAGE = f"/broadcasts/{CITY}"
NEW = f"{PAGE}/new"
WORDS = {"sms_en": "Storm until 8 pm. Please go indoors.", "sms_es": "Tormenta hasta las 8 pm."}
AHEAD = {"expires_at": "2099-01-01T20:00"}


def write(client: FlaskClient, **fields: object) -> str:
    """A draft; returns the address of its page."""
    answer = press(client, NEW, NEW, **{"title": "Storm", **WORDS, **AHEAD, **fields})
    assert answer.status_code == 200, answer.text
    return answer.request.path


def do(client: FlaskClient, page: str, what: str, version: int = 1) -> str:
    """Press a button on the broadcast's page; returns the page that follows."""
    return press(client, f"{page}/{what}", NEW, version=version).text


def figure(page: str) -> str:
    found = re.search(r'<p class="figure"><b>([\d,]+)</b>', page)
    assert found
    return found[1]


def carry(house: House, ahead: int = 200) -> int:
    """One round of the worker, only as far as broadcasts go."""
    with begin(house.pool, house.bench.clock) as work:
        return carry_on(PostgresBroadcasts(work.conn, work.now), work.now, Press(), ahead)


def told(house: House) -> list[str]:
    """The codes of parties to whom a broadcast was handed over, each time it was."""
    rows = house.rows(
        "select p.code from sandbox s join messages m on m.id = s.message_id"
        " join parties p on p.id = m.party_id where m.purpose = 'broadcasts' order by 1"
    )
    return [str(row[0]) for row in rows]


def of_broadcast(house: House) -> list[tuple[str, str, str]]:
    return house.rows(
        "select channel, state, reason from messages where broadcast_id <> ''"
        " order by party_id, reserve_of <> ''"
    )


@pytest.fixture
def small(house: House) -> House:
    """Six hosts of every kind, their confirmations gone out."""
    house.hosts(
        host_of(1),
        host_of(2, "es"),
        host_of(3, sms=False),
        host_of(4, "es", email=False),
        host_of(5, sms=False, email=False),
    )
    house.hosts(host_of(6, "vi", email=False), area="south", wanted=("fire",))
    house.bench.deliver()
    return house


def test_a_dry_run_says_who_by_which_way_in_which_language_and_what_it_costs(small: House) -> None:
    client = small.person()
    page = client.get(write(client)).text
    assert figure(page) == "5"
    rows = [re.sub(r"<[^>]+>|\s+", " ", r) for r in re.findall(r"<tr><td>.*?</tr>", page, re.S)]
    assert [" ".join(row.split()) for row in rows] == [
        "Text message Spanish 2 1 each, 2 in all GSM-7",
        "Text message English 2 1 each, 2 in all GSM-7",
        "E-mail English 1 none",
    ]
    assert "4 segments of text; the provider takes them at once. 1 by e-mail." in page
    assert "1 host with another language would read English." in page
    assert "1: no consent to texts and no e-mail address" in page
    assert code_of(5) in page
    assert small.count("messages where broadcast_id <> ''") == 0


def test_a_dry_run_leaves_out_who_opted_out_and_takes_the_other_way_where_there_is_one(
    small: House,
) -> None:
    for phone, purpose in ((host_of(1).phone, "broadcasts"), (host_of(4).phone, "all")):
        small.run(
            "insert into consent_ledger"
            " (city, channel, address, purpose, opted_out, words, source, at)"
            " values (%s, 'sms', %s, %s, true, 'STOP', 'inbound', now())",
            (CITY, phone, purpose),
        )
    client = small.person()
    page = client.get(write(client)).text
    assert figure(page) == "4"
    assert "1: opted out" in page
    assert "2 by e-mail." in page


FILTERS = [
    ({"areas": "south"}, [6]),
    ({"kinds": "fire"}, [6]),
    ({"languages": "es"}, [2, 4]),
    ({"visits": "planned"}, [1]),
    ({"visits": "passed"}, [2]),
    ({"visits": "nobody"}, [3, 4]),
    ({"visits": "visited"}, [6]),
    ({"teams": "t1"}, [3]),
    ({"confirmed": "yes"}, [4]),
    ({"confirmed": "no"}, [1, 2, 3, 6]),
    ({"languages": ["es", "vi"], "areas": "south"}, [6]),
    ({}, [1, 2, 3, 4, 6]),
]


@pytest.mark.parametrize(("filters", "reached"), FILTERS, ids=str)
def test_filters_choose_the_hosts(
    small: House, filters: dict[str, object], reached: list[int]
) -> None:
    add = (
        "insert into visits values (%s, %s, 1, now() + %s::interval, now() + %s::interval, '', 'x')"
    )
    small.run(add, (CITY, id_of(1), "1 hour", "2 hours"))
    small.run(add, (CITY, id_of(2), "-2 hours", "-1 hour"))
    small.run("insert into done values (%s, %s, 't1', 1, 'visited', now())", (CITY, id_of(6)))
    stops = f'[{{"party_id": "{id_of(3)}"}}]'
    small.run("insert into routes values (%s, 't1', 1, 'Team 1', 1, %s::jsonb)", (CITY, stops))
    for number, meaning in ((3, "yes"), (3, "no"), (4, "yes")):
        small.run(
            "insert into confirmations (city, party_id, answer, at, source)"
            " values (%s, %s, %s, clock_timestamp(), 'inbound')",
            (CITY, id_of(number), meaning),
        )
    client = small.person()
    page = write(client, **filters)
    do(client, page, "ask")
    small.bench.tick()
    small.bench.deliver()
    assert told(small) == [code_of(n) for n in reached]


def test_everybody_gets_it_once_by_the_first_way_in_their_language(small: House) -> None:
    client = small.person()
    page = write(client)
    assert "It is being sent." in do(client, page, "ask")
    small.bench.tick()
    small.bench.deliver()
    small.bench.tick()
    assert told(small) == [code_of(n) for n in (1, 2, 3, 4, 6)]
    sent = small.rows(
        "select m.language, m.body, m.lane, m.purpose, m.segments from messages m"
        " join parties p on p.id = m.party_id where m.broadcast_id <> '' and m.state = 'sent'"
        " and m.channel = 'sms' order by p.code"
    )
    english = "Pasadena Night Out: Storm until 8 pm. Please go indoors. Reply STOP to end texts."
    spanish = "Pasadena Night Out: Tormenta hasta las 8 pm. Para no recibir textos, responda ALTO."
    assert [row[0] for row in sent] == ["en", "es", "es", "en"]
    assert {row[1] for row in sent} == {english, spanish}
    assert {row[2:] for row in sent} == {("bulk", "broadcasts", 1)}
    assert ">done<" in client.get(page).text
    assert small.audited() == ["broadcast written", "broadcast started"]


def test_the_second_way_is_held_in_reserve(small: House) -> None:
    client = small.person()
    do(client, write(client, languages="en", areas="north"), "ask")
    small.bench.tick()
    assert of_broadcast(small) == [
        (SMS, "created", ""),
        (EMAIL, "suppressed", "in reserve"),
        (EMAIL, "created", ""),
    ]


def limit(house: House, above: int) -> None:
    administrator = house.person("administrator@*")
    page = press(administrator, f"{PAGE}/limit", PAGE, above=str(above)).text
    assert f"Above {above} hosts a second person approves." in page


def test_above_a_size_somebody_who_did_not_write_it_approves(small: House) -> None:
    limit(small, 4)
    kim, sam = small.person(), small.person(f"dispatcher@{CITY}", name="Sam Ortiz", id_="2")
    page = write(kim)
    assert "It waits for a second person." in do(kim, page, "ask")
    assert carry(small) == 0
    assert "somebody else has to approve it" in do(kim, page, "approve")
    assert 'data-need="broadcasts" ><b>1</b>' in sam.get(PAGE).text
    assert "Approve and send to 5" in sam.get(page).text
    assert "Approved. It is being sent." in do(sam, page, "approve")
    assert carry(small) == 6
    assert "approved by Sam Ortiz" in sam.get(page).text
    assert small.audited()[1:] == [
        "broadcast written",
        "approval asked for",
        "broadcast approved and started",
    ]


def test_whoever_changed_the_words_cannot_approve_them_either(small: House) -> None:
    limit(small, 1)
    kim, sam = small.person(), small.person(name="Sam", id_="2")
    page = write(kim)
    press(sam, f"{page}/edit", f"{page}/edit", title="Storm", **WORDS, **AHEAD)
    do(kim, page, "ask", 2)
    assert "somebody else has to approve it" in do(sam, page, "approve", 2)
    assert "somebody else has to approve it" in do(kim, page, "approve", 2)
    lee = small.person(name="Lee", id_="3")
    assert "Approved." in do(lee, page, "approve", 2)


def test_what_was_changed_meanwhile_is_neither_sent_nor_approved(small: House) -> None:
    client = small.person()
    page = write(client)
    press(client, f"{page}/edit", f"{page}/edit", title="Storm", sms_en="Other words", **AHEAD)
    assert "Somebody has changed it meanwhile." in do(client, page, "ask", 1)
    limit(small, 1)
    do(client, page, "ask", 2)
    sam = small.person(name="Sam", id_="2")
    assert "Somebody has changed it meanwhile." in do(sam, page, "approve", 1)
    assert client.get(f"{page}/edit").status_code == 404
    assert "It is a draft again." in do(client, page, "take-back")


def test_nobody_is_told_where_nobody_fits(small: House) -> None:
    client = small.person()
    page = write(client, areas="west")
    assert figure(client.get(page).text) == "0"
    assert "Nobody would get it." in do(client, page, "ask")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": " "}, "title"),
        ({"sms_en": ""}, "sms_en"),
        ({"sms_es": "x" * 1001}, "sms_es"),
        ({"expires_at": "2020-01-01T10:00"}, "expires_at"),
        ({"expires_at": "soon"}, "expires_at"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_what_was_typed_stays(
    small: House, fields: dict[str, str], field: str
) -> None:
    typed = {"title": "Storm", **WORDS, **AHEAD, "areas": "south", **fields}
    answer = press(small.person(), NEW, NEW, **typed)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert 'value="south" checked' in answer.text
    assert small.count("broadcasts") == 0


def test_a_pause_holds_what_waits_at_once_and_a_resume_goes_on(small: House) -> None:
    client = small.person()
    page = write(client)
    do(client, page, "ask")
    carry(small, ahead=2)
    assert "Paused." in do(client, page, "pause")
    small.bench.deliver()
    small.bench.tick()
    assert told(small) == []
    assert carry(small) == 0
    assert "It goes on." in do(client, page, "resume")
    small.bench.tick()
    small.bench.deliver()
    assert told(small) == [code_of(n) for n in (1, 2, 3, 4, 6)]


def test_a_stop_ends_it_for_good_and_says_who_got_it(small: House) -> None:
    client = small.person()
    page = write(client)
    do(client, page, "ask")
    carry(small, ahead=2)
    small.bench.deliver()
    carry(small, ahead=2)
    assert "Stopped for good." in do(client, page, "stop")
    small.bench.tick()
    small.bench.deliver()
    small.bench.tick()
    assert told(small) == [code_of(1), code_of(2)]
    text = client.get(f"{page}/people.csv").text
    assert [row["outcome"] for row in csv.DictReader(io.StringIO(text[1:]))] == [
        *("handed over", "handed over"),
        *("stopped", "stopped"),
        *("stopped", "stopped"),
    ]
    assert "Somebody has changed it meanwhile." in do(client, page, "resume")


def test_what_comes_back_after_a_stop_is_not_sent(small: House) -> None:
    client = small.person()
    page = write(client)
    do(client, page, "ask")
    carry(small)
    small.run("update messages set state = 'sending' where broadcast_id <> ''")
    do(client, page, "stop")
    small.run("update messages set state = 'created' where broadcast_id <> ''")
    small.bench.deliver()
    assert told(small) == []


def test_a_restart_loses_nothing_and_doubles_nothing(small: House) -> None:
    client = small.person()
    do(client, write(client), "ask")
    carry(small, ahead=2)
    small.bench.boot("second")
    small.bench.deliver()
    small.run("update broadcast_people set state = 'waiting'")  # as if its commit were lost
    for _ in range(6):
        carry(small, ahead=2)
        small.bench.deliver()
    assert told(small) == [code_of(n) for n in (1, 2, 3, 4, 6)]


def test_what_is_not_handed_over_in_time_is_not_sent(small: House) -> None:
    client = small.person()
    page = write(client)
    do(client, page, "ask")
    carry(small, ahead=2)
    small.run("update broadcasts set expires_at = now()")
    small.run("update messages set expires_at = now() where broadcast_id <> ''")
    small.bench.clock.move(seconds=5)
    small.bench.tick()
    small.bench.deliver()
    small.bench.tick()
    assert told(small) == []
    shown = client.get(page).text
    assert "too late" in shown
    assert ">done<" in shown


def test_who_withdrew_after_the_start_is_left_out_with_the_reason(small: House) -> None:
    client = small.person()
    page = write(client)
    do(client, page, "ask")
    small.bench.hear(withdrawn(party_of(host_of(1), id_of(1), code=code_of(1))))
    small.bench.tick()
    small.bench.deliver()
    assert code_of(1) not in told(small)
    assert "party withdrawn" in client.get(f"{page}?fate=left_out").text
    assert "Not said:" in client.get(f"/parties/{CITY}/{id_of(1)}").text


def test_urgent_messages_pass_a_storm(house: House) -> None:
    house.hosts(*(host_of(n, email=False) for n in range(1, 41)))
    house.bench.deliver()
    client = house.person()
    do(client, write(client), "ask")
    house.bench.tick()
    house.run(
        "insert into messages select 'urgent', city, party_id, 'way', 1, null, null, 'on_the_way',"
        " version, channel, to_address, language, subject, body, html, 'urgent', 'created', '',"
        " created_at, changed_at, due_at, expires_at + interval '1 day', null, '', '', 0, '',"
        " correlation, 'urgent' from messages where broadcast_id <> '' limit 1"
    )
    house.run("update messages set purpose = 'visits' where id = 'urgent'")
    assert told(house) == []
    house.bench.deliver()
    first, *storm = house.rows(
        "select s.message_id from sandbox s join messages m on m.id = s.message_id"
        " where m.id = 'urgent' or m.purpose = 'broadcasts' order by s.ctid"
    )
    assert first == ("urgent",)
    assert len(storm) == 40


def test_a_cell_of_the_list_is_no_formula(house: House) -> None:
    [party] = house.hosts(host_of(1), name="=HYPERLINK(1)")
    house.run("update parties set name = '=HYPERLINK(1)' where id = %s", (party,))
    client = house.person()
    page = write(client)
    do(client, page, "ask")
    house.bench.tick()
    answer = client.get(f"{page}/people.csv")
    assert ",'=HYPERLINK(1)," in answer.text
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "+16265550001" not in answer.text


def test_a_letter_is_laid_out_as_every_other_letter_is(house: House) -> None:
    house.hosts(host_of(1, sms=False))
    client = house.person()
    page = write(client, email_en="Stay <b>inside</b>,\nplease.\n\nWe will write again.")
    do(client, page, "ask")
    house.bench.tick()
    ((html,),) = house.rows("select html from messages where purpose = 'broadcasts'")
    laid_out = (
        TemplateWords()
        .compose("window", "email", SAMPLE_CITY, sample_party("en"), SAMPLE_SPAN)
        .html
    )
    assert html.partition("<body")[2][:400].startswith(laid_out.partition("<body")[2][:200])
    assert "<p>Stay &lt;b&gt;inside&lt;/b&gt;,<br>please.</p>" in html
    assert '<html lang="en">' in html


def test_a_filter_calls_areas_and_visitors_by_their_names(house: House) -> None:
    city = city_configured(revision=2).data
    assert isinstance(city, CityConfigured)
    named = replace(
        city,
        areas=(Area("north", "North of the Arroyo"),),
        visitor_kinds=(VisitorKind("police", "Officers on <foot>", 10),),
    )
    house.bench.hear(said(named, CITY, 2))
    ids = house.hosts(host_of(1))
    house.hosts(host_of(2), area="moon", wanted=("mayor",))
    client = house.person()
    form = client.get(NEW).text
    assert 'value="north" > North of the Arroyo</label>' in form
    assert 'value="police" > Officers on &lt;foot&gt;</label>' in form
    assert 'value="moon" > moon</label>' in form
    assert 'value="mayor" > mayor</label>' in form
    listed = client.get(f"/messages?city={CITY}").text
    assert '<option value="north" >North of the Arroyo</option>' in listed
    assert "<dd>North of the Arroyo</dd>" in client.get(f"/parties/{CITY}/{ids[0]}").text


def test_drafts_are_kept_changed_and_thrown_away(small: House) -> None:
    client = small.person()
    page = write(client, email_en="<b>More</b> words", languages="es")
    form = client.get(f"{page}/edit").text
    assert "&lt;b&gt;More&lt;/b&gt; words" in form
    assert 'value="es" checked' in form
    assert "Storm" in client.get(PAGE).text
    assert "The draft is gone." in do(client, page, "drop")
    assert client.get(page).status_code == 404


def test_a_dry_run_says_the_price_and_how_long_the_provider_takes(
    small: House, redis_url: str
) -> None:
    spoken = Spoken(
        *(CITY, "Pasadena", "", "", 2, (), Voice(segment_cost=0.5), 1, None, ""),
    )
    rates = Rates(Pace("twilio", ("+1",), 0.05).seconds_for, lambda _: spoken)
    desk = Broadcasts(small.pool, small.bench.clock, rates)
    with small.pool.connection() as conn:
        found = read_one(conn, CITY, write(small.person()).rpartition("/")[2])
    assert found
    run = desk.dry_run(found)
    assert desk.cost_of(CITY, run) == "$2.00"
    assert spell_seconds(desk.seconds_for(run)) == "80 seconds"


def test_in_quiet_hours_the_dry_run_says_so_and_a_person_decides(small: House) -> None:
    now = small.bench.clock.now().astimezone(ZoneInfo("America/Los_Angeles"))
    hours = [(now + timedelta(hours=h)).strftime("%H:%M:00") for h in (-2, 2)]
    quiet = f'{{"quiet_from": "{hours[0]}", "quiet_until": "{hours[1]}"}}'
    small.run("insert into voices values (%s, 1, %s::jsonb, now(), 'Kim')", (CITY, quiet))
    client = small.person()
    page = write(client)
    assert "these are quiet hours until" in client.get(page).text
    assert "It is being sent." in do(client, page, "ask")


def test_words_with_signs_outside_the_alphabet_are_said_to_cost_more(small: House) -> None:
    client = small.person()
    page = client.get(write(client, sms_es="Está lloviendo: " + "x" * 60, languages="es")).text
    assert "3 each, 6 in all" in page
    assert "UCS-2" in page


def test_who_may_only_look_cannot_write_send_or_settle(small: House) -> None:
    page = write(small.person())
    looker = small.person(f"auditor@{CITY}", id_="9")
    assert "<button" not in looker.get(page).text.partition("<main")[2]
    assert looker.get(NEW).status_code == 403
    assert looker.post(f"{page}/ask").status_code == 403
    assert looker.get(f"{page}/people.csv").status_code == 200
    assert small.person().post(f"{PAGE}/limit").status_code == 403


def test_a_broadcast_of_another_city_is_not_there(small: House) -> None:
    small.bench.hear(city_configured("dallas"))
    page = write(small.person())
    other = small.person("notifier@dallas")
    assert other.get(page).status_code == 403
    assert other.get(page.replace(CITY, "dallas")).status_code == 404
