"""The staff pages as people see them: usable by everybody, on a phone, without scripts."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from shared.db import Pool
from tests.dispatch.signing import PASSWORD, cookie, person, signed_in_page

SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
PATHS = ("/account", "/account/second-factor", "/staff", "/tokens", "/audit", "/dead-letters")


@pytest.fixture
def look(browser: Browser, stranger: httpx.Client) -> Iterator[Callable[..., Page]]:
    """Opens a page of a size, with cookies if there are any."""

    def opened(size: str, cookies: dict[str, str] | None = None, **options: Any) -> Page:
        width, height = SIZES[size]
        options["viewport"] = {"width": width, "height": height}
        return signed_in_page(browser, str(stranger.base_url), cookies or {}, **options)

    yield opened
    for context in browser.contexts:
        context.close()


def faults(page: Page) -> list[str]:
    """What axe finds, and whether the page is wider than the screen."""
    found = [violation["id"] for violation in Axe().run(page).response["violations"]]
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0
    return [*found, "wider than the screen"] if wider else found


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_everybody_can_use_the_staff_pages(
    look: Callable[..., Page],
    stranger: httpx.Client,
    pool: Pool,
    size: str,
    scheme: str,
    tmp_path: Path,
) -> None:
    page = look(size, cookie(pool), color_scheme=scheme, bypass_csp=True)
    kim = person(pool, "dispatcher@pasadena", name="Kim Lee")
    found = {}
    for path in (*PATHS, f"/staff/{kim}"):
        page.goto(f"{stranger.base_url}{path}")
        page.screenshot(path=tmp_path / f"{path.strip('/').replace('/', '-')}.png")
        found[path] = faults(page)
    other = look(size, cookie(pool, "team@pasadena"), color_scheme=scheme, bypass_csp=True)
    other.goto(f"{stranger.base_url}/staff")
    expect(other.locator("main")).to_contain_text("Your roles do not open this")
    found["refused"] = faults(other)
    assert found == {path: [] for path in found}


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "dark"), ("phone", "light")])
def test_signing_in_works_without_scripts_to_the_second_factor_and_out(
    look: Callable[..., Page], stranger: httpx.Client, pool: Pool, size: str, scheme: str
) -> None:
    person(pool, "administrator@*", email="kim@example.org")
    plain = look(size, color_scheme=scheme, java_script_enabled=False)
    plain.goto(f"{stranger.base_url}/account")
    plain.get_by_label("E-mail address").fill("kim@example.org")
    plain.get_by_label("Password").fill("wrong")
    plain.get_by_role("button", name="Sign in").click()
    expect(plain.get_by_role("alert")).to_contain_text("do not belong together")
    expect(plain.get_by_label("E-mail address")).to_have_value("kim@example.org")
    plain.get_by_label("Password").fill(PASSWORD)
    plain.get_by_role("button", name="Sign in").click()
    expect(plain).to_have_url(f"{stranger.base_url}/account")
    plain.get_by_role("link", name="Set it up").click()
    key = plain.locator("code").inner_text().replace(" ", "")
    plain.get_by_label("Code").fill(pyotp.TOTP(key).now())
    plain.get_by_role("button", name="Switch it on").click()
    codes = plain.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    plain.get_by_role("button", name="Sign out Kim Lee").click()
    plain.get_by_label("E-mail address").fill("kim@example.org")
    plain.get_by_label("Password").fill(PASSWORD)
    plain.get_by_role("button", name="Sign in").click()
    plain.get_by_label("Code").fill(codes[0])
    plain.get_by_role("button", name="Go on").click()
    plain.goto(f"{stranger.base_url}/account")
    expect(plain.locator("main")).to_contain_text("9 recovery codes are left")


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "dark"), ("phone", "light")])
def test_everybody_can_use_the_pages_before_the_sign_in(
    look: Callable[..., Page], stranger: httpx.Client, pool: Pool, size: str, scheme: str
) -> None:
    page = look(size, color_scheme=scheme, bypass_csp=True)
    found = {}
    for path in ("/sign-in", "/invitation/none"):
        page.goto(f"{stranger.base_url}{path}")
        found[path] = faults(page)
    assert found == {path: [] for path in found}
