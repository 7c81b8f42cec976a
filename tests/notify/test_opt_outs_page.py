"""Opt-outs: who, since when, for what, in whose words; added and taken back by staff."""

import pytest

from tests.notify.facts import CITY
from tests.notify.staff import House, code_of, host_of, press

PAGE = f"/opt-outs/{CITY}"


def opted_out(house: House, address: str = "+16265550001", channel: str = "sms") -> None:
    house.run(
        "insert into consent_ledger (city, channel, address, purpose, opted_out, words, source, at)"
        " values (%s, %s, %s, 'all', true, 'STOP <b>', 'inbound', now())",
        (CITY, channel, address),
    )


def holding(house: House) -> list[tuple[str, str, str]]:
    return house.rows("select channel, address, purpose from opted_out order by 1, 2, 3")


def test_an_opt_out_is_shown_masked_with_its_words_and_party(house: House) -> None:
    house.hosts(host_of(1))
    opted_out(house)
    page = house.person().get(PAGE).text
    assert "+1 •••• 01" in page
    assert "+16265550001" not in page
    assert "STOP &lt;b&gt;" in page
    assert "wrote to us" in page
    assert "everything" in page
    assert code_of(1) in page


def test_nobody_opted_out(house: House) -> None:
    assert "Nobody has opted out." in house.person().get(PAGE).text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("(626) 555-0001", ("sms", "+16265550001", "broadcasts")),
        ("Ana@Example.ORG", ("email", "Ana@example.org", "broadcasts")),
    ],
)
def test_staff_notes_an_opt_out_that_came_by_telephone(
    house: House, typed: str, kept: tuple[str, str, str]
) -> None:
    fields = {"address": typed, "purpose": "broadcasts", "words": "called: no more, please"}
    page = press(house.person(name="Kim Lee"), PAGE, PAGE, **fields).text
    assert "Noted." in page
    assert "Kim Lee" in page
    assert holding(house) == [kept]
    assert house.audited() == ["opt-out added"]


def test_what_is_missing_is_told_beside_its_field_and_what_was_typed_stays(house: House) -> None:
    answer = press(house.person(), PAGE, PAGE, address="12", purpose="x", words=" ")
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 3
    assert 'value="12"' in answer.text
    assert holding(house) == []


def test_an_opt_out_is_taken_back_with_a_reason_and_the_history_stays(house: House) -> None:
    house.hosts(host_of(1))
    opted_out(house)
    client = house.person(name="Kim Lee")
    without = press(client, f"{PAGE}/1/take-back", f"{PAGE}/1", words="")
    assert without.status_code == 422
    press(client, f"{PAGE}/1/take-back", f"{PAGE}/1", words="Ana called, wants texts")
    assert holding(house) == []
    page = client.get(f"{PAGE}/1").text
    assert "Hears from us again." in page
    assert page.index("Ana called, wants texts") < page.index("STOP &lt;b&gt;")
    assert house.count("consent_ledger") == 2
    assert house.audited() == ["opt-out taken back"]


def test_the_whole_address_is_shown_on_request_and_that_is_noted(house: House) -> None:
    opted_out(house, "ana@example.org", "email")
    client = house.person()
    assert "ana@example.org" not in client.get(f"{PAGE}/1").text
    assert "ana@example.org" in press(client, f"{PAGE}/1/address", f"{PAGE}/1").text
    assert house.audited() == ["address shown"]


def test_another_citys_entry_is_not_there(house: House) -> None:
    opted_out(house)
    client = house.person("notifier@dallas")
    assert client.get("/opt-outs/dallas/1").status_code == 404
    assert client.get(f"{PAGE}/1").status_code == 403
