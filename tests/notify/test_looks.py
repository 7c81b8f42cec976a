"""No page or answer of notify shows a whole number but where the table of looks says so."""

import re
from collections.abc import Iterator
from functools import partial

from services.notify.main.access import ACCESS
from shared.access import Door, row_for
from shared.grants import ROLES
from tests.looks import LOOKS, Ask, unnoted
from tests.notify.facts import CITY
from tests.notify.staff import House, id_of
from tests.notify.test_calls_page import call

NUMBER = re.compile(r"626\)?\W{0,2}555\W{0,2}0001")
_TEXT = """
insert into inbound (id, city, provider, provider_ref, channel, from_address, to_address, party_id,
    team_id, body, meaning, state, received_at)
values (%s, %s, 'outbox', %s, 'sms', '+16265550001', '+16265559999', %s, '', 'Hello', 'other',
    'open', now())
"""
_LEFT = """
insert into consent_ledger (city, channel, address, purpose, opted_out, words, source, at)
values (%s, 'sms', '+16265550001', 'broadcasts', true, 'no more', 'inbound', now())
returning 1
"""
_STAFF = """
insert into staff_contacts (id, city, channel, address, name, code_hash, code_until, added_at,
    added_by)
values ('s1', %s, 'sms', '+16265550001', 'Kim', '', now(), now(), 'Kim')
"""
_TEAM = """
insert into teams values (%s, 't1', 1, 'Team 1', now(), now(), '',
    '[{"officer_id": "o1", "name": "Ann", "phone": "+16265550001", "email": "", "language": ""}]')
"""
_TO_TEAM = """
update messages set audience = 'team', team_id = 't1', contact = 'o1'
where id = (select max(id) from messages)
"""


def lived_in(house: House) -> dict[str, str]:
    """Everything that has the number in it; what names it in addresses."""
    call(house)
    house.bench.tick()
    message = str(house.rows("select min(id) from messages")[0][0])
    for text, party in (("t1", id_of(1)), ("t2", "")):
        house.run(_TEXT, (text, CITY, text, party))
    for query in (_LEFT, _STAFF, _TEAM):
        house.run(query, (CITY,))
    house.run(_TO_TEAM)
    entry = str(house.rows("select max(id) from consent_ledger")[0][0])
    known = {"city": CITY, "message_id": message, "id_": message, "text_id": "t1"}
    known |= {"call_id": "c1", "entry_id": entry, "party_id": id_of(1), "party": id_of(1)}
    return known | {"team_id": "t1", "contact_id": "s1", "template": "received"}


def asks(house: House, known: dict[str, str], *roles: str) -> Iterator[tuple[str, Ask]]:
    """Every request to an endpoint for staff, with what is known in its address."""
    client = house.person(*roles)
    page = client.get(f"/opt-outs/{CITY}").text
    guard = {"csrf_token": page.partition('name="csrf_token" value="')[2].partition('"')[0]}
    for rule in house.app.url_map.iter_rules():
        row = row_for(ACCESS, rule.endpoint)
        if row is None or row.door not in (Door.CITY, Door.SOME_CITY, Door.EVERY_CITY):
            continue
        usual = {"language": "en", "channel": "sms"} | known
        values = {name: usual.get(name, "1") for name in rule.arguments}
        _, path = rule.build(values, append_unknown=False) or ("", "")
        for method in sorted({"GET", "POST"} & set(rule.methods or ())):
            sent = guard if method == "POST" else {}
            query = "" if method == "POST" else f"?city={CITY}"
            yield rule.endpoint, partial(client.open, path + query, method=method, data=sent)


def test_a_number_is_shown_only_where_the_table_says_and_never_unnoted(house: House) -> None:
    known = lived_in(house)

    def noted() -> int:
        return house.count("audit")

    every = asks(house, known, *(f"{role}@*" for role in ROLES))
    wrong, shown = unnoted("notify", every, NUMBER, noted)
    assert wrong == []
    assert shown == set(LOOKS["notify"])
    for role in ("auditor", "planner"):
        every = asks(house, known, f"{role}@{CITY}")
        assert unnoted("notify", every, NUMBER, noted) == ([], set())
