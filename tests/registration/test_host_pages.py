"""What a city's rules mean to a host: late, waiting, closed; links that end; drafts; calendars."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar

from services.registration.adapters.contacts import Contacts
from services.registration.adapters.links import Links
from services.registration.adapters.postgres_cities import CityMemory
from services.registration.adapters.postgres_heard import Visit
from services.registration.adapters.postgres_parties import PostgresPartyBook
from services.registration.desk import Standing
from services.registration.domain.civil_time import Span
from services.registration.domain.party import as_asked
from services.registration.handlers.parties import Asker, amend_party
from services.registration.pages.calendar import party_calendar
from services.registration.pages.language import language
from services.registration.ports import Means, PartyBook
from services.registration.waiting_list import WaitingList
from services.registration.worker import sweep
from shared.clock import SystemClock
from shared.work import begin
from tests.registration.builders import NOW, a_city, a_party, answered, body, city_text
from tests.registration.conftest import SECRET, Service
from tests.registration.test_entry_rules import PART
from tests.registration.test_pages import FORM, _hidden, _registered, _send

LINKS = Links(SECRET, "http://localhost")
QUESTIONS = PART[PART.index("[[registration.questions]]") :]


def rules(service: Service, part: str, **changes: str) -> None:
    """Give Pasadena these rules."""
    service.add_city(city_text(**changes) + f"\n[registration]\n{part}\n")
    service.app.extensions["desk"].cities.forget()


def waiting_list(service: Service) -> WaitingList:
    clock = SystemClock()
    return WaitingList(service.pool, clock, CityMemory(service.pool), LINKS, Contacts())


def press(browser: FlaskClient, page: str, path: str, **fields: Any) -> Any:
    """Press the button of a page's form."""
    return browser.post(path, data=_hidden(browser.get(page).text) | fields)


def test_who_comes_late_is_told_so_and_marked(service: Service) -> None:
    rules(service, "deadline = 2025-07-01T12:00:00")
    browser = service.client
    assert "You are a little late, and still welcome" in browser.get("/pasadena").text
    assert "It came after the deadline" in browser.get(_registered(browser)).text
    made = answered(browser.post("/api/v1/cities/pasadena/parties", json=body()))
    assert made["late"] is True


def test_a_closed_city_takes_nobody_in_by_form_or_api_but_links_still_open(
    service: Service,
) -> None:
    browser = service.client
    hidden = _hidden(browser.get("/pasadena").text)
    own = _registered(browser)
    rules(service, "late_until = 2025-07-01T12:00:00")
    assert "Registration is closed" in browser.get("/pasadena").text
    late = browser.post("/pasadena", data=hidden | FORM | {"name": "Late"})
    assert late.status_code == 422
    assert "Registration closed on 2025-07-01" in late.text
    assert browser.post("/api/v1/cities/pasadena/parties", json=body()).status_code == 422
    assert browser.get(own).status_code == 200
    assert service.count("parties") == 1


def test_the_waiting_list_says_where_one_stands_and_moves_up(service: Service) -> None:
    rules(service, "cap = 1")
    browser = service.client
    first, second, third = (_registered(browser, name=name) for name in ("A", "B", "C"))
    assert "waiting list" in browser.get("/pasadena").text
    assert "Your place in line: 2." in browser.get(third).text
    assert "waiting" not in browser.get(first).text
    assert waiting_list(service).admit() == 0
    assert press(browser, f"{first}/withdraw", f"{first}/withdraw").status_code == 303
    assert waiting_list(service).admit() == 1
    assert "Your party is registered" in browser.get(second).text
    assert "Your place in line: 1." in browser.get(third).text
    assert service.said()[-1] == "party.amended.v1"
    assert press(browser, first, f"{first}/restore").status_code == 303
    assert "Your place in line: 1." in browser.get(first).text
    rules(service, "cap = 9")
    assert waiting_list(service).admit() == 2


def test_a_party_without_a_visit_takes_no_place(service: Service) -> None:
    rules(service, "cap = 1")
    browser = service.client
    own = _registered(browser, no_visit="yes", wanted=[])
    assert "waiting" not in browser.get(_registered(browser)).text
    form = browser.get(f"{own}/change").text
    browser.post(f"{own}/change", data=_hidden(form) | FORM)
    assert "Your place in line: 1." in browser.get(own).text


def test_a_request_sent_twice_takes_one_place(service: Service) -> None:
    rules(service, "cap = 1")
    headers = {"Idempotency-Key": "one"}
    path = "/api/v1/cities/pasadena/parties"
    answers = {service.client.post(path, json=body(), headers=headers).data for _ in range(3)}
    assert len(answers) == 1
    assert service.count("parties") == 1


