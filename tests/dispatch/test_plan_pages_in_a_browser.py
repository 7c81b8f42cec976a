"""The planner's pages as a planner uses them: a real browser, with and without scripts."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from services.dispatch.adapters.great_circle import GreatCircle
from services.dispatch.adapters.search import check_twice
from services.dispatch.domain.evening import Window
from services.dispatch.planner import Iterations
from services.dispatch.planning import Planning, plan_city
from services.dispatch.preparing.drafts import ask_draft
from services.dispatch.preparing.edits import add_edit
from services.dispatch.preparing.making import Maker, make_waiting
from services.dispatch.preparing.office import Office
from services.dispatch.preparing.policies import change_policies
from shared.clock import SystemClock
from shared.db import Pool
from shared.inbox import Inbox
from tests.dispatch.builders import (
    at,
    city_fact,
    make_city,
    make_party,
    make_team,
    party_fact,
    place,
)
from tests.dispatch.hearing import hear
from tests.dispatch.planned import routes
from tests.dispatch.signing import signed_in_page

SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
PAGES = (
    "",
    "/drafts/one",
    "/drafts/one/finalize",
    "/compare?a=current&b=one",
    "/edits",
    "/policies",
    "/check?from=current",
    "/print",
    "/print/teams",
)
Look = Callable[..., Page]


@pytest.fixture(autouse=True)
def town(inbox: Inbox, planning: Planning) -> None:
    """Three parties in two areas, planned; one team that has time for two."""
    areas = {"a": "north", "b": "north", "c": "south"}
    parties = [
        make_party(p, area=area, place=place(n / 2), materials=("home_safety",))
        for n, (p, area) in enumerate(areas.items())
    ]
    team = make_team(shift=Window(at(0), at(40)))
    city = make_city(areas={"north": "North Hill", "south": "South"})
    hear(inbox, city_fact(city, teams=[team]), *map(party_fact, parties))
    plan_city(planning, "pasadena")


@pytest.fixture
def make(pool: Pool) -> Callable[[], int]:
    """Makes what waits, as the planner's process does."""
    maker = Maker(pool, SystemClock(), GreatCircle(), check_twice, Iterations(300))
    return lambda: make_waiting(maker, "pasadena")


@pytest.fixture
def look(browser: Browser, client: httpx.Client, staff_cookie: dict[str, str]) -> Iterator[Look]:
    """Opens a page of Pasadena's plan; a complaint in the browser's console fails the test."""
    complaints: list[str] = []

    def opened(path: str = "", size: str = "desktop", **options: Any) -> Page:
        width, height = SIZES[size]
        viewport = {"width": width, "height": height}
        url = str(client.base_url)
        page = signed_in_page(browser, url, staff_cookie, viewport=viewport, **options)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{url}/pasadena/plan{path}")
        return page

    yield opened
    for context in browser.contexts:
        context.close()
    assert complaints == []


def test_a_draft_is_asked_for_watched_compared_and_finalized(
    look: Look, make: Callable[[], int], pool: Pool
) -> None:
    page = look("/policies")
    page.get_by_label("Areas alike").fill("50")
    page.get_by_label("or try them in a draft named").fill("Fair")
    page.get_by_role("button", name="Try in a draft").click()
    expect(page.get_by_text("is being made under these policies")).to_be_visible()
    expect(page.get_by_role("progressbar", name="Making Fair")).to_be_visible()
    make()
    page.get_by_role("link", name="Fair", exact=True).click(timeout=20_000)
    expect(page.get_by_text("hosts will be told something else")).to_be_visible()
    page.get_by_role("link", name="Compare with the plan that holds").click()
    expect(page.get_by_role("row", name="South")).to_contain_text("100% (1 of 1)")
    page.get_by_role("link", name="Finalize “Fair”").click()
    expect(page.get_by_role("heading", name="Finalize “Fair”?")).to_be_visible()
    expect(page.get_by_text("2 hosts will be told: 1 hears of a first visit")).to_be_visible()
    expect(page.get_by_role("row", name="nobody comes")).to_be_visible()
    assert "c" not in routes(pool)["t1"]
    page.get_by_role("button", name="Finalize and tell 2 hosts").click()
    expect(page.get_by_text("is now plan 2")).to_be_visible()
    expect(page.get_by_role("heading", name="Plan 2 holds")).to_be_visible()
    assert "c" in routes(pool)["t1"]
    page.get_by_role("link", name="Policies").first.click()
    expect(page.get_by_label("Areas alike")).to_have_value("50")


