"""A city's settings, its public page and a request from asked to answered, in a real browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from shared import passes
from shared.actor import Actor
from shared.grants import Grant
from tests.conftest import ROOT
from tests.registration.browsing import DESK, PHONE, picture, served
from tests.registration.builders import body
from tests.registration.conftest import SECRET, Service

SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
SAMPLE = ROOT / "local" / "sample" / "pasadena.toml"
KEY = "a-key-that-a-real-browser-sends"
OFFICER = "Ofc. Sample Adams"
STREETS = ("N Maple St", "Oak Ave", "Elm St", "E Villa St")


@pytest.fixture
def address(service: Service) -> Iterator[str]:
    """Where the sample city with its public page, an officer and four parties is served."""
    text = SAMPLE.read_text() + "\n[retention]\ncontacts = 90\n"
    service.add_city(text)
    service.app.extensions["desk"].cities.forget()
    for number, street in enumerate(STREETS):
        wish: dict[str, Any] = {
            "name": f"{street} neighbors",
            "address": f"{number + 2}12 {street}",
        }
        wish |= {"phone": f"(626) 555-01{number:02}", "public": True, "ends_at": "22:00"}
        wish |= {"area": "northwest" if number % 2 else "central", "materials": ["home_safety"]}
        answer = service.client.post("/api/v1/cities/pasadena/parties", json=body(**wish))
        assert answer.status_code == 201, answer.text
    with served(service.app) as found:
        yield found


@pytest.fixture
def page(browser: Browser, address: str, size: dict[str, int]) -> Iterator[Page]:
    """A planner's page; the public ones do not ask who she is."""
    context = browser.new_context(viewport=size, reduced_motion="reduce")  # type: ignore[arg-type]  # a size
    grants = frozenset({Grant("pasadena", "planner")})
    actor = Actor("1", "Kim Lee", grants=grants)
    text = passes.issue(SECRET, actor, "registration", passes.lock_of(KEY))
    cookies = {"porchlight_registration_key": KEY, passes.cookie_of("registration"): text}
    for name, value in cookies.items():
        context.add_cookies([{"name": name, "value": value, "url": address}])
    yield context.new_page()
    context.close()


def _seen(page: Page, name: str, size: dict[str, int]) -> None:
    """Nothing for axe, nothing wider than the screen, and a picture."""
    picture(page, f"city-{name}-{size['width']}")
    assert [v["id"] for v in Axe().run(page).response["violations"]] == [], name
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide, f"{name} is wider than the screen"


@SIZES
def test_a_planner_moves_the_hours_and_sees_whom_it_leaves_outside(
    page: Page, address: str, size: dict[str, int]
) -> None:
    page.goto(f"{address}/staff/pasadena/settings")
    _seen(page, "settings", size)
    page.get_by_label("Parties until").fill("soon")
    page.get_by_role("button", name="Look at the changes and save").click()
    expect(page.get_by_role("alert")).to_contain_text("must be a time like 18:00")
    _seen(page, "settings-wrong", size)
    page.get_by_label("Parties until").fill("21:00")
    page.get_by_role("button", name="Look at the changes and save").click()
    expect(page.get_by_text("4 of 4")).to_be_visible()
    _seen(page, "settings-preview", size)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    page.get_by_role("link", name="History").click()
    _seen(page, "settings-history", size)
    page.get_by_role("button", name="Restore edition").first.click()
    page.get_by_role("button", name="Restore", exact=True).click()
    expect(page.get_by_label("Parties until")).to_have_value("22:00")
    page.get_by_role("link", name="As text, for experts").click()
    _seen(page, "settings-text", size)
    page.goto(f"{address}/staff/pasadena/settings/retention")
    _seen(page, "retention", size)


@SIZES
@pytest.mark.parametrize("language", ["en", "es"])
def test_everybody_reads_the_public_page(
    page: Page, address: str, size: dict[str, int], language: str
) -> None:
    page.goto(f"{address}/pasadena/parties?lang={language}")
    expect(page.get_by_text("400 block of Elm St")).to_be_visible()
    expect(page.locator("#party-map[data-ready] canvas")).to_be_visible(timeout=30_000)
    _seen(page, f"public-{language}", size)


@SIZES
def test_a_request_is_asked_for_answered_and_undone(
    page: Page, address: str, size: dict[str, int]
) -> None:
    page.goto(f"{address}/pasadena/programmes?lang=es")
    _seen(page, "programmes-es", size)
    page.goto(f"{address}/pasadena/programmes?lang=en&programme=start_a_watch")
    page.get_by_label("I would like to meet my neighborhood officer").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Please give your name.")
    _seen(page, "programmes-wrong", size)
    page.get_by_label("Your name").fill("Ben Cole")
    page.get_by_label("Phone").fill("626-555-0199")
    page.get_by_label("Part of the city").select_option("northwest")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    _seen(page, "programmes-thanks", size)
    page.goto(f"{address}/staff/pasadena/requests?officer={OFFICER}")
    card = page.get_by_role("article", name="I would like to meet my neighborhood officer")
    expect(card).to_contain_text("Ben Cole")
    _seen(page, "requests", size)
    card.get_by_label("Note").fill("Met on the porch")
    card.get_by_role("button", name="Answered").click()
    expect(card.locator(".state")).to_have_text("answered")
    _seen(page, "requests-answered", size)
    card.get_by_role("button", name="Undo the last step").click()
    expect(card.locator(".state")).to_have_text("open")
    page.get_by_role("link", name="Printable list").click()
    _seen(page, "requests-printable", size)
    page.goto(f"{address}/staff/pasadena/requests/numbers")
    _seen(page, "requests-numbers", size)
