"""A planner brings a list in and takes one out, in a real browser, on a phone and at a desk."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from shared import passes
from shared.actor import Actor
from shared.grants import Grant
from tests.registration.browsing import DESK, PHONE, picture, served
from tests.registration.builders import city_text
from tests.registration.conftest import SECRET, Service
from tests.registration.lists import Lists, csv_of, workbook

KEY = "the-key-of-this-browser"
SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
WALK = [
    "Permit,Where,Party,Start,End,Phone,Guests",
    "P1,100 N Maple St,Maple Street,5:30 p.m.,9 pm,(626) 555-0123,40",
    "P2,200 Oak Ave,Oak Avenue,6.30pm,9 pm,,25",
    "P3,300 Elm St,<script>alert(1)</script>,7 pm,9 pm,,",
    "P4,,Nobody knows where,7 pm,9 pm,,12",
    "P5,500 Pine St,=HYPERLINK(1),7 pm,9 pm,,many",
]


@pytest.fixture
def address(service: Service) -> Iterator[str]:
    """Where Pasadena is served, with a worker that brings lists in."""
    lists, over = Lists(service), Event()

    def work() -> None:
        while not over.wait(0.05):
            lists.importer.go_on()

    worker = Thread(target=work)
    worker.start()
    service.add_city(city_text() + "\n[public]\nopen_data = true\n")
    with served(service.app) as found:
        yield found
    over.set()
    worker.join()


@pytest.fixture
def look(browser: Browser, address: str) -> Iterator[Callable[[dict[str, int]], Page]]:
    """Opens the pages of imports for a planner; a script's complaint fails the test."""
    complaints: list[str] = []

    def opened(size: dict[str, int]) -> Page:
        actor = Actor("1", "Kim Lee", grants=frozenset({Grant("pasadena", "planner")}))
        given = passes.issue(SECRET, actor, "registration", passes.lock_of(KEY))
        context = browser.new_context(viewport=size, accept_downloads=True)
        pairs = {"porchlight_registration_key": KEY, passes.cookie_of("registration"): given}
        context.add_cookies([{"name": k, "value": v, "url": address} for k, v in pairs.items()])
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        page = context.new_page()
        page.goto(f"{address}/staff/pasadena/import")
        return page

    yield opened
    for context in browser.contexts:
        context.close()
    assert complaints == []


def _check(page: Page, name: str) -> None:
    """Take a picture, and let axe find nothing; nothing may be wider than the screen."""
    picture(page, f"importer-{name}-{page.viewport_size['width']}")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{name} is {wide} pixels too wide"


def _upload(page: Page, file: Path) -> None:
    page.get_by_label("Spreadsheet with one party per row").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()


def _download(page: Page, name: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name, exact=True).first.click()
    return Path(waiting.value.path()).read_bytes()


def _tile(page: Page, words: str) -> str:
    return page.locator(f".tile.{words.lower()} strong").inner_text()


@SIZES
def test_a_list_is_looked_at_brought_in_taken_out_and_undone(
    look: Callable[[dict[str, int]], Page],
    size: dict[str, int],
    tmp_path: Path,
    service: Service,
    address: str,
) -> None:
    file = tmp_path / "parties.csv"
    file.write_bytes(csv_of("Block parties 2027", "", *WALK))
    page = look(size)
    _check(page, "1-upload")
    _upload(page, file)
    page.get_by_label("Where", exact=True).select_option(label="Address")
    _check(page, "2-columns")
    page.get_by_role("button", name="See what would change").click()
    expect(page.get_by_role("button", name="Bring in 3 new and 0 changed")).to_be_visible()
    assert [_tile(page, words) for words in ("New", "Changed", "Refused")] == ["3", "0", "2"]
    expect(page.locator("#rows")).to_contain_text("People expected: Please give a number")
    _check(page, "3-preview")
    bad = list(csv.reader(io.StringIO(_download(page, "CSV").decode("utf-8-sig"))))
    assert bad[1][:3] == ["P4", "", "Nobody knows where"]
    assert bad[2][2] == "'=HYPERLINK(1)"
    assert bad[2][-1] == "People expected: Please give a number from 0 to 100,000."
    page.get_by_role("button", name="Bring in 3 new and 0 changed").click()
    expect(page.get_by_role("button", name="Undo this import")).to_be_visible()
    page.locator(".tile.new").click()
    expect(page.locator("#rows")).to_contain_text("<script>alert(1)</script>")
    _check(page, "4-result")
    page.get_by_role("link", name="Export", exact=True).click()
    expect(page.get_by_role("heading", name="3 parties, with their hosts")).to_be_visible()
    _check(page, "5-export")
    exported = tmp_path / "out.xlsx"
    exported.write_bytes(_download(page, "XLSX"))
    assert _download(page, "iCalendar").count(b"BEGIN:VEVENT") == 3
    page.get_by_role("link", name="Import", exact=True).click()
    _upload(page, exported)
    page.get_by_role("button", name="See what would change").click()
    expect(page.get_by_text("There is nothing to bring in.")).to_be_visible()
    assert _tile(page, "Unchanged") == "3"
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("link", name="All imports").click()
    page.get_by_role("link", name="parties.csv").click()
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_role("heading", name="3 rows were taken back")).to_be_visible()
    _check(page, "6-undone")
    assert service.ask("select distinct state from parties") == [("withdrawn",)]


def test_a_wrong_file_is_one_sentence(
    look: Callable[[dict[str, int]], Page], tmp_path: Path
) -> None:
    page = look(PHONE)
    file = tmp_path / "list.xlsx"
    file.write_bytes(workbook([["name", "town"], ["A", "B"]])[:500])
    _upload(page, file)
    expect(page.get_by_role("alert")).to_contain_text("The file is no XLSX that we can read")
    _check(page, "7-wrong")
