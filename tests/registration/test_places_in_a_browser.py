"""The spot of a party in a real browser: found, moved by mouse and by keys, without a script."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from shared import passes
from shared.street_lines import pack, read_streets
from shared.street_store import StreetStore
from tests.entering import sign_in
from tests.registration.browsing import DESK, PHONE, Open, picture, served
from tests.registration.builders import NOW, body
from tests.registration.conftest import SECRET, Service
from tests.registration.test_geocoder import load

SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
WORDS = {
    "en": {
        "found": "Found: 420 N Maple St",
        "yours": "The pin is where you put it",
        "send": "Register the party",
    },
    "es": {
        "found": "Encontrado: 420 N Maple St",
        "yours": "La marca está donde usted la puso",
        "send": "Inscribir la fiesta",
    },
}


def streets(folder: Path) -> Path:
    """Ten streets each way around the city's kick-off."""
    west, south, step = -118.09, 34.13, 0.002
    lines = []
    for n in range(11):
        across = [[west, south + n * step], [west + 10 * step, south + n * step]]
        along = [[west + n * step, south], [west + n * step, south + 10 * step]]
        for name, line in ((f"Street {n}", across), (f"Avenue {n}", along)):
            rank = 1 if n == 5 else 3
            shape = {"type": "LineString", "coordinates": line}
            lines.append(
                {"type": "Feature", "properties": {"name": name, "rank": rank}, "geometry": shape}
            )
    file = folder / "streets.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": lines}))
    return file


@pytest.fixture
def address(service: Service, tmp_path: Path) -> Iterator[str]:
    """Where Pasadena with its addresses and streets is served."""
    load(service, tmp_path)
    StreetStore(service.pool).keep(
        "pasadena", pack(read_streets(streets(tmp_path)))[0], "© the city", NOW
    )
    with served(service.app) as found:
        yield found


def spot(page: Page) -> tuple[float, float]:
    """Where the form says that the party is."""
    return float(page.locator("#lat").input_value()), float(page.locator("#lon").input_value())


def find(page: Page, text: str) -> None:
    """Type an address and leave the field."""
    page.locator("#address").fill(text)
    page.locator("#address").blur()


def staff_cookies(service: Service, address: str) -> list[Any]:
    """What a planner's browser brings."""
    client = service.client
    sign_in(client, "registration", SECRET, "planner@pasadena")
    found: list[Any] = []
    for name in ("porchlight_registration_key", passes.cookie_of("registration")):
        cookie = client.get_cookie(name)
        assert cookie
        found.append({"name": name, "value": cookie.value, "url": address})
    return found


def fill_the_rest(page: Page) -> None:
    """Fill in what else is needed."""
    page.locator("#name").fill("Maple Street neighbors")
    page.locator("#host_name").fill("Ana Reed")
    page.locator("#email").fill("ana@example.org")


@SIZES
@pytest.mark.parametrize("code", ["en", "es"])
def test_the_pin_follows_the_address_and_then_the_host(
    service: Service, address: str, opened: Open, size: dict[str, int], code: str
) -> None:
    page = opened(viewport=size, color_scheme="light").new_page()
    words, name = WORDS[code], f"places-{'phone' if size is PHONE else 'desk'}-{code}"
    page.goto(f"{address}/pasadena?lang={code}")
    fill_the_rest(page)
    find(page, "420 north mapel")
    expect(page.locator("#place-said")).to_contain_text(words["found"])
    assert spot(page) == (34.141, -118.08)
    pin = page.locator("button.pin")
    expect(pin).to_be_visible()
    expect(page.locator("#place-map[data-ready]")).to_be_visible(timeout=15_000)
    picture(page, f"{name}-found")
    assert Axe().run(page).response["violations"] == []
    # By keyboard: ten metres north, then a hundred west.
    pin.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator("#place-said")).to_contain_text(words["yours"])
    lat, lon = spot(page)
    assert 34.14105 < lat < 34.14115
    assert -118.0812 < lon < -118.0810
    # By mouse: dragged, then put elsewhere by a click.
    pin.scroll_into_view_if_needed()
    box = pin.bounding_box()
    assert box
    page.mouse.move(box["x"] + 22, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 45, steps=5)
    page.mouse.up()
    dragged = spot(page)
    assert dragged[1] > lon
    assert dragged[0] < lat
    page.locator("#place-map canvas").click(position={"x": 60, "y": 60})
    assert spot(page) != dragged
    mine = spot(page)
    # The pin wins over whatever is typed afterwards.
    find(page, "10 Oak Ave")
    expect(page.locator("#place-said")).to_contain_text(words["yours"])
    assert spot(page) == mine
    picture(page, f"{name}-moved")
    page.get_by_role("button", name=words["send"]).click()
    page.wait_for_url("**/party/**")
    picture(page, f"{name}-status")
    [(document,)] = service.ask("select document from parties")
    kept = document["details"]
    assert kept["placed_by"] == "host"
    assert (round(kept["place"]["lat"], 6), round(kept["place"]["lon"], 6)) == mine
    assert kept["address"] == "10 Oak Ave"


