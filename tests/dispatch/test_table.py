"""The question that every request is put: who may, by which row, and with which scope."""

import pytest

from shared.access import Caller, Denied, Door, Row, admit, for_staff, public, row_for
from shared.actor import Actor
from shared.grants import Grant, read_roles

BOARD = Row("board", Door.CITY, frozenset({"dispatcher"}))
TRACKER = Row("positions", Door.CITY, frozenset({"dispatcher"}), scope="positions")


def kim(*roles: str, scopes: str | None = None) -> Caller:
    parts = (text.partition("@") for text in roles)
    grants = frozenset(Grant(city, role) for role, _, city in parts)
    return Caller("1", "Kim", grants, None if scopes is None else frozenset(scopes.split()))


def may(row: Row, caller: Caller | None, method: str = "GET", city: str = "pasadena") -> bool:
    return isinstance(admit(row, caller, method, {"city": city}), Actor)


def test_a_role_counts_in_its_city_and_everywhere_if_it_is_held_there() -> None:
    assert may(BOARD, kim("dispatcher@pasadena"))
    assert may(BOARD, kim("dispatcher@*"))
    assert may(BOARD, kim("administrator@pasadena"))
    assert not may(BOARD, kim("dispatcher@dallas", "auditor@pasadena"))
    assert not may(BOARD, kim())
    assert not may(BOARD, None)


def test_a_row_about_a_city_opens_nothing_where_no_city_is_named() -> None:
    assert not may(BOARD, kim("administrator@*"), city="")


@pytest.mark.parametrize(
    ("scopes", "method", "opens"),
    [("read", "GET", True), ("read", "POST", False), ("write", "POST", True), ("", "GET", False)],
)
def test_a_token_needs_the_scope_of_the_method(scopes: str, method: str, opens: bool) -> None:
    assert may(BOARD, kim("dispatcher@*", scopes=scopes), method) is opens


def test_a_row_may_ask_for_a_scope_of_its_own_or_for_people_alone() -> None:
    assert may(TRACKER, kim("dispatcher@*", scopes="positions"), "POST")
    assert not may(TRACKER, kim("dispatcher@*", scopes="read write"), "POST")
    page = Row("page", Door.SIGNED_IN, people=True)
    assert may(page, kim("dispatcher@*"))
    assert not may(page, kim("administrator@*", scopes="read write positions"))


def test_the_actor_has_the_roles_of_the_city_and_the_cities_that_were_opened() -> None:
    caller = kim("dispatcher@pasadena", "planner@pasadena", "auditor@dallas")
    actor = admit(BOARD, caller, "GET", {"city": "pasadena"})
    assert isinstance(actor, Actor)
    assert actor.roles == {"dispatcher", "planner"}
    assert actor.cities == {"pasadena"}
    assert actor.reaches("pasadena")
    assert not actor.reaches("dallas")
    assert actor.has("dallas", "auditor")
    listed = admit(Row("list", Door.SOME_CITY, frozenset({"auditor"})), caller, "GET", {})
    assert isinstance(listed, Actor)
    assert listed.cities == {"dallas"}


def test_exact_rows_come_before_patterns_and_what_fits_none_is_refused() -> None:
    table = (*for_staff(Door.SOME_CITY, "planner", "live.*"), *public("live.page"))
    first, second = row_for(table, "live.page"), row_for(table, "live.other")
    assert first is not None
    assert first.door is Door.PUBLIC
    assert second is not None
    assert second.door is Door.SOME_CITY
    assert row_for(table, "elsewhere") is None
    assert isinstance(admit(None, kim("administrator@*"), "GET", {}), Denied)


def test_roles_of_groups_are_read_and_nonsense_is_not() -> None:
    found = read_roles("night=dispatcher@pasadena night=planner@* it=administrator@*")
    assert found["night"] == {Grant("pasadena", "dispatcher"), Grant("*", "planner")}
    assert read_roles("") == {}
    for wrong in ("night", "night=dispatcher", "=planner@a", "night=@a", "night=planner@"):
        with pytest.raises(ValueError, match="n"):
            read_roles(wrong)
