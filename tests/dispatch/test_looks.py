"""No page or answer of dispatch shows an officer's number but where the table of looks says so."""

import re
from collections.abc import Iterator
from functools import partial
from io import BytesIO

import pytest
from flask import Flask

from services.dispatch.console.hub import Hub
from services.dispatch.main.access import ACCESS
from services.dispatch.main.web import assemble
from shared.access import Door, row_for
from shared.db import Pool
from shared.grants import ROLES
from shared.inbox import Inbox
from tests.dispatch.builders import city_fact, make_party, make_team, party_fact
from tests.dispatch.hearing import hear
from tests.dispatch.signing import settings_of
from tests.dispatch.test_access import client_of
from tests.dispatch.test_staffing import ANN, CITY, add
from tests.looks import LOOKS, Ask, unnoted

NUMBER = re.compile(r"626\)?\W{0,2}555\W{0,2}0137")
STREAMS = {"console.events"}
"""Never end; they carry the number of a change and nothing else."""


@pytest.fixture
def whole(pool: Pool, hub: Hub, redis_url: str, inbox: Inbox) -> Flask:
    """The application as it is served, with a team, a party and a person that has a number."""
    hear(inbox, city_fact(teams=[make_team("t1")]), party_fact(make_party("p1")))
    return assemble(settings_of(redis_url), pool, hub)


def asks(app: Flask, pool: Pool, known: dict[str, str], *roles: str) -> Iterator[tuple[str, Ask]]:
    """Every request to an endpoint about a city, with what is known in its address."""
    client = client_of(app, pool, *roles)
    page = client.get(f"/{CITY}/roster/import").text
    guard = {"csrf_token": page.partition('name="csrf_token" value="')[2].partition('"')[0]}
    for rule in app.url_map.iter_rules():
        row = row_for(ACCESS, rule.endpoint)
        if row is None or row.door not in (Door.CITY, Door.SOME_CITY) or rule.endpoint in STREAMS:
            continue
        values = {name: known.get(name, "1") for name in rule.arguments}
        _, path = rule.build(values, append_unknown=False) or ("", "")
        for method in sorted({"GET", "POST"} & set(rule.methods or ())):
            sent = guard | {"apply": "1"} if method == "POST" else {}
            yield rule.endpoint, partial(client.open, path, method=method, data=sent)


def test_a_number_is_shown_only_where_the_table_says_and_never_unnoted(
    whole: Flask, pool: Pool
) -> None:
    ann = add(pool, **ANN)
    everybody = client_of(whole, pool, *(f"{role}@{CITY}" for role in ROLES))
    choose = everybody.get(f"/{CITY}/roster/import").text
    guard = choose.partition('name="csrf_token" value="')[2].partition('"')[0]
    rows = b"Name,Phone,Languages\nAnn,626 555 0137,Klingonish\n"
    sent = {"csrf_token": guard, "file": (BytesIO(rows), "people.csv")}
    upload = everybody.post(f"/{CITY}/roster/import", data=sent).headers["Location"]
    known = {"city": CITY, "what": "people", "team_id": "t1", "party_id": "p1"}
    lists = known | {"id_": upload.rpartition("/")[2]}

    def noted() -> int:
        with pool.connection() as conn:
            row = conn.execute("select count(*) from audit").fetchone()
            return int(str(row[0])) if row else 0

    shown: set[str] = set()
    for values in (known | {"id_": ann}, lists):
        every = asks(whole, pool, values, *(f"{role}@{CITY}" for role in ROLES))
        wrong, seen = unnoted("dispatch", every, NUMBER, noted)
        assert wrong == []
        shown |= seen
    assert shown == set(LOOKS["dispatch"])
    for role in ("auditor", "notifier"):
        every = asks(whole, pool, known | {"id_": ann}, f"{role}@{CITY}")
        assert unnoted("dispatch", every, NUMBER, noted) == ([], set())


def test_a_change_of_a_number_is_listed_without_it(whole: Flask, pool: Pool) -> None:
    ann = add(pool, **ANN)
    client = client_of(whole, pool, f"auditor@{CITY}")
    answer = client.get(f"/api/v1/cities/{CITY}/roster/changes")
    (delta,) = answer.json["changes"][0]["changed"] if answer.json else [{}]
    assert (delta["id"], delta["after"]["phone"]) == (ann, "•••• 37")


@pytest.mark.parametrize(
    ("role", "offered"),
    [("auditor", set()), ("dispatcher", {"export.xlsx"}), ("planner", {"import", "export.xlsx"})],
)
def test_the_roster_offers_only_what_its_reader_may_open(
    whole: Flask, pool: Pool, role: str, offered: set[str]
) -> None:
    reader = client_of(whole, pool, f"{role}@{CITY}")
    page = reader.get(f"/{CITY}/roster").text
    assert set(re.findall(rf'/{CITY}/roster/(import|export\.xlsx)"', page)) == offered
    assert reader.get(f"/{CITY}/roster/export.xlsx").status_code == (200 if offered else 403)
