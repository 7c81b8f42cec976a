"""The call list: what to say, numbers on request, ticked off and opened again, printed."""

from tests.notify.facts import CITY
from tests.notify.staff import House, host_of, id_of, press

PAGE = f"/calls/{CITY}"


def call(house: House, number: int = 1, language: str = "en") -> None:
    """A host whom no channel reached."""
    [party] = house.hosts(host_of(number, language, email=False))
    house.fail("failed_permanent", "the number is not in service")
    house.run(
        "insert into calls select %s, city, party_id, id, template, 'no channel reached', now()"
        " from messages where party_id = %s",
        (f"c{number}", party),
    )


def test_an_empty_list_says_so(house: House) -> None:
    assert "Nobody has to be called." in house.person().get(PAGE).text


def test_a_call_says_whom_to_call_and_what_to_say_without_the_private_link(house: House) -> None:
    call(house, language="es")
    page = house.person().get(PAGE).text
    assert "Ana 1" in page
    assert '<blockquote class="words" lang="es">' in page
    assert "[private link]" in page
    assert "+16265550001" not in page
    assert "+1 •••• 01" in page
    assert 'data-need="calls" ><b>1</b>' in page


def test_a_number_is_shown_on_request_and_that_is_noted(house: House) -> None:
    call(house)
    page = press(house.person(), f"{PAGE}/c1/number", PAGE).text
    assert 'href="tel:+16265550001"' in page
    assert house.audited() == ["number shown"]
    assert "+16265550001" not in house.rows("select object from audit")[0][0]


def test_a_call_is_done_with_a_note_and_opened_again(house: House) -> None:
    call(house)
    client = house.person(name="Kim Lee")
    page = press(client, f"{PAGE}/c1/done", PAGE, note="Left a <message>").text
    assert "Nobody has to be called." in page
    assert "Left a &lt;message&gt;" in page
    assert "Kim Lee" in page
    assert "Left a &lt;message&gt;" in client.get(f"/parties/{CITY}/{id_of(1)}").text
    assert "Somebody has noted it already." in press(client, f"{PAGE}/c1/done", PAGE).text
    assert "It is on the list again." in press(client, f"{PAGE}/c1/open", PAGE).text
    assert "Please say:" in client.get(PAGE).text
    assert house.audited() == ["host called", "call opened again"]


def test_the_list_is_printed_with_numbers_which_is_noted(house: House) -> None:
    call(house, 1)
    call(house, 2)
    page = press(house.person(), f"{PAGE}/print", PAGE)
    assert "+16265550001" in page.text
    assert "+16265550002" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert house.audited() == ["call list printed"]


def test_who_was_reached_after_all_needs_no_call(house: House) -> None:
    call(house)
    house.run("update messages set state = 'delivered'")
    assert "Nobody has to be called." in house.person().get(PAGE).text


def test_who_may_only_look_sees_no_number(house: House) -> None:
    call(house)
    client = house.person(f"planner@{CITY}")
    page = client.get(PAGE).text
    assert "Please say:" in page
    assert "<button" not in page.partition("<main")[2]
    assert client.post(f"{PAGE}/c1/number").status_code == 403
