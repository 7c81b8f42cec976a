"""The pages that hosts see, read as a browser without JavaScript would."""

import re
from typing import Any

from flask.testing import FlaskClient

from tests.registration.builders import body, city_text
from tests.registration.conftest import Service

FORM = {
    "name": "Maple Street neighbors",
    "address": "400 block of N Maple St",
    "starts_at": "2027-08-03T18:30-07:00",
    "ends_at": "2027-08-03T21:00-07:00",
    "host_name": "Ana Reed",
    "phone": "(626) 555-0123",
    "people": "40",
    "wanted": ["police"],
    "language": "en",
}


def _hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))


def _send(browser: FlaskClient, path: str = "/pasadena", **changes: Any) -> Any:
    hidden = _hidden(browser.get(path).text)
    return browser.post(path, data=hidden | FORM | changes)


def _registered(browser: FlaskClient, **changes: Any) -> str:
    answer = _send(browser, **({"another": "yes"} | changes))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def test_the_start_leads_to_the_only_city_or_lists_all(service: Service) -> None:
    assert service.client.get("/").headers["Location"] == "/pasadena"
    service.add_city(city_text(slug="elsewhere", name="Elsewhere"))
    later = service.app.test_client()
    service.app.extensions["desk"].cities.forget()
    page = later.get("/").text
    assert 'href="/pasadena"' in page
    assert 'href="/elsewhere"' in page


def test_a_registered_host_lands_on_the_private_page(service: Service) -> None:
    browser = service.client
    own = _registered(browser)
    answer = browser.get(own)
    assert answer.status_code == 200
    for words in ("Maple Street neighbors", "6:30 to 9:00 PM", "(626) 555-0123", "Police officers"):
        assert words in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert service.said()[-1] == "party.registered.v1"


def test_what_to_bring_is_asked_kept_and_shown_in_both_languages(service: Service) -> None:
    browser = service.client
    own = _registered(browser, materials=["home_safety", "start_a_watch"])
    assert "Home safety, How to start a watch" in browser.get(own).text
    assert "Seguridad en el hogar" in browser.get(f"{own}?lang=es").text
    form = browser.get(f"{own}/change").text
    assert re.search(r'value="home_safety" checked', form)
    assert not re.search(r'value="career_talk" checked', form)
    wrong = _send(browser, materials=["dynamite"])
    assert wrong.status_code == 422
    assert 'href="#materials"' in wrong.text


def test_errors_are_summed_up_linked_and_nothing_typed_is_lost(service: Service) -> None:
    answer = _send(service.client, address="", phone="12", lat="here", location_notes="Behind it")
    assert answer.status_code == 422
    page = answer.text
    assert "<title>Please check" in page
    for field in ("lat",):
        assert f'<a href="#{field}">' in page
    again = _send(service.client, address="", phone="12", location_notes="Behind it")
    for field in ("address", "phone"):
        assert f'<a href="#{field}">' in again.text
        assert f'id="{field}-error"' in again.text
        assert re.search(rf'id="{field}"[^>]*aria-invalid="true"', again.text, re.S)
    assert 'value="Behind it"' in again.text
    assert 'value="police" checked' in again.text
    assert service.count("parties") == 0


def test_a_form_from_elsewhere_is_refused_with_what_was_typed(service: Service) -> None:
    answer = service.client.post("/pasadena", data=FORM)
    assert answer.status_code == 422
    assert "send the form once more" in answer.text
    assert 'value="Ana Reed"' in answer.text
    assert service.count("parties") == 0


def test_a_form_sent_twice_by_an_impatient_finger_is_one_party(service: Service) -> None:
    browser = service.client
    hidden = _hidden(browser.get("/pasadena").text)
    places = {browser.post("/pasadena", data=hidden | FORM).headers["Location"] for _ in range(3)}
    assert len(places) == 1
    assert service.count("parties") == 1


def test_a_host_changes_withdraws_and_undoes_without_javascript(service: Service) -> None:
    browser = service.client
    own = _registered(browser)
    form = browser.get(own + "/change").text
    assert 'value="Maple Street neighbors"' in form
    changed = browser.post(own + "/change", data=_hidden(form) | FORM | {"name": "Oak Street"})
    assert changed.status_code == 303
    assert "Oak Street" in browser.get(own).text

    asks = browser.get(own + "/withdraw")
    assert "Withdraw this party?" in asks.text
    assert browser.post(own + "/withdraw", data=_hidden(asks.text)).status_code == 303
    gone = browser.get(own).text
    assert "This party is withdrawn" in gone
    assert browser.post(own + "/restore", data=_hidden(gone)).status_code == 303
    assert "Your party is registered" in browser.get(own).text
    assert service.ask("select revision, state from parties") == [(4, "registered")]


def test_what_the_api_was_told_stands_in_the_form_that_changes_it(service: Service) -> None:
    browser = service.client
    whole = body(closure=True, rain_plan="The church hall", public=True)
    made = browser.post("/api/v1/cities/pasadena/parties", json=whole).json
    assert made is not None
    own = str(made["status_url"]).partition("/pasadena/")[2]
    form = browser.get(f"/pasadena/{own}/change").text
    ticked = {name for name in ("closure", "public") if _ticked(form, name)}
    assert ticked == {"closure", "public"}
    assert 'value="The church hall"' in form


def _ticked(form: str, name: str) -> bool:
    box = re.search(f'<input[^>]*name="{name}"[^>]*>', form)
    return bool(box and " checked" in box[0])


def test_a_change_made_meanwhile_is_not_overwritten(service: Service) -> None:
    browser = service.client
    own = _registered(browser)
    form = _hidden(browser.get(own + "/change").text)
    browser.post(own + "/change", data=form | FORM | {"people": "41"})
    late = browser.post(own + "/change", data=form | FORM | {"people": "42"})
    assert late.status_code == 422
    assert "changed meanwhile" in late.text


def test_a_private_link_opens_in_its_own_city_only(service: Service) -> None:
    service.add_city(city_text(slug="elsewhere", name="Elsewhere"))
    own = _registered(service.client)
    assert service.client.get(own).status_code == 200
    other = service.client.get(own.replace("/pasadena/", "/elsewhere/"))
    forged = service.client.get(own[:-3] + "abc")
    assert (other.status_code, forged.status_code) == (404, 404)
    assert "text/html" in forged.content_type
    assert "Maple" not in other.text + forged.text


def test_the_pages_speak_spanish(service: Service) -> None:
    browser = service.client
    asked = browser.get("/pasadena", headers={"Accept-Language": "es-MX,es;q=0.9"})
    assert '<html lang="es">' in asked.text
    assert "Inscriba su fiesta" in browser.get("/pasadena?lang=es").text
    wrong = browser.post("/pasadena?lang=es", data=_hidden(asked.text) | FORM | {"address": ""})
    assert "Por favor dé una dirección." in wrong.text
    own = _registered(browser, language="es")
    page = browser.get(own).text
    assert "Su fiesta está inscrita" in page
    assert "de 6:30 a 9:00" in page


def test_no_page_runs_a_script_of_its_own_text(service: Service) -> None:
    own = _registered(service.client)
    for path in ("/pasadena", own, own + "/withdraw", own + "/change", "/nowhere"):
        answer = service.client.get(path)
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|style=", answer.text)


def test_too_much_text_is_answered_in_words(service: Service) -> None:
    answer = service.client.post("/pasadena", data={"name": "x" * 1_000_000})
    assert answer.status_code == 413
    assert "too much text" in answer.text
