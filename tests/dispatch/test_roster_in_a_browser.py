"""The roster's page as a sergeant uses it: by mouse, by keyboard, on a phone, without scripts."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from services.dispatch.planning import Planning, plan_city
from shared.inbox import Inbox
from tests.dispatch.builders import city_fact, make_party, make_team, party_fact
from tests.dispatch.hearing import hear
from tests.dispatch.rostered import workbook
from tests.dispatch.signing import signed_in_page

SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
ROSTER = "/api/v1/cities/pasadena/roster"


@pytest.fixture
def pasadena_roster(inbox: Inbox, planning: Planning, client: httpx.Client) -> None:
    """Two teams, two people and a car that are in none."""
    teams = [make_team("t1", name="Alpha"), make_team("t2", name="Bravo", members=("B. Officer",))]
    hear(inbox, city_fact(teams=teams), party_fact(make_party("p1", wanted=("fire",))))
    plan_city(planning, "pasadena")
    for name, languages in (("Ann Lee", ["es"]), ("Ben Ray", [])):
        client.post(f"{ROSTER}/people", json={"name": name, "languages": languages})
    client.post(f"{ROSTER}/vehicles", json={"name": "Unit 12", "seats": 1})


@pytest.fixture
def look(
    browser: Browser, client: httpx.Client, staff_cookie: dict[str, str], pasadena_roster: None
) -> Iterator[Callable[..., Page]]:
    """Opens a page below the roster; a complaint in the browser's console fails the test."""
    complaints: list[str] = []

    def opened(path: str = "", size: str = "desktop", **options: Any) -> Page:
        width, height = SIZES[size]
        url = str(client.base_url)
        viewport = {"width": width, "height": height}
        page = signed_in_page(browser, url, staff_cookie, viewport=viewport, **options)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{url}/pasadena/roster{path}")
        return page

    yield opened
    for context in browser.contexts:
        context.close()
    assert complaints == []


def test_people_are_dragged_into_teams_and_an_undo_is_offered(look: Callable[..., Page]) -> None:
    page = look()
    page.locator(".card", has_text="Ann Lee").drag_to(page.locator("#team-t1"))
    expect(page.locator("#team-t1")).to_contain_text("Ann Lee")
    expect(page.locator("#told")).to_contain_text("Moved Ann Lee to Alpha.")
    page.locator("#told button").click()
    expect(page.locator("#free")).to_contain_text("Ann Lee")
    expect(page.locator("#team-t1")).not_to_contain_text("Ann Lee")


def test_several_are_dragged_at_once_and_back(look: Callable[..., Page]) -> None:
    page = look()
    page.get_by_label("Choose Ann Lee").check()
    page.get_by_label("Choose Unit 12").check()
    page.locator(".card", has_text="Ann Lee").drag_to(page.locator("#team-t2"))
    expect(page.locator("#team-t2")).to_contain_text("Unit 12")
    expect(page.locator("#team-t2 .trouble")).to_contain_text("2 people, and Unit 12 has 1 seat")
    page.locator("#team-t2 .card", has_text="Ann Lee").drag_to(page.locator("#free h2"))
    expect(page.locator("#free")).to_contain_text("Ann Lee")


def test_the_same_goes_by_keyboard_alone(look: Callable[..., Page]) -> None:
    page = look()
    page.keyboard.press("/")
    page.keyboard.type("ann")
    expect(page.get_by_label("Choose Ben Ray")).to_be_hidden()
    page.keyboard.press("Escape")
    page.get_by_label("Choose Ann Lee").focus()
    page.keyboard.press("Space")
    expect(page.locator("#chosen")).to_contain_text("1 chosen")
    page.keyboard.press("m")
    expect(page.locator("#to")).to_be_focused()
    page.keyboard.type("Brav")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#team-t2")).to_contain_text("Ann Lee")


def test_it_all_works_without_scripts(look: Callable[..., Page]) -> None:
    page = look(java_script_enabled=False)
    page.get_by_label("Choose Ann Lee").check()
    page.locator("#put-t1").click()
    expect(page.locator("#team-t1")).to_contain_text("Ann Lee")
    page.locator("#told button").click()
    expect(page.locator("#free")).to_contain_text("Ann Lee")
    page.locator("#find").fill("unit")
    page.locator("#find-button").click()
    expect(page.locator(".free .card", has_text="Ann Lee")).to_be_hidden()
    page.get_by_role("link", name="Add a team").click()
    page.get_by_label("Name needed").fill("Charlie")
    page.get_by_label("Ben Ray").check()
    page.get_by_label("Breaks").fill("8 to never")
    page.get_by_role("button", name="Add team").click()
    expect(page.locator(".error")).to_contain_text("Breaks must be a time")
    expect(page.get_by_label("Ben Ray")).to_be_checked()
    page.get_by_label("Breaks").fill("8-8:15 pm")
    page.get_by_role("button", name="Add team").click()
    expect(page.locator(".team", has_text="Charlie")).to_contain_text("break 8:00–8:15 PM")


def test_two_who_edit_the_same_team_see_what_the_other_did(
    look: Callable[..., Page], client: httpx.Client
) -> None:
    page = look("/teams/t1")
    seen = client.get(f"{ROSTER}/teams/t1").json()["version"]
    client.patch(f"{ROSTER}/teams/t1", json={"name": "Able", "seen": seen}).raise_for_status()
    page.get_by_label("Stops at most").fill("4")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#problem")).to_contain_text("Name was “Alpha” and is now “Able” (Kim Lee)")
    page.get_by_label("Name needed").fill("Able")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#team-t1")).to_contain_text("4 stops at most")


def test_what_others_change_appears_by_itself(
    look: Callable[..., Page], client: httpx.Client
) -> None:
    page = look()
    client.post(f"{ROSTER}/people", json={"name": "Cy Dee"}).raise_for_status()
    expect(page.locator("#free")).to_contain_text("Cy Dee")
    page.get_by_label("Choose Ann Lee").check()
    client.post(f"{ROSTER}/people", json={"name": "Dee Eff"}).raise_for_status()
    expect(page.locator("#stale")).to_be_visible()
    expect(page.get_by_label("Choose Ann Lee")).to_be_checked()


def test_a_spreadsheet_is_brought_in(look: Callable[..., Page]) -> None:
    page = look("/import")
    rows = [["Officer", "Speaks", "Team"], ["Lee, Ann", "Spanish", "Alpha"], ["Eve Fox", "", ""]]
    file = {"name": "r.xlsx", "mimeType": "application/octet-stream", "buffer": workbook(rows)}
    page.set_input_files("#file", file)  # type: ignore[arg-type]  # Playwright's own
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator("#verdict")).to_have_text("2 rows: 1 new, 1 changed.")
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("link", name="To the roster, where it can be undone").click()
    expect(page.locator("#team-t1")).to_contain_text("Ann Lee")
    expect(page.locator("#told")).to_contain_text("Imported r.xlsx.")


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_everybody_can_use_it(look: Callable[..., Page], size: str, scheme: str) -> None:
    for path in ("", "/teams/t1", "/people/new", "/import", "/changes", "/print"):
        page = look(path, size, color_scheme=scheme, bypass_csp=True)
        if not path:
            page.get_by_label("Choose Ann Lee").check()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        page.close()
