"""A host's whole way in a real browser: by touch and by keyboard, in English and in Spanish."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.registration.browsing import DESK, PHONE, Open, picture, served
from tests.registration.builders import city_text
from tests.registration.conftest import Service
from tests.registration.test_entry_rules import PART
from tests.registration.test_pages import _registered

QUESTIONS = PART.replace("cap = 2\n", "")
WORDS = {
    "en": {
        "register": "Register the party",
        "change": "Change",
        "save": "Save the changes",
        "withdraw": "Withdraw",
        "sure": "Yes, withdraw it",
        "undo": "Undo: hold the party after all",
        "yes": "Yes, we hold it",
        "withdrawn": "This party is withdrawn",
        "registered": "Your party is registered",
        "confirmed": "You told us: yes, it takes place.",
    },
    "es": {
        "register": "Inscribir la fiesta",
        "change": "Cambiar",
        "save": "Guardar los cambios",
        "withdraw": "Retirar",
        "sure": "Sí, retirarla",
        "undo": "Deshacer: la fiesta sí se hará",
        "yes": "Sí, la haremos",
        "withdrawn": "Esta fiesta fue retirada",
        "registered": "Su fiesta está inscrita",
        "confirmed": "Usted nos dijo: sí, se hará.",
    },
}
_SEEN_BEFORE = ("3-registered", "8-undone")
"""Steps whose page is that of another step, as far as axe is concerned."""
SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
LANGUAGES = pytest.mark.parametrize("code", ["en", "es"])
_RULES = {"rules": {"target-size": {"enabled": True}}}
"""What axe leaves out by itself: targets of a fair size, new in WCAG 2.2."""


@pytest.fixture
def address(service: Service) -> Iterator[str]:
    """Where Pasadena, with questions of its own, is served."""
    service.add_city(city_text() + QUESTIONS)
    service.app.extensions["desk"].cities.forget()
    with served(service.app) as found:
        yield found


def fill_in(page: Page) -> None:
    """Fill in what is needed, and the pin."""
    page.locator("#name").fill("Maple Street neighbors")
    page.locator("#address").fill("400 block of N Maple St")
    page.locator("#by-numbers > summary").press("Enter")
    page.locator("#lat").fill("34.1501")
    page.locator("#lon").fill("-118.1001")
    page.locator("#host_name").fill("Ana Reed")
    page.locator("#phone").fill("(626) 555-0123")
    page.locator("#answer-tables-two").check()


def is_clean(page: Page) -> list[str]:
    """What axe finds wrong with the page."""
    found = Axe().run(page, options=_RULES).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found]


@LANGUAGES
@SIZES
def test_a_newcomer_registers_moves_the_pin_changes_the_time_withdraws_and_undoes(
    address: str, opened: Open, size: dict[str, int], code: str
) -> None:
    words, name = WORDS[code], f"host-{'phone' if size is PHONE else 'desk'}-{code}"
    page = opened(viewport=size, reduced_motion="reduce").new_page()
    wrong: list[str] = []

    def look(step: str) -> None:
        picture(page, f"{name}-{step}")
        if step not in _SEEN_BEFORE:
            wrong.extend(is_clean(page))

    page.goto(f"{address}/pasadena?lang={code}")
    look("1-form")
    page.get_by_role("button", name=words["register"]).click()
    expect(page.get_by_role("alert")).to_be_focused()
    look("2-errors")
    fill_in(page)
    page.get_by_role("button", name=words["register"]).click()
    expect(page.get_by_role("heading", name=words["registered"])).to_be_visible()
    look("3-registered")
    page.get_by_role("link", name=words["change"]).click()
    page.locator("#by-numbers > summary").press("Enter")
    page.locator("#lat").fill("34.1502")
    page.locator("#starts_at").select_option(index=4)
    look("4-change")
    page.get_by_role("button", name=words["save"]).click()
    expect(page.locator("main")).to_contain_text("7:00")
    page.get_by_role("button", name=words["yes"]).click()
    expect(page.locator("#confirm")).to_contain_text(words["confirmed"])
    look("5-confirmed")
    page.get_by_role("link", name=words["withdraw"]).click()
    look("6-withdraw")
    page.get_by_role("button", name=words["sure"]).click()
    expect(page.get_by_role("heading", name=words["withdrawn"])).to_be_visible()
    look("7-withdrawn")
    page.get_by_role("button", name=words["undo"]).click()
    expect(page.get_by_role("heading", name=words["registered"])).to_be_visible()
    look("8-undone")
    assert wrong == []


@SIZES
def test_no_page_is_wider_than_its_screen_and_dark_pages_are_as_clean(
    address: str, opened: Open, size: dict[str, int]
) -> None:
    context = opened(viewport=size, color_scheme="dark", reduced_motion="reduce")
    page, wrong = context.new_page(), []
    page.goto(f"{address}/pasadena?lang=es")
    fill_in(page)
    page.locator("#name").fill("Vecinos" * 20)
    page.get_by_role("button", name=WORDS["es"]["register"]).click()
    own = page.url.partition("?")[0]
    pages = {
        "form": f"{address}/pasadena",
        "link": f"{address}/pasadena/link",
        "status": own,
        "change": f"{own}/change",
        "withdraw": f"{own}/withdraw",
    }
    for name, path in pages.items():
        page.goto(path)
        picture(page, f"host-{'phone' if size is PHONE else 'desk'}-dark-{name}")
        wrong += is_clean(page)
        for width in (size["width"], 320):
            page.set_viewport_size({**size, "width": width})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{name} is wider than {width} pixels")
        page.set_viewport_size(size)
    assert wrong == []


@pytest.mark.parametrize(("size", "code"), [(DESK, "en"), (PHONE, "es")], ids=["desk", "phone"])
def test_by_keyboard_alone_from_a_mistake_to_the_undo(
    address: str, opened: Open, size: dict[str, int], code: str
) -> None:
    words = WORDS[code]
    page = opened(viewport=size).new_page()
    page.goto(f"{address}/pasadena?lang={code}")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    go_to(page, words["register"])
    expect(page.get_by_role("alert")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type("Oak Street")
    typed = {"address": "Oak and 3rd", "host_name": "Lee", "email": "lee@example.org"}
    for field in walk(page, until=words["register"]):
        if field in typed:
            page.keyboard.type(typed[field])
        elif field == "answer-tables-none":
            page.keyboard.press("Space")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    go_to(page, words["yes"])
    expect(page.locator("#confirm")).to_contain_text(words["confirmed"])
    for goal in ("withdraw", "sure", "undo"):
        go_to(page, words[goal])
    expect(page.get_by_role("heading", name=words["registered"])).to_be_visible()


def go_to(page: Page, goal: str) -> None:
    """Walk to the button or link and press it."""
    for _ in walk(page, until=goal):
        pass
    with page.expect_navigation():
        page.keyboard.press("Enter")


def walk(page: Page, until: str, most: int = 80) -> Iterator[str]:
    """Press Tab from one stop to the next, each visible and outlined; yields the ids on the way."""
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "(() => { const a = document.activeElement, box = a.getBoundingClientRect();"
            " const outline = getComputedStyle(a).outlineStyle;"
            " return {id: a.id, words: a.innerText || a.value || '', tag: a.tagName,"
            " seen: box.height > 0, outline}; })()"
        )
        assert here["tag"] in ("BODY", "MAIN") or (here["seen"] and here["outline"] != "none"), here
        if here["words"].strip() == until:
            return
        yield here["id"]
    raise AssertionError(f"{until} was never reached")


def test_a_closed_tab_loses_nothing_and_a_stranger_sees_nothing(address: str, opened: Open) -> None:
    context = opened(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{address}/pasadena?lang=en")
    page.locator("#name").fill("Maple Street neighbors")
    page.locator("#sms_consent").check()
    expect(page.locator("#saved-words")).to_contain_text("Saved")
    page.close()
    again = context.new_page()
    again.goto(f"{address}/pasadena?lang=en")
    expect(again.locator("#name")).to_have_value("Maple Street neighbors")
    expect(again.locator("#sms_consent")).not_to_be_checked()
    picture(again, "host-phone-en-welcome-back")
    assert is_clean(again) == []
    stranger = opened().new_page()
    stranger.goto(f"{address}/pasadena")
    expect(stranger.locator("#name")).to_have_value("")
    again.get_by_role("button", name="Start afresh").click()
    expect(again.locator("#name")).to_have_value("")


def test_another_language_keeps_what_was_just_typed(address: str, opened: Open) -> None:
    page = opened(viewport=PHONE).new_page()
    page.goto(f"{address}/pasadena?lang=en")
    page.locator("#name").fill("Maple Street neighbors")
    page.get_by_role("link", name="Español").click()
    expect(page.get_by_role("heading", name="Inscriba su fiesta de vecinos")).to_be_visible()
    expect(page.locator("#name")).to_have_value("Maple Street neighbors")


@LANGUAGES
def test_whatever_a_host_may_meet_is_clean(service: Service, opened: Open, code: str) -> None:
    page, wrong = opened(viewport=PHONE, locale=code).new_page(), list[str]()

    def look(step: str, path: str) -> None:
        service.app.extensions["desk"].cities.forget()
        page.goto(f"{home}{path}")
        picture(page, f"host-phone-{code}-{step}")
        wrong.extend(f"{step}: {found}" for found in is_clean(page))

    with served(service.app) as home:
        early = {"starts_at": "2025-08-05T18:30-07:00", "ends_at": "2025-08-05T21:00-07:00"}
        service.add_city(city_text(date="2025-08-05"))
        service.app.extensions["desk"].cities.forget()
        own = _registered(service.client, email="ana@example.org", **early)
        look("expired", f"{own}?lang={code}")
        page.get_by_role("button").click()
        picture(page, f"host-phone-{code}-link-sent")
        wrong += is_clean(page)
        service.add_city(city_text())
        look("earlier-year", f"{own}?lang={code}")
        service.add_city(city_text() + "[registration]\ncap = 1\ndeadline = 2025-07-01T12:00:00\n")
        service.app.extensions["desk"].cities.forget()
        look("late", f"/pasadena?lang={code}")
        waiting = [_registered(service.client, lat="", lon="", closure="yes") for _ in range(2)][1]
        look("waiting", f"{waiting}?lang={code}")
        look("full", f"/pasadena?lang={code}")
        service.add_city(city_text() + "[registration]\nlate_until = 2025-07-01T12:00:00\n")
        look("closed", f"/pasadena?lang={code}")
        look("unknown", f"{own[:-2]}xx?lang={code}")
    assert wrong == []


def test_without_javascript_the_form_is_saved_by_a_button(address: str, opened: Open) -> None:
    context = opened(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(f"{address}/pasadena?lang=es")
    page.locator("#address").fill("Calle Roble 12")
    page.get_by_role("button", name="Guardar y terminar después").click()
    expect(page.get_by_role("heading", name="Guardado")).to_be_visible()
    page.close()
    later = context.new_page()
    later.goto(f"{address}/pasadena?lang=es")
    expect(later.locator("#address")).to_have_value("Calle Roble 12")
    later.get_by_role("button", name="Inscribir la fiesta").click()
    expect(later.get_by_role("alert")).to_be_focused()
