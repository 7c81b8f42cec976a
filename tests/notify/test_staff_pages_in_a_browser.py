"""Notify's staff pages in a real browser: a broadcast from the words to the list, axe, keyboard."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from tests.entering import cookies_of
from tests.notify.facts import CITY
from tests.notify.staff import SECRET, House, host_of, id_of

SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
Look = Callable[..., Page]


@pytest.fixture
def served(house: House) -> Iterator[str]:
    """The address of the pages."""
    server = make_server("127.0.0.1", 0, house.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def look(browser: Browser, served: str) -> Iterator[Look]:
    """Opens a page for somebody; a script's complaint fails the test."""
    complaints: list[str] = []

    def opened(
        path: str, size: str = "desktop", name: str = "Kim", id_: str = "1", **options: Any
    ) -> Page:
        width, height = SIZES[size]
        page = browser.new_page(viewport={"width": width, "height": height}, **options)
        cookies = cookies_of("notify", SECRET, f"notifier@{CITY}", name=name, id_=id_)
        page.context.add_cookies(
            [{"name": n, "value": v, "url": served} for n, v in cookies.items()]
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(served + path)
        return page

    yield opened
    for context in browser.contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def storm(house: House) -> House:
    """Eight hosts, and a rule by which four need a second person."""
    house.hosts(*(host_of(n, "es" if n % 2 else "en", email=n != 3) for n in range(1, 9)))
    house.bench.deliver()
    house.run("insert into broadcast_rules values (%s, 4)", (CITY,))
    return house


def faults_of(page: Page) -> list[str]:
    """What axe finds, and whether the page is wider than the screen."""
    found = [v["id"] for v in Axe().run(page).response["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, *(["wide"] if wide else [])]


@pytest.mark.parametrize("size", SIZES)
def test_a_broadcast_from_its_words_to_the_list_of_who_got_it(
    look: Look, storm: House, size: str
) -> None:
    page = look(f"/broadcasts/{CITY}", size)
    page.get_by_role("link", name="New broadcast").click()
    page.get_by_label("Name, for staff only").fill("Storm")
    page.get_by_label("Text message in English").fill("Storm until 8 pm. Please go indoors.")
    page.get_by_label("Text message in Spanish").fill("Tormenta hasta las 8 pm.")
    page.get_by_label("Useful until").fill("2099-01-01T20:00")
    assert faults_of(page) == []
    page.get_by_role("button", name="Save and see").click()
    expect(page.locator(".figure")).to_have_text("8 hosts")
    expect(page.locator("main")).to_contain_text("1 each, 4 in all")
    assert faults_of(page) == []
    page.get_by_role("button", name="Ask a second person").click()
    expect(page.locator(".said.done")).to_have_text("It waits for a second person.")
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)

    address = "/broadcasts" + page.url.partition("/broadcasts")[2]
    second = look(address, size, name="Sam", id_="2")
    assert faults_of(second) == []
    second.get_by_role("button", name="Approve and send to 8").click()
    expect(second.locator("main")).to_contain_text("approved by Sam")
    page.reload()
    expect(page.locator("#live")).to_have_text("Live")
    second.get_by_role("button", name="Pause").click()
    expect(page.locator(".figure")).to_contain_text("paused")
    storm.bench.tick()
    storm.bench.deliver()
    assert storm.count("messages where broadcast_id <> ''") == 0
    second.get_by_role("button", name="Resume").click()
    expect(second.locator(".figure")).to_contain_text("being sent")
    storm.bench.tick()
    now = storm.bench.clock.now()
    later = "update messages set due_at = %s where broadcast_id <> '' and id not in"
    few = "(select id from messages where broadcast_id <> '' and state = 'created' limit 5)"
    storm.run(f"{later} {few}", (now + timedelta(hours=1),))
    storm.bench.deliver()
    expect(page.locator(".figure")).to_contain_text("5 of 8")
    page.get_by_role("button", name="Stop for good").click()
    expect(page.locator(".figure")).to_contain_text("stopped")
    storm.bench.tick()
    expect(page.locator(".counts")).to_contain_text("5 handed over")
    expect(page.locator(".counts")).to_contain_text("3 stopped")
    page.locator(".counts a", has_text="stopped").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    assert faults_of(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Everybody as CSV").click()
    assert download.value.suggested_filename.endswith(".csv")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_on_any_page_and_none_is_wider_than_the_screen(
    look: Look, house: House, size: str, scheme: str
) -> None:
    house.hosts(host_of(1), host_of(2, "es"), host_of(3))
    house.fail("failed_permanent", "no such number", f"party_id = '{id_of(1)}'")
    house.fail("unsure", "the line broke", f"party_id = '{id_of(2)}'")
    house.run(
        "insert into calls select 'c' || party_id || channel, city, party_id, id, template, 'none',"
        " now(), case channel when 'sms' then now() end from messages where state like 'failed%'"
    )
    house.run(
        "insert into consent_ledger (city, channel, address, purpose, opted_out, words, source, at)"
        " values (%s, 'sms', '+16265550003', 'all', true, 'STOP', 'inbound', now())",
        (CITY,),
    )
    page = look("/messages", size, color_scheme=scheme)
    paths = {
        *("/", "/messages?channel=sms", f"/failures/{CITY}", f"/calls/{CITY}"),
        *(f"/opt-outs/{CITY}", f"/opt-outs/{CITY}/1", f"/broadcasts/{CITY}"),
        *(f"/broadcasts/{CITY}/new", f"/parties/{CITY}/{id_of(1)}"),
    }
    base = page.url.partition("/messages")[0]
    found = {}
    for path in paths:
        page.goto(base + path)
        found[path] = faults_of(page)
    assert found == {path: [] for path in paths}


def test_a_failure_is_tried_again_and_taken_back_by_keyboard_alone(
    look: Look, house: House
) -> None:
    house.hosts(host_of(1, email=False))
    house.fail()
    page = look(f"/failures/{CITY}")
    expect(page.locator("#live")).to_have_text("Live")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    while not page.evaluate("document.activeElement.type === 'checkbox'"):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    button = page.get_by_role("button", name="Try the chosen ones again")
    while not button.evaluate("it => it === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".said.done")).to_contain_text("1 of 1 will be tried again")
    undo = page.get_by_role("button", name="Undo")
    while not undo.evaluate("it => it === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".said.done")).to_have_text("Taken back. Nothing was sent.")


def test_a_new_failure_and_its_count_appear_without_reloading(look: Look, house: House) -> None:
    page = look(f"/failures/{CITY}")
    expect(page.locator("#feed")).to_contain_text("Nothing failed.")
    house.hosts(host_of(1, email=False))
    house.fail("unsure", "the line broke")
    expect(page.locator("#feed")).to_contain_text("Nobody knows whether these arrived")
    expect(page.locator('[data-need="failures"]')).to_have_text("1 waiting", timeout=15_000)


def test_the_outbox_counts_what_comes_and_stands_still_when_asked(look: Look, house: House) -> None:
    house.hosts(host_of(1))
    page = look("/")
    expect(page.locator("#live")).to_have_text("Live")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#live")).to_have_text("Paused")
    house.hosts(host_of(2))
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#live")).to_have_text("Live, 1 new")
    expect(page.locator("#total")).to_have_text("2")


def test_everything_goes_without_scripts(look: Look, house: House) -> None:
    house.hosts(host_of(1, email=False))
    house.fail()
    page = look(f"/failures/{CITY}", java_script_enabled=False)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Try the chosen ones again").click()
    expect(page.locator(".said.done")).to_contain_text("1 of 1")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".said.done")).to_have_text("Taken back. Nothing was sent.")


@pytest.mark.parametrize("size", SIZES)
def test_staff_writes_as_a_host_and_sees_what_follows(look: Look, house: House, size: str) -> None:
    house.hosts(host_of(1, email=False))
    house.bench.deliver()
    page = look(f"/?city={CITY}", size)
    page.get_by_role("link", name="Details").click()
    expect(page.get_by_role("heading", name="Answer as this host")).to_be_visible()
    page.get_by_label("What the host texts back").fill("LATE 20")
    assert faults_of(page) == []
    page.get_by_role("button", name="Text as the host").click()
    expect(page.locator(".said.done")).to_contain_text("Written.")
    assert faults_of(page) == []
    house.bench.deliver()
    assert [m.template for m in house.bench.messages()] == ["received", "reply_late"]
