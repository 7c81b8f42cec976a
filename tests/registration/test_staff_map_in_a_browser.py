"""The planner's map in a real browser: marks, rows, keys, pointer, a part of it as a filter."""

import re

from playwright.sync_api import Page, expect

from tests.registration.browsing import DESK, PHONE, picture
from tests.registration.test_planner_in_a_browser import (
    SIZES,
    Open,
    address,
    is_clean,
    opened,
)

__all__ = ["address", "opened"]
HOST = "#parties-map"


def open_map(page: Page, address: str) -> None:
    """The list with its map; on a phone the map stands in place of the list."""
    page.goto(f"{address}/staff/pasadena/parties")
    if page.viewport_size == PHONE:
        expect(page.locator(HOST)).to_be_hidden()
        page.get_by_role("button", name="Map", exact=True).click()
        expect(page.get_by_role("table")).to_be_hidden()
    expect(page.locator(f"{HOST}[data-ready]")).to_be_visible(timeout=30_000)


@SIZES
def test_marks_and_rows_show_one_another_and_a_part_of_the_map_is_a_filter(
    address: str, opened: Open, size: dict[str, int]
) -> None:
    name, scheme = ("phone", "dark") if size is PHONE else ("desk", "light")
    page = opened(address, viewport=size, color_scheme=scheme).new_page()
    forbidden: list[str] = []
    page.on("console", lambda m: forbidden.append(m.text) if "Security Policy" in m.text else None)
    open_map(page, address)
    expect(page.locator("#map-legend")).to_contain_text(re.compile(r"closure wanted\s+3"))
    expect(page.get_by_text("One of them has no place yet")).to_be_visible()
    walk_and_click(page, name)
    if size is DESK:
        row = page.locator("tr[data-party]").nth(1)
        row.hover()
        party = str(row.get_attribute("data-party"))
        expect(page.locator(HOST)).to_have_attribute("data-lit", party)
    keep_a_part(page, name)
    assert forbidden == []


def walk_and_click(page: Page, name: str) -> None:
    """From mark to mark by keys, open one by Enter and the same by a click."""
    cursor, popup = page.locator(".mark-cursor"), page.locator(".mark-words")
    cursor.focus()
    page.keyboard.press("ArrowUp")
    lit = str(page.locator(HOST).get_attribute("data-lit"))
    label = str(cursor.get_attribute("aria-label")).split(",")[0]
    expect(page.locator(f"tr.lit[data-party='{lit}']")).to_contain_text(label)
    page.keyboard.press("Enter")
    link = popup.get_by_role("link", name=label)
    expect(link).to_be_focused()
    expect(link).to_have_attribute("href", f"/staff/pasadena/parties/{lit}")
    expect(popup).to_contain_text("6:30 to 9:00 PM")
    picture(page, f"staff-map-{name}-1-popup")
    assert is_clean(page) == []
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    expect(cursor).to_be_focused()
    spot = cursor.bounding_box()
    assert spot
    page.mouse.click(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2)
    expect(link).to_be_visible()
    page.get_by_role("button", name="Close").click()


def keep_a_part(page: Page, name: str) -> None:
    """Draw the map nearer, list only what it shows, and try a change of these."""
    only = page.locator("#only-here")
    expect(only).to_have_text("Only the 7 parties that the map shows")
    page.get_by_role("button", name="Zoom in").click()
    expect(only).not_to_have_text(re.compile("7 parties|no part"))
    expect(only).to_be_enabled()
    only.click()
    expect(page.get_by_role("link", name="Part of the map")).to_be_visible()
    expect(page.locator(f"{HOST}[data-ready]")).to_be_visible(timeout=30_000)
    fitting = page.locator(".head strong").inner_text().split()[0]
    assert 0 < int(fitting) < 7
    expect(only).to_have_text("The map shows all parties that were found")
    picture(page, f"staff-map-{name}-2-part")
    assert is_clean(page) == []
    page.get_by_label(f"All {fitting} that fit the filters").check()
    page.get_by_label("What to do").select_option("confirmed")
    page.get_by_role("button", name="Show what would happen").click()
    expect(page.get_by_text(f"This would change {fitting} of {fitting}")).to_be_visible()
    page.get_by_role("link", name="Change nothing").click()
    expect(page).to_have_url(re.compile("box="))


def test_without_a_script_there_is_the_list(address: str, opened: Open) -> None:
    page = opened(address, viewport=DESK, java_script_enabled=False).new_page()
    page.goto(f"{address}/staff/pasadena/parties")
    expect(page.get_by_role("link", name="Bo’s block party")).to_be_visible()
    expect(page.locator("#map-part")).to_be_hidden()
    expect(page.locator("#views")).to_be_hidden()