def test_edits_are_made_by_keyboard_and_without_scripts(look: Look, pool: Pool) -> None:
    page = look("/edits?kind=pin&party=C", java_script_enabled=False)
    party = page.get_by_label("Party").first
    expect(party).to_have_value("C")
    party.focus()
    page.keyboard.press("Tab")
    page.keyboard.type("Team t1")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.get_by_label("Starts at").fill("23:00")
    page.get_by_label("Starts at").press("Enter")
    expect(page.get_by_text("The visit can start 6:00–9:45 PM only.").first).to_be_visible()
    expect(page.get_by_label("Starts at")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Starts at").fill("")
    page.get_by_role("button", name="Pin").click()
    page.get_by_role("button", name="Do it and tell 1 host").click()
    expect(page.get_by_text("Team t1 visits c Street (C). Every plan keeps it")).to_be_visible()
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("The edit was withdrawn.")).to_be_visible()


def test_a_ban_that_takes_a_told_visit_away_asks_first(look: Look, pool: Pool) -> None:
    page = look("/edits", java_script_enabled=False)
    ban = page.locator("section", has=page.get_by_role("heading", name="Forbid a visit"))
    ban.get_by_label("Party").fill("A")
    ban.get_by_role("button", name="Forbid").click()
    expect(page.get_by_role("heading", name="This changes what 1 host was told")).to_be_visible()
    row = page.get_by_role("row", name="a Street")
    expect(row).to_contain_text("Team t1, 6")
    expect(row).to_contain_text("nobody comes")
    page.get_by_role("link", name="Leave it as it is").click()
    expect(page.get_by_role("heading", name="Edits: 0")).to_be_visible()
    ban.get_by_label("Party").fill("A")
    ban.get_by_role("button", name="Forbid").click()
    page.get_by_role("button", name="Do it and tell 1 host").click()
    expect(page.get_by_text("Every plan keeps it from now on.")).to_be_visible()


def test_a_beat_that_takes_told_visits_away_asks_first(look: Look) -> None:
    page = look("/policies")
    page.get_by_label("Areas of Team t1", exact=True).fill("South")
    page.get_by_role("button", name="Settle these policies").click()
    expect(page.get_by_role("heading", name="This changes what 2 hosts were told")).to_be_visible()
    page.get_by_role("button", name="Settle them and tell 2 hosts").click()
    expect(page.get_by_text("The policies hold from now on")).to_be_visible()
    expect(page.get_by_text("Team t1 visits South only.")).to_be_visible()


def test_what_is_wrong_with_policies_is_said_at_the_field_and_nothing_is_lost(look: Look) -> None:
    page = look("/policies", java_script_enabled=False)
    page.get_by_label("Areas of Team t1", exact=True).fill("west")
    page.get_by_label("Registrations considered").fill("2")
    page.get_by_role("button", name="Settle these policies").click()
    expect(page.get_by_text("No party lies in an area 'west'.")).to_be_visible()
    expect(page.get_by_label("Registrations considered")).to_have_value("2")
    page.get_by_label("Areas of Team t1", exact=True).fill("North Hill; south")
    page.get_by_role("button", name="Settle these policies").click()
    expect(page.get_by_text("The policies hold from now on")).to_be_visible()
    expect(page.get_by_text("Team t1 visits North Hill and South only.")).to_be_visible()


def test_a_plan_made_by_hand_is_checked(look: Look) -> None:
    page = look("/check?from=current")
    page.get_by_label("Sheet").fill("team,party\nt1,A\nt1,B\nt1,C\n")
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_role("heading", name="It breaks 1 rule")).to_be_visible()
    expect(page.get_by_text("past the end of its shift")).to_be_visible()


def test_run_sheets_hold_what_a_team_needs_and_its_code(look: Look) -> None:
    page = look("/print/teams/t1")
    expect(page.get_by_role("row", name="a Street")).to_contain_text(
        "40 people, 10 of them children"
    )
    expect(page.get_by_role("row", name="a Street")).to_contain_text("Hand over: Home safety")
    expect(page.locator("svg.qr")).to_be_visible()
    link = page.get_by_role("link", name="Page of Team t1")
    expect(link).to_have_attribute("href", "https://nno.example/t/t1")


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_everybody_can_use_every_page(
    look: Look, make: Callable[[], int], office: Office, size: str, scheme: str
) -> None:
    change_policies(office, "pasadena", {"equity_points": 5}, by="Ada")
    add_edit(office, "pasadena", {"kind": "pin", "party": "c"}, by="Ada")
    ask_draft(office, "pasadena", {"name": "one", "iterations": 300}, by="Ada")
    make()
    ask_draft(office, "pasadena", {"name": "two"}, by="Ada")
    page = look("", size, color_scheme=scheme, bypass_csp=True)
    wrong = []
    for path in PAGES:
        page.goto(f"{page.url.partition('/pasadena')[0]}/pasadena/plan{path}")
        found = Axe().run(page)
        wrong += [f"{path}: {found.generate_report()}"] if found.violations_count else []
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        wrong += [f"{path} is {overflow} pixels too wide"] if overflow > 0 else []
    assert wrong == []


def test_unknown_cities_and_drafts_have_a_page_that_says_so(client: httpx.Client) -> None:
    assert client.get("/nowhere/plan").status_code == 404
    assert "There is no draft" in client.get("/pasadena/plan/drafts/none").text
