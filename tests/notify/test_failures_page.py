"""Failures: shown with reason and family, tried again where that is safe, taken back in time."""

import pytest

from shared.contracts.message import MessageSent
from tests.notify.facts import CITY, amended, party_of
from tests.notify.staff import House, code_of, host_of, id_of, press

PAGE = f"/failures/{CITY}"


def ids(house: House, channel: str = "sms") -> list[str]:
    rows = house.rows("select id from messages where channel = %s order by id", (channel,))
    return [str(row[0]) for row in rows]


def states(house: House, channel: str = "sms") -> list[str]:
    rows = house.rows("select state from messages where channel = %s order by id", (channel,))
    return [str(row[0]) for row in rows]


def later(house: House, seconds: int = 30) -> None:
    """The worker comes by after the time in which a second try can be taken back."""
    house.bench.clock.move(seconds=seconds)
    house.bench.deliver()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("failed_permanent", "refused for good"),
        ("failed_temporary", "tried until it was too late"),
        ("expired", "not sent in time"),
        ("unsure", "nobody knows"),
    ],
)
def test_a_failure_is_shown_with_its_family_and_reason(
    house: House, state: str, words: str
) -> None:
    house.hosts(host_of(1, email=False))
    house.fail(state, "the line was <busy>")
    client = house.person()
    for path in (PAGE, f"{PAGE}?family={state}"):
        page = client.get(path).text
        assert words in page
        assert "the line was &lt;busy&gt;" in page
        assert code_of(1) in page
    assert code_of(1) not in client.get(f"{PAGE}?family=expired").text or state == "expired"


def test_without_failures_the_page_says_so(house: House) -> None:
    assert "Nothing failed." in house.person().get(PAGE).text


def test_one_or_many_are_tried_again(house: House) -> None:
    house.hosts(host_of(1, email=False), host_of(2, email=False), host_of(3, email=False))
    house.fail()
    one, two, _ = ids(house)
    client = house.person()
    page = press(client, f"{PAGE}/again", PAGE, message=[one, two]).text
    assert "2 of 2 will be tried again in 20 seconds." in page
    house.bench.deliver()
    assert house.bench.taken() == 0
    later(house)
    assert states(house) == ["sent", "sent", "failed_temporary"]
    assert house.audited() == ["message tried again"] * 2


def test_nothing_is_tried_again_unless_something_is_chosen(house: House) -> None:
    house.hosts(host_of(1, email=False))
    house.fail()
    page = press(house.person(), f"{PAGE}/again", PAGE).text
    assert "Choose at least one message." in page


def test_a_second_try_is_taken_back_while_nothing_was_sent(house: House) -> None:
    house.hosts(host_of(1, email=False))
    house.fail(reason="busy")
    [one] = ids(house)
    client = house.person()
    assert "Undo" in press(client, f"{PAGE}/again", PAGE, message=one).text
    page = press(client, f"{PAGE}/{one}/undo", PAGE).text
    assert "Taken back. Nothing was sent." in page
    later(house)
    assert house.rows("select state, reason from messages") == [("failed_temporary", "busy")]
    assert house.bench.taken() == 0
    assert house.audited() == ["message tried again", "second try taken back"]


def test_what_is_on_its_way_cannot_be_taken_back(house: House) -> None:
    house.hosts(host_of(1, email=False))
    house.fail()
    [one] = ids(house)
    client = house.person()
    press(client, f"{PAGE}/again", PAGE, message=one)
    later(house)
    page = press(client, f"{PAGE}/{one}/undo", f"/broadcasts/{CITY}/new").text
    assert "cannot be taken back" in page
    assert states(house) == ["sent"]


def test_a_second_try_goes_to_the_hosts_new_address(house: House) -> None:
    house.hosts(host_of(1, email=False))
    house.fail("failed_permanent", "no such number")
    new = host_of(99, email=False)
    house.bench.hear(amended(party_of(new, id_of(1), code=code_of(1)), 2))
    [one] = ids(house)[:1]
    press(house.person(), f"{PAGE}/again", PAGE, message=one)
    assert house.rows("select to_address from messages where id = %s", (one,)) == [(new.phone,)]


NOT_SAFE = {
    "its time has passed": "update messages set expires_at = now() - interval '1 minute'",
    "there is newer news": "update messages set revision = 0 where channel = 'sms';"
    " update messages set news = 'received', revision = 5 where channel = 'email'",
    "the other way was tried instead": "update messages o set reserve_of = m.id, state = 'sent'"
    " from messages m where m.channel = 'sms' and o.channel = 'email'",
    "the party was withdrawn": "update parties set withdrawn = true",
    "the host can no longer be reached this way": "update parties set sms_consent = false",
    "opted out": "insert into consent_ledger"
    " (city, channel, address, purpose, opted_out, words, source, at)"
    " select city, channel, to_address, 'all', true, 'STOP', 'inbound', now() from messages"
    " where channel = 'sms'",
}


@pytest.mark.parametrize("why", NOT_SAFE)
def test_a_second_try_that_would_not_be_right_is_not_offered_and_not_made(
    house: House, why: str
) -> None:
    house.hosts(host_of(1))
    house.fail(where="channel = 'sms'")
    house.run(NOT_SAFE[why])
    [one] = ids(house)
    client = house.person()
    page = client.get(PAGE).text
    assert f"No second try: {why}." in page
    assert f'value="{one}"' not in page
    said = press(client, f"{PAGE}/again", f"/broadcasts/{CITY}/new", message=one).text
    assert "can no longer be tried safely" in said
    assert states(house) == ["failed_temporary"]


def test_what_nobody_knows_is_never_tried_again_in_a_heap(house: House) -> None:
    house.hosts(host_of(1, email=False))
    house.fail("unsure")
    [one] = ids(house)
    press(house.person(), f"{PAGE}/again", PAGE, message=one)
    assert states(house) == ["unsure"]


def test_a_person_decides_that_it_arrived_and_the_others_hear_of_it(house: House) -> None:
    house.hosts(host_of(1, email=False))
    house.fail("unsure")
    [one] = ids(house)
    client = house.person()
    assert "it arrived" in press(client, f"{PAGE}/{one}/arrived", PAGE).text
    assert states(house) == ["sent"]
    [fact] = [e.data for e in house.bench.published()]
    assert isinstance(fact, MessageSent)
    assert "+16265550001" not in fact.to
    again = press(client, f"{PAGE}/{one}/arrived", f"/broadcasts/{CITY}/new").text
    assert "Somebody has decided it already." in again
    assert house.audited() == ["unsure message had arrived"]


def test_a_person_decides_to_send_again_what_did_not_arrive(house: House) -> None:
    house.hosts(host_of(1, email=False))
    house.fail("unsure")
    [one] = ids(house)
    press(house.person(), f"{PAGE}/{one}/send-again", PAGE)
    later(house)
    assert states(house) == ["sent"]
    assert house.audited() == ["unsure message sent again"]


def test_who_may_only_look_finds_nothing_to_press(house: House) -> None:
    house.hosts(host_of(1), host_of(2))
    house.fail()
    house.fail("unsure", where="channel = 'email'")
    page = house.person(f"auditor@{CITY}").get(PAGE).text
    assert "checkbox" not in page
    assert "<button" not in page.partition("<main")[2].replace("Try again", "")