def test_without_a_script_the_form_asks_which_place_is_meant(
    service: Service, address: str, opened: Open
) -> None:
    page = opened(viewport=PHONE, java_script_enabled=False).new_page()
    page.goto(f"{address}/pasadena")
    fill_the_rest(page)
    page.locator("#address").fill("Maple St")
    page.get_by_role("button", name="Register the party").click()
    expect(page.locator("#spot")).to_contain_text("Where is that?")
    picture(page, "places-phone-no-script")
    page.get_by_label("N Maple St").first.check()
    page.get_by_role("button", name="Register the party").click()
    page.wait_for_url("**/party/**")
    [(document,)] = service.ask("select document from parties")
    assert document["details"]["placed_by"] == "geocoder"
    assert document["details"]["address"] == "Maple St"


def test_nobody_finds_it_so_staff_are_asked(service: Service, address: str, opened: Open) -> None:
    page = opened(viewport=PHONE, java_script_enabled=False).new_page()
    page.goto(f"{address}/pasadena")
    fill_the_rest(page)
    page.locator("#address").fill("Behind the old mill")
    page.get_by_role("button", name="Register the party").click()
    expect(page.locator("main")).to_contain_text("Location to be confirmed")
    cookies = staff_cookies(service, address)
    for size in (DESK, PHONE):
        context = opened(viewport=size, color_scheme="light")
        context.add_cookies(cookies)
        staff = context.new_page()
        staff.goto(f"{address}/staff/pasadena/places")
        expect(staff.locator("#place-map[data-ready]")).to_be_visible(timeout=15_000)
        staff.locator("#place-map canvas").click(position={"x": 120, "y": 120})
        expect(staff.locator("button.pin")).to_be_visible()
        picture(staff, f"places-staff-{size['width']}")
        assert Axe().run(staff).response["violations"] == []
    staff.get_by_role("button", name="Put ").click()
    expect(staff.locator("main")).to_contain_text("is on the map now")
    [(document,)] = service.ask("select document from parties")
    assert document["details"]["placed_by"] == "staff"
    assert service.said()[-1] == "party.amended.v1"


def test_staff_see_a_proposal_on_the_map_and_take_it_with_one_click(
    service: Service, address: str, opened: Open
) -> None:
    sent = body(address="Maple St", lat=None, lon=None)
    assert service.client.post("/api/v1/cities/pasadena/parties", json=sent).status_code == 201
    context = opened(viewport=DESK, color_scheme="light")
    context.add_cookies(staff_cookies(service, address))
    staff = context.new_page()
    staff.goto(f"{address}/staff/pasadena/places")
    expect(staff.locator("#place-map[data-ready]")).to_be_visible(timeout=15_000)
    proposal = staff.locator(".proposal").first
    proposal.hover()
    expect(staff.locator("button.pin")).to_be_visible()
    picture(staff, "places-staff-proposals")
    proposal.click()
    expect(staff.locator("main")).to_contain_text("is on the map now")
    [(document,)] = service.ask("select document from parties")
    assert document["details"]["placed_by"] == "staff"