def test_the_citys_own_questions_are_asked_kept_and_shown(service: Service) -> None:
    rules(service, QUESTIONS)
    browser = service.client
    wrong = _send(browser)
    assert wrong.status_code == 422
    assert (
        '<a href="#answer-tables">Do you need tables? Please answer this question.</a>'
        in wrong.text
    )
    own = _registered(browser, **{"answer-tables": "two", "answer-wishes": "<b>shade</b>"})
    page = browser.get(f"{own}?lang=es").text
    assert "¿Necesita mesas?" in page
    assert "Dos" in page
    assert "&lt;b&gt;shade" in page
    assert 'id="answer-tables-two" name="answer-tables" value="two" checked' in (
        browser.get(f"{own}/change").text
    )
    path = "/api/v1/cities/pasadena/parties"
    refused = answered(browser.post(path, json=body(answers={"tables": "nine"})))
    assert list(refused["errors"]) == ["answer-tables"]
    made = answered(browser.post(path, json=body(answers={"tables": "none"})))
    assert made["answers"] == {"tables": "none"}
    assert browser.post(path, json=body(answers={"tables": 2})).status_code == 422


def test_a_host_confirms_and_nobody_but_the_book_hears_of_it(service: Service) -> None:
    browser = service.client
    own = _registered(browser)
    said = service.said()
    assert press(browser, own, f"{own}/confirm", answer="yes").status_code == 303
    assert "You told us: yes, it takes place." in browser.get(own).text
    no = press(browser, own, f"{own}/confirm", answer="no")
    assert no.headers["Location"].endswith("/withdraw")
    assert "You told us that it does not take place" in browser.get(own).text
    assert service.said() == said
    assert service.ask("select document ->> 'confirmed' from parties") == [("no",)]


def test_the_calendar_file_keeps_its_uid_and_counts_up(service: Service) -> None:
    browser = service.client
    own = _registered(browser, name="Maple, Oak; & \\ friends")
    first = browser.get(f"{own}/party.ics")
    assert first.mimetype == "text/calendar"
    assert own.rpartition("/")[2].encode() not in first.data
    form = browser.get(f"{own}/change").text
    browser.post(f"{own}/change", data=_hidden(form) | FORM | {"name": "Later"})
    changed = _event(browser.get(f"{own}/party.ics").data)
    press(browser, f"{own}/withdraw", f"{own}/withdraw")
    gone = _event(browser.get(f"{own}/party.ics").data)
    before = _event(first.data)
    assert str(before["summary"]) == "Maple, Oak; & \\ friends"
    assert before["uid"] == changed["uid"] == gone["uid"]
    assert before["sequence"] < changed["sequence"] < gone["sequence"]
    assert (str(changed["status"]), str(gone["status"])) == ("CONFIRMED", "CANCELLED")
    assert before["dtstart"].dt.isoformat() == "2027-08-04T01:30:00+00:00"


def test_the_calendar_file_tells_of_the_planned_visit_in_the_hosts_language() -> None:
    city, party = a_city(), a_party()
    window = Span(NOW, NOW + timedelta(minutes=30))
    visit = Visit("pasadena", party.id, 3, True, "Team 1", window)
    without = Standing(city, party, None, [], None)
    file = party_calendar(replace(without, visit=visit), language("es"), NOW)
    event = _event(file)
    assert "Los oficiales planean visitarle entre las 10:00 y las 10:30" in event["description"]
    assert event["sequence"] > _event(party_calendar(without, language("es"), NOW))["sequence"]
    assert event["geo"].to_ical() == "34.15;-118.1"


def _event(file: bytes) -> Any:
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    return event


def test_a_link_ends_some_weeks_after_the_party_and_can_be_had_anew(service: Service) -> None:
    browser = service.client
    rules(service, "link_days = 30", date="2025-08-05")
    day = "2025-08-05T"
    hours = {"starts_at": f"{day}18:30-07:00", "ends_at": f"{day}21:00-07:00"}
    own = _registered(browser, email="ana@example.org", **hours)
    expired = browser.get(own)
    assert expired.status_code == 410
    assert "This link has expired" in expired.text
    for secret in ("Ana Reed", "Maple", "555-0123"):
        assert secret not in expired.text
    for path in (f"{own}/change", f"{own}/party.ics"):
        assert browser.get(path).status_code == 410
    assert browser.get(f"/api/v1/parties/{own.rpartition('/')[2]}").status_code == 404
    sent = press(browser, own, f"{own}/link")
    assert "The link to your party is on its way" in sent.text
    assert service.said()[-1] == "link.requested.v1"
    assert browser.get(own).status_code == 200


def test_an_expired_link_of_a_party_without_a_contact_promises_nothing(service: Service) -> None:
    rules(service, "link_days = 30", date="2025-08-05")
    day = "2025-08-05T"
    hours = {"starts_at": f"{day}18:30-07:00", "ends_at": f"{day}21:00-07:00"}
    asked = body(**hours, email=None, sms_consent=False)
    made = answered(service.client.post("/api/v1/cities/pasadena/parties", json=asked))
    page = service.client.get(made["status_url"]).text
    assert "We have no contact of yours" in page
    assert "Send me a new link" not in page


def test_a_link_with_a_part_missing_says_how_to_get_a_whole_one(service: Service) -> None:
    broken = service.client.get(_registered(service.client)[:-2])
    assert broken.status_code == 404
    assert "This link opens no party" in broken.text
    assert 'class="button" href="/pasadena/link?lang=en"' in broken.text


