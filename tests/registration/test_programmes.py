"""Residents ask for programmes all year; officers answer; nothing is lost and all is counted."""

import re
from typing import Any

from tests.registration.builders import body, city_text
from tests.registration.conftest import Service
from tests.registration.staff_browser import planner_of, send_form

CITY = city_text().replace('name = "North"', 'name = "North"\nofficer = "Ofc. Sample Adams"')
FORM = "/pasadena/programmes"
QUEUE = "/staff/pasadena/requests"
ASKED = {
    "programmes": ["home_safety", "meet_officer"],
    "name": "Ben Cole",
    "phone": "(626) 555-0125",
    "area": "north",
    "words": "After six, please.",
}


def _ask(service: Service, path: str = FORM, **changes: Any) -> Any:
    return send_form(service.client, path, **(ASKED | changes))


def _numbers(page: str) -> list[str]:
    return re.findall(r'id="r-([0-9a-f-]{36})"', page)


def _act(service: Service, number: str, act: str, seen: str = "1", **more: str) -> Any:
    planner = planner_of(service)
    return send_form(planner, QUEUE, to=f"{QUEUE}/{number}", act=act, seen=seen, **more)


def test_a_resident_asks_in_either_language(service: Service) -> None:
    service.add_city(CITY)
    assert _ask(service).headers["Location"] == f"{FORM}/thanks"
    assert "We have your request" in service.client.get(f"{FORM}/thanks").text
    spanish = _ask(service, f"{FORM}?lang=es", name="Eva", language="es")
    assert spanish.headers["Location"] == f"{FORM}/thanks?lang=es"
    assert "Tenemos su solicitud" in service.client.get(f"{FORM}/thanks?lang=es").text
    assert service.count("programme_requests") == 4
    rows = service.ask("select document ->> 'phone', document ->> 'language' from"
                       " programme_requests order by id")  # fmt: skip
    assert rows[0] == ("+16265550125", "en")
    assert rows[-1] == ("+16265550125", "es")


def test_mistakes_are_told_beside_their_fields(service: Service) -> None:
    wrong = _ask(service, programmes=["dynamite"], name="", phone="12", area="moon", words="\x07")
    assert wrong.status_code == 422
    for field in ("programmes", "name", "phone", "area", "words"):
        assert f'<a href="#{field}">' in wrong.text
    spanish = _ask(service, f"{FORM}?lang=es", programmes=[])
    assert "Por favor elija al menos un programa." in spanish.text
    assert 'value="Ben Cole"' in spanish.text
    assert service.count("programme_requests") == 0


def test_a_form_sent_twice_is_one_request(service: Service) -> None:
    browser = service.client
    page = browser.get(FORM).text
    for _ in range(3):
        assert send_form(browser, FORM, page=page, **ASKED).status_code == 303
    assert service.count("programme_requests") == 2


def test_a_form_from_elsewhere_is_refused(service: Service) -> None:
    answer = service.client.post(FORM, data=ASKED)
    assert answer.status_code == 422
    assert service.count("programme_requests") == 0


def test_requests_go_to_the_officer_of_the_area(service: Service) -> None:
    service.add_city(CITY)
    _ask(service)
    _ask(service, name="Far Away", area="")
    planner = planner_of(service)
    hers = planner.get(QUEUE, query_string={"officer": "Ofc. Sample Adams"}).text
    assert len(_numbers(hers)) == 2
    assert "Far Away" not in hers
    nobodys = planner.get(QUEUE, query_string={"officer": "none", "programme": "meet_officer"})
    assert len(_numbers(nobodys.text)) == 1
    printed = planner.get(f"{QUEUE}/printable").text
    assert printed.index("Ofc. Sample Adams (2)") < printed.index("Nobody yet (2)")
    assert "After six, please." in printed
    seen = service.ask("select object from audit where what = 'contacts of requests read'")
    assert seen == [("2 listed",), ("1 listed",), ("4 printed",)]


