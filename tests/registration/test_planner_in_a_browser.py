"""A planner's way in a real browser: find, filter, change many, undo, merge; phone and desk."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from shared import passes
from shared.actor import Actor
from shared.grants import Grant
from tests.registration.browsing import DESK, PHONE, Open, picture, served
from tests.registration.builders import body, city_text
from tests.registration.conftest import SECRET, Service

SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
KEY = "a-key-that-a-real-browser-sends"
HOSTS = ["Ana Reed", "Bo Diaz", "Cy Young", "Di Park", "Ed Roe", "Flo Kim", "Gus Lane"]


@pytest.fixture
def address(service: Service) -> Iterator[str]:
    """Where Pasadena with its parties, two of them one, and a second city are served."""
    service.add_city(city_text(slug="dallas", name="Dallas"))
    for number, host in enumerate(HOSTS):
        changes: dict[str, Any] = {"name": f"{host.split()[0]}’s block party", "host_name": host}
        changes |= {"address": f"{number}12 Oak Knoll Ave", "phone": f"(626) 555-01{number:02}"}
        changes |= {"email": None, "lat": 34.13 + number / 200, "closure": number % 3 == 0}
        changes |= {"area": "north" if number % 2 else ""}
        changes |= {"lat": None, "lon": None} if number == 4 else {}
        enter(service, **changes)
    enter(service, name="Reed family", address="30 Oak Knoll Avenue", host_name="Ana Reed",
          phone="(626) 555-0100", email=None, people=75, lat=34.1302)  # fmt: skip
    service.app.extensions["desk"].cities.forget()
    with served(service.app) as found:
        yield found


def enter(service: Service, **changes: Any) -> None:
    answer = service.client.post("/api/v1/cities/pasadena/parties", json=body(**changes))
    assert answer.status_code == 201, answer.text


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    """Opens the browser of somebody signed in; a script's complaint fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(url: str, role: str = "planner", **options: Any) -> BrowserContext:
        context = browser.new_context(reduced_motion="reduce", **options)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        grants = frozenset(Grant(city, role) for city in ("pasadena", "dallas"))
        text = passes.issue(
            SECRET, Actor("1", "Kim Lee", grants=grants), "registration", passes.lock_of(KEY)
        )
        cookies = {"porchlight_registration_key": KEY, passes.cookie_of("registration"): text}
        for name, value in cookies.items():
            context.add_cookies([{"name": name, "value": value, "url": url}])
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def is_clean(page: Page) -> list[str]:
    """What axe finds wrong, and whether the page is wider than its window."""
    found = Axe().run(page).response["violations"]
    wrong = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found]
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wrong + ([f"{page.url} is {wide} px too wide"] if wide > 0 else [])


@pytest.mark.parametrize(
    ("size", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk-light", "phone-dark"]
)
def test_a_planner_finds_filters_changes_many_undoes_and_merges(
    address: str, opened: Open, size: dict[str, int], scheme: str
) -> None:
    name = f"planner-{'phone' if size is PHONE else 'desk'}-{scheme}"
    page = opened(address, viewport=size, color_scheme=scheme).new_page()
    wrong: list[str] = []

    def look(step: str) -> None:
        picture(page, f"{name}-{step}")
        wrong.extend(f"{step}: {each}" for each in is_clean(page))

    page.goto(f"{address}/staff/pasadena/parties")
    look("1-list")
    page.get_by_text("Filters", exact=True).click()
    page.locator("#f-closure").select_option("wanted")
    page.get_by_role("button", name="Apply the filters").click()
    expect(page.get_by_text("3 fit.")).to_be_visible()
    look("2-filtered")
    page.get_by_role("checkbox", name="Choose Ana’s block party").check()
    page.get_by_role("checkbox", name="Choose Di’s block party").check()
    expect(page.get_by_text("2 rows ticked")).to_be_visible()
    page.get_by_label("What to do").select_option("closure")
    page.get_by_role("button", name="Show what would happen").click()
    look("3-preview")
    page.get_by_role("button", name="Do it for 2 parties").click()
    expect(page.get_by_text("2 done, 0 unchanged, 0 refused")).to_be_visible()
    look("4-result")
    page.get_by_role("link", name="Ana’s block party").click()
    expect(page.locator("#history")).to_contain_text("Street closure: wanted → granted")
    page.locator("#note").fill("The works bring barriers at five.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator("#notes")).to_contain_text("The works bring barriers at five.")
    page.get_by_role("button", name="Show the contact").click()
    expect(page.get_by_text("(626) 555-0100")).to_be_visible()
    look("5-party")
    page.locator("#history").get_by_role("button", name="Undo").first.click()
    expect(page.locator("#history")).to_contain_text("Street closure: granted → wanted")
    page.get_by_role("link", name="Change", exact=True).click()
    look("6-form")
    page.get_by_role("link", name="Doubles").first.click()
    expect(page.get_by_text("same phone")).to_be_visible()
    look("7-doubles")
    page.get_by_role("link", name="Compare and merge").click()
    page.locator("#people-other").check()
    look("8-merge")
    page.get_by_role("button", name="Merge them").click()
    expect(page.get_by_text("was merged into this party")).to_be_visible()
    look("9-merged")
    page.get_by_role("button", name="Undo the merge").click()
    expect(page.get_by_text("was merged into this party")).to_have_count(0)
    assert wrong == []


def test_a_planner_needs_no_mouse(address: str, opened: Open) -> None:
    page = opened(address, viewport=DESK).new_page()
    page.goto(f"{address}/staff/pasadena/parties")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "q":
            break
    page.keyboard.type("bo diaz")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 fit.")).to_be_visible()
    row = page.get_by_role("link", name="Bo’s block party")
    for _ in range(60):
        page.keyboard.press("Tab")
        if row.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Bo’s block party")).to_be_visible()


def test_who_only_reads_is_offered_no_change(address: str, opened: Open) -> None:
    page = opened(address, "dispatcher", viewport=DESK).new_page()
    page.goto(f"{address}/staff/pasadena/parties")
    expect(page.get_by_role("checkbox")).to_have_count(0)
    page.get_by_role("link", name="Bo’s block party").click()
    expect(page.get_by_role("button")).to_have_count(1)
    expect(page.get_by_role("button", name="Show the contact")).to_be_visible()