def test_last_years_party_fills_this_years_form_in(service: Service) -> None:
    browser = service.client
    rules(service, "link_days = 400", date="2026-08-04")
    day = "2026-08-04T"
    hours = {"starts_at": f"{day}18:30-07:00", "ends_at": f"{day}21:00-07:00"}
    own = _registered(browser, sms_consent="yes", materials=["home_safety"], **hours)
    rules(service, "link_days = 400")
    page = browser.get(own).text
    assert "This party was in an earlier year" in page
    assert "Tuesday, August 4, 2026" in page
    assert press(browser, own, f"{own}/again").headers["Location"] == "/pasadena"
    form = browser.get("/pasadena").text
    assert 'value="Ana Reed"' in form
    assert 'value="home_safety" checked' in form
    assert '<option value="2027-08-03T18:30-07:00" selected>' in form
    assert not re.search(r'id="sms_consent"[^>]*checked', form)
    assert 'value="Ana Reed"' not in service.client.get("/pasadena").text


@pytest.mark.parametrize("known", ["(626) 555-0123", "ANA@example.org"])
def test_whether_there_is_such_a_party_is_never_told(service: Service, known: str) -> None:
    browser = service.client
    _registered(browser, email="ana@example.org")
    texts = []
    for contact in (known, "nobody@example.org", known):
        answer = press(browser, "/pasadena/link", "/pasadena/link", contact=contact)
        texts.append((answer.status_code, answer.text))
    assert len(set(texts)) == 1
    assert service.said().count("link.requested.v1") == 1
    wrong = press(browser, "/pasadena/link", "/pasadena/link", contact="12")
    assert wrong.status_code == 422
    assert "Please give a full phone number or e-mail address." in wrong.text


def test_a_contact_that_staff_corrects_makes_the_old_link_worthless(service: Service) -> None:
    browser = service.client
    own = _registered(browser)
    city = service.app.extensions["desk"].city("pasadena")
    with begin(service.pool, SystemClock()) as work:
        book = PostgresPartyBook(work.conn)
        (party,) = book.in_city("pasadena")
        means: Means[PartyBook] = Means(book, work, Contacts(), LINKS, work.now)
        moved = replace(as_asked(party.details), phone="(626) 555-0199")
        after = amend_party(party, moved, city, Asker("staff"), means)
    old = browser.get(own)
    assert old.status_code == 404
    assert "Send me my link again" in old.text
    assert browser.get(LINKS.status_url("pasadena", after.id, 1)).status_code == 200
    ((fact,),) = service.ask("select body from outbox order by id desc limit 1")
    assert LINKS.written_url(after).encode() in fact


def test_a_draft_is_for_its_browser_its_city_and_a_day(service: Service) -> None:
    service.add_city(city_text(slug="elsewhere", name="Elsewhere"))
    browser = service.client
    hidden = _hidden(browser.get("/pasadena").text)
    by_script = {"Accept": "application/json"}
    forged = service.client.post("/pasadena/draft", data=FORM, headers=by_script)
    assert (forged.status_code, service.count("form_drafts")) == (422, 0)
    extra = {"sms_consent": "yes", "csrf_token": hidden["csrf_token"], "odd": "x", "name": "a\0b"}
    saved = browser.post("/pasadena/draft", data=FORM | extra, headers=by_script)
    assert saved.status_code == 204
    cookie = saved.headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Lax", "Path=/pasadena"))
    ((document,),) = service.ask("select document from form_drafts")
    assert not {"sms_consent", "csrf_token", "odd"} & set(re.findall(rb'"(\w+)":', document))
    kept = browser.get("/pasadena")
    assert 'value="400 block of N Maple St"' in kept.text
    assert kept.headers["Cache-Control"] == "no-store"
    assert "Welcome back" not in browser.get("/elsewhere").text
    with service.pool.connection() as conn:
        conn.execute("update form_drafts set saved_at = now() - interval '25 hours'")
    assert "Welcome back" not in browser.get("/pasadena").text
    sweep(service.pool)
    assert service.count("form_drafts") == 0


def test_a_sent_form_leaves_no_draft_and_a_refused_one_does(service: Service) -> None:
    browser = service.client
    assert _send(browser, address="").status_code == 422
    assert service.count("form_drafts") == 1
    assert "Welcome back" in browser.get("/pasadena").text
    _registered(browser)
    assert service.count("form_drafts") == 0
    assert "Welcome back" not in browser.get("/pasadena").text


def test_no_log_line_holds_a_private_link(
    service: Service, capfd: pytest.CaptureFixture[str]
) -> None:
    browser = service.client
    own = _registered(browser)
    token = own.rpartition("/")[2]
    for path in (own, f"{own}/change", f"{own}/party.ics", f"{own}/nothing", own[:-2] + "xx"):
        assert browser.get(path).headers["Referrer-Policy"] == "no-referrer"
    service.pool.close()
    assert browser.get(own).status_code >= 500
    said = "".join(capfd.readouterr())
    assert token not in said
