"""Two windows: a host fills in the form, a dispatcher watches the console; no page is reloaded."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.night import Night
from tests.waiting import eventually

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


def _fill_in(page: Page, *, email: str = "ana@example.org") -> None:
    page.get_by_label("Name of the party or neighborhood").fill("Maple & Oak \U0001f3ee")
    page.get_by_label("Address", exact=True).fill("400 block of Maple St")
    page.locator("#by-numbers > summary").press("Enter")
    page.locator("#lat").fill("34.1405")
    page.locator("#lon").fill("-118.0812")
    page.get_by_label("Your name").fill("Ana <Host>")
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Register the party").click()


def test_a_party_from_the_form_appears_on_the_console_and_its_window_on_the_hosts_page(
    night: Night, browser: Browser
) -> None:
    city = night.add_city()
    console = night.signed_in(browser, viewport=DESK)
    console.goto(night.api("dispatch", f"/{city}"))
    expect(console.locator("#live-words")).to_have_text("Live", timeout=15_000)
    phone = browser.new_page(viewport=PHONE)
    phone.goto(night.api("registration", f"/{city}"))
    _fill_in(phone)
    expect(console.locator(".bar").first).to_contain_text("Maple & Oak", timeout=20_000)
    expect(phone.locator("main")).to_contain_text("Ana <Host>", timeout=15_000)
    told = next(s["told"] for t in night.board(city)["teams"] for s in t["stops"])
    eventually(lambda: phone.reload() is not None and told[:4] in phone.inner_text("main"))
    console.context.close()
    phone.context.close()


def test_a_mistake_is_told_beside_its_field_and_what_was_typed_stays(
    night: Night, browser: Browser
) -> None:
    page = browser.new_page(viewport=PHONE, java_script_enabled=False)
    page.goto(night.api("registration", f"/{night.add_city()}"))
    _fill_in(page, email="not an address")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#email")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Address", exact=True)).to_have_value("400 block of Maple St")
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing_on_any_page(
    night: Night, browser: Browser, size: dict[str, int], scheme: str, tmp_path: Path
) -> None:
    city = night.add_city()
    party = night.register(city, 1, phone="626-555-0123", sms_consent=True, language="es")
    eventually(lambda: night.board(city)["planned"], 1)
    pages = {
        "form": night.api("registration", f"/{city}"),
        "form in Spanish": night.api("registration", f"/{city}?lang=es"),
        "status": party["status_url"],
        "console": night.api("dispatch", f"/{city}"),
        "wall": night.api("dispatch", f"/{city}/wall"),
        "outbox": night.api("notify", f"/?city={city}"),
    }
    page = night.signed_in(browser, viewport=size, color_scheme=scheme)
    found = {}
    for name, address in pages.items():
        page.goto(address)
        page.screenshot(path=tmp_path / f"{name}.png")
        found[name] = [v["id"] for v in Axe().run(page).response["violations"]]
    page.context.close()
    assert found == {name: [] for name in pages}
