"""A host proves the number on a phone: by typing the code, and by an answer to the text."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.test_answers import write
from tests.e2e.test_browser import PHONE
from tests.night import Night
from tests.registration.browsing import picture
from tests.waiting import eventually

ASKED = re.compile(r": (\d{6}) ")


def _live_city(night: Night) -> str:
    """A city whose numbers have to answer; its messages stay on the outbox page all the same."""
    city = night.add_city()
    live = "insert into live_cities values (%s, now(), 'a test') returning city"
    eventually(lambda: night.ask("notify", "select id from cities where id = %s", city), city)
    night.ask("notify", live, city)
    return city


def _texted(night: Night, city: str) -> list[str]:
    query = (
        "select string_agg(s.body, '|' order by s.taken_at) from sandbox s"
        " join messages m on m.id = s.message_id where m.city = %s and m.template = 'prove'"
    )
    return ASKED.findall(night.ask("notify", query, city) or "")


def _look(page: Page, name: str) -> list[str]:
    picture(page, f"code-{name}")
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    found = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}})
    return [v["id"] for v in found.response["violations"]] + ["too wide"] * wide


def test_a_host_types_the_code_and_the_page_says_by_itself_that_it_fits(
    night: Night, browser: Browser
) -> None:
    city = _live_city(night)
    party = night.register(city, 1, phone="626-555-0191", sms_consent=True, language="es")
    page, number = browser.new_page(viewport=PHONE), "#number"
    page.goto(f"{party['status_url']}?lang=en")
    expect(page.locator(number)).to_contain_text("We texted a code to (…) …91", timeout=15_000)
    (code,) = eventually(lambda: _texted(night, city), lambda found: len(found) == 1)
    wrong = _look(page, "1-asked")
    page.get_by_label("Code from the text").fill(f"{(int(code) + 1) % 10**6:06}")
    page.get_by_role("button", name="Confirm my number").click()
    expect(page.locator(number)).to_contain_text("You have 4 tries left", timeout=15_000)
    wrong += _look(page, "2-wrong")
    page.get_by_label("Code from the text").fill(f"{code[:3]} {code[3:]}")
    page.get_by_role("button", name="Confirm my number").click()
    expect(page.locator(number)).to_contain_text("is confirmed", timeout=15_000)
    picture(page, "code-3-confirmed")
    assert code not in page.url
    page.context.close()
    assert wrong == []


def test_without_scripts_the_code_is_typed_too_and_a_text_confirms_as_well(
    night: Night, browser: Browser
) -> None:
    city = _live_city(night)
    mine = night.register(city, 1, phone="626-555-0192", sms_consent=True)
    page = browser.new_page(viewport=PHONE, java_script_enabled=False)
    page.goto(f"{mine['status_url']}?lang=es")
    eventually(
        lambda: page.reload() is not None and "Confirme su número" in page.inner_text("main")
    )
    page.get_by_label("Clave del mensaje").fill("12")
    page.get_by_role("button", name="Confirmar mi número").click()
    expect(page.locator("#code-error")).to_contain_text("seis cifras")
    (code,) = eventually(lambda: _texted(night, city), lambda found: len(found) == 1)
    page.get_by_label("Clave del mensaje").fill(f"{(int(code) + 1) % 10**6:06}")
    page.get_by_role("button", name="Confirmar mi número").click()
    expect(page.locator("#number")).to_contain_text("estamos comprobando")
    heard = "select answered from code_entries where party_id = %s"
    eventually(lambda: night.ask("registration", heard, mine["id"]))
    page.get_by_role("link", name="Mostrar el resultado").click()
    expect(page.locator("#code-error")).to_contain_text("Le quedan 4 intentos")
    write(night, "YES", "+16265550192")
    confirmed = "Su número (…) …92 está confirmado."
    page.goto(f"{mine['status_url']}?lang=es")
    eventually(lambda: page.reload() is not None and confirmed in page.inner_text("main"))
    page.context.close()
