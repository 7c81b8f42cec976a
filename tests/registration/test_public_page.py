"""What everybody may see: only where the city and the host want it, by block, never a contact."""

from typing import Any

from tests.registration.builders import body, city_text
from tests.registration.conftest import Service

OPEN = city_text() + "\n[public]\npage = true\n"
PATH = "/pasadena/parties"
AGREED: dict[str, Any] = {
    "public": True,
    "address": "412 N Maple St",
    "location_notes": "Ring twice",
    "lat": 34.151234,
    "lon": -118.101234,
}


def _register(service: Service, **changes: Any) -> None:
    answer = service.client.post("/api/v1/cities/pasadena/parties", json=body(**changes))
    assert answer.status_code == 201, answer.text


def test_without_the_citys_word_there_is_no_page(service: Service) -> None:
    assert service.client.get(PATH).status_code == 404
    assert service.client.get(f"{PATH}.geojson").status_code == 404
    assert service.client.get("/nowhere/parties").status_code == 404


def test_only_parties_that_agreed_are_shown_by_block_and_without_a_contact(
    service: Service,
) -> None:
    service.add_city(OPEN)
    _register(service, **AGREED)
    _register(service, name="Private party", address="9 Oak St")
    page = service.client.get(PATH).text
    places = service.client.get(f"{PATH}.geojson").text
    assert "400 block of N Maple St" in page
    assert "Maple Street neighbors" in page
    for words in ("Private party", "412", "Ring twice", "Ana", "555", "example.org", "34.1512"):
        assert words not in page + places, words
    feature = service.client.get(f"{PATH}.geojson").get_json(force=True)["features"][0]
    assert feature["geometry"]["coordinates"] == [-118.101, 34.151]
    assert feature["properties"]["starts_at"] == "2027-08-03T18:30:00-07:00"


def test_a_withdrawn_party_and_one_of_another_year_are_not_shown(service: Service) -> None:
    service.add_city(OPEN)
    _register(service, **AGREED)
    service.add_city(OPEN.replace("2027-08-03", "2028-08-01"))
    service.app.extensions["desk"].cities.forget()
    assert "No party is shown here yet." in service.client.get(PATH).text
    service.add_city(OPEN)
    service.app.extensions["desk"].cities.forget()
    assert "Maple Street" in service.client.get(PATH).text
    service.ask("update parties set state = 'withdrawn' returning id")
    assert "Maple Street" not in service.client.get(PATH).text


def test_the_page_may_be_kept_for_minutes_and_asks_nothing_of_the_browser(
    service: Service,
) -> None:
    service.add_city(OPEN)
    first = service.client.get(PATH)
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert "Accept-Language" in first.headers["Vary"]
    assert "Set-Cookie" not in first.headers
    again = service.client.get(PATH, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_the_page_speaks_spanish_and_leads_on(service: Service) -> None:
    service.add_city(OPEN)
    _register(service, **AGREED)
    page = service.client.get(f"{PATH}?lang=es").text
    assert "Fiestas cerca de usted" in page
    assert "de 6:30 a 9:00" in page
    assert 'href="/pasadena?lang=es"' in page
    assert "programme=start_a_watch" in page
