"""The console as a dispatcher sees it: a real browser, a real server, a real PostgreSQL."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.dispatch.signing import signed_in_page

SIZES = {"desktop": (1440, 900), "phone": (390, 844)}


@pytest.fixture
def look(
    browser: Browser, client: httpx.Client, staff_cookie: dict[str, str]
) -> Iterator[Callable[..., Page]]:
    """Opens Pasadena's board; a complaint in the browser's console fails the test."""
    complaints: list[str] = []

    def opened(size: str = "desktop", cut: str = "", **options: Any) -> Page:
        width, height = SIZES[size]
        size_of_page = {"width": width, "height": height}
        url = str(client.base_url)
        page = signed_in_page(browser, url, staff_cookie, viewport=size_of_page, **options)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if cut:
            page.route(cut, lambda route: route.abort())
        page.goto(f"{client.base_url}/pasadena")
        return page

    yield opened
    for context in browser.contexts:
        context.close()
    assert complaints == []


def test_a_party_appears_without_reloading_and_then_its_visit(
    look: Callable[..., Page], pasadena: Callable[..., None]
) -> None:
    page = look()
    expect(page.locator("#live-words")).to_have_text("Live")
    pasadena("p1", plan=False)
    expect(page.locator("#to-plan")).to_contain_text("Party p1")
    pasadena()
    expect(page.locator("[data-team=t1] tbody")).to_contain_text("Party p1")
    expect(page.locator("#to-plan-section")).to_be_hidden()
    expect(page.locator("#summary")).to_contain_text("1 of 1 parties planned", timeout=10_000)


def test_it_says_when_it_is_not_live_and_catches_up(
    look: Callable[..., Page], pasadena: Callable[..., None]
) -> None:
    page = look(cut="**/events*")
    expect(page.locator("#live-words")).to_contain_text("Reconnecting", timeout=20_000)
    expect(page.get_by_role("link", name="Refresh")).to_be_visible()
    pasadena("p1")
    page.unroute("**/events*")
    expect(page.locator("#live-words")).to_contain_text("Live", timeout=20_000)
    expect(page.locator("[data-team=t1] tbody")).to_contain_text("Party p1")


def test_the_finder_is_reached_and_left_by_keyboard(
    look: Callable[..., Page], pasadena: Callable[..., None]
) -> None:
    pasadena("p1", "p2")
    page = look()
    page.keyboard.press("/")
    page.keyboard.type("party p2")
    expect(page.locator("tr.match")).to_have_count(1)
    page.keyboard.type(" nowhere")
    expect(page.locator("#none-found")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-team=t1]")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
def test_everybody_can_use_it(
    look: Callable[..., Page], pasadena: Callable[..., None], size: str, scheme: str
) -> None:
    pasadena("p1")
    page = look(size, color_scheme=scheme, bypass_csp=True)
    expect(page.locator("#live-words")).to_have_text("Live")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0


def test_without_scripts_it_shows_the_board_and_a_refresh_link(
    look: Callable[..., Page], pasadena: Callable[..., None]
) -> None:
    pasadena("p1")
    page = look(java_script_enabled=False)
    expect(page.locator("[data-team=t1]")).to_contain_text("Party p1")
    expect(page.get_by_role("link", name="Refresh")).to_be_visible()