def test_a_request_is_assigned_answered_and_undone(service: Service) -> None:
    service.add_city(CITY)
    _ask(service, programmes=["town_watch"])
    (number,) = _numbers(planner_of(service).get(QUEUE).text)
    assert _act(service, number, "assign", officer="Sgt. Gray").status_code == 303
    done = _act(service, number, "answer", "2", officer="Sgt. Gray", note="Called on Monday")
    assert done.headers["Location"].endswith(f"#r-{number}")
    page = planner_of(service).get(QUEUE).text
    assert "Called on Monday" in page
    assert "by Kim," in page
    assert _act(service, number, "undo", "3").status_code == 303
    row = service.ask("select document ->> 'state', document ->> 'officer', revision from"
                      " programme_requests")  # fmt: skip
    assert row == [("open", "Sgt. Gray", 4)]
    assert service.count("programme_request_history") == 3


def test_a_request_without_an_area_is_given_to_one(service: Service) -> None:
    service.add_city(CITY)
    _ask(service, programmes=["town_watch"], area="")
    (number,) = _numbers(planner_of(service).get(f"{QUEUE}?area=none").text)
    assert _act(service, number, "assign", area="north").status_code == 303
    hers = planner_of(service).get(QUEUE, query_string={"officer": "Ofc. Sample Adams"}).text
    assert _numbers(hers) == [number]
    assert _act(service, number, "undo", "2").status_code == 303
    assert _numbers(planner_of(service).get(f"{QUEUE}?area=none").text) == [number]


def test_two_officers_at_once_do_not_overwrite_each_other(service: Service) -> None:
    _ask(service, programmes=["town_watch"])
    (number,) = _numbers(planner_of(service).get(QUEUE).text)
    assert _act(service, number, "answer").status_code == 303
    late = _act(service, number, "fulfil")
    assert late.status_code == 409
    assert "Somebody else changed this request meanwhile." in late.text


def test_what_hosts_asked_for_is_in_the_same_queue(service: Service) -> None:
    service.add_city(CITY)
    wish = body(materials=["home_safety", "start_a_watch"], area="north")
    own = service.client.post("/api/v1/cities/pasadena/parties", json=wish).json
    assert own
    page = planner_of(service).get(QUEUE).text
    numbers = _numbers(page)
    assert len(numbers) == 2
    assert "with a party" in page
    assert _act(service, numbers[0], "fulfil", "0", note="Kit handed over").status_code == 303
    stored = str(service.ask("select document::text from programme_requests"))
    assert "Ana Reed" not in stored
    assert "6265550123" not in stored
    done = planner_of(service).get(QUEUE, query_string={"state": "fulfilled"}).text
    assert "Kit handed over" in done
    assert _act(service, numbers[0], "undo", "1").status_code == 303
    assert len(_numbers(planner_of(service).get(f"{QUEUE}?state=open").text)) == 2
    service.client.delete(own["api_url"])
    assert _numbers(planner_of(service).get(QUEUE).text) == []


def test_numbers_count_requests_with_and_without_a_party(service: Service) -> None:
    service.add_city(CITY)
    _ask(service)
    service.client.post("/api/v1/cities/pasadena/parties", json=body(materials=["home_safety"]))
    page = planner_of(service).get(f"{QUEUE}/numbers").text
    assert "3 asked for, 1 of them with a party. 0 are done, 3 are open." in page
    assert re.search(r"Home safety</th><td>2</td><td>1</td><td>2</td><td>0</td>", page)
    assert re.search(r"Area not known</th><td>1</td>", page)


def test_nobody_changes_a_request_of_another_city(service: Service) -> None:
    _ask(service, programmes=["town_watch"])
    service.add_city(city_text(slug="dallas", name="Dallas"))
    (number,) = _numbers(planner_of(service).get(QUEUE).text)
    stranger = planner_of(service, "planner@dallas")
    there = "/staff/dallas/requests"
    data = {"act": "answer", "seen": "1"}
    assert send_form(stranger, there, to=f"{there}/{number}", **data).status_code == 403
    own = service.client.get("/dallas/programmes").text
    page = stranger.get("/staff/dallas/settings").text
    answer = send_form(stranger, there, to=f"{there}/{number}", page=page, **data)
    assert own
    assert answer.status_code == 404
    assert service.ask("select document ->> 'state' from programme_requests") == [("open",)]
