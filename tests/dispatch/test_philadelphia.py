"""The 844 block parties that Philadelphia allowed for one Fourth of July, and 60 teams."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.dispatch.domain.evening import Evening, Party, Place, VisitorKind, Window
from tests.dispatch.builders import make_city, make_evening, make_party, make_team
from tests.dispatch.plans import after, plan

EVENING = Window(datetime(2008, 7, 4, 21, tzinfo=UTC), datetime(2008, 7, 5, 0, 30, tzinfo=UTC))
MADE = datetime(2008, 6, 1, tzinfo=UTC)
PARTIES, TEAMS = 844, 60


@pytest.fixture(scope="module")
def philadelphia(reference: Path) -> Evening:
    source = reference / "data" / "philadelphia_block_parties_2008-07-04.csv"
    with source.open(newline="", encoding="utf-8") as rows:
        parties = tuple(_party(number, row) for number, row in enumerate(csv.DictReader(rows)))
    teams = [
        make_team(f"t{n:02}", start=parties[n * 37 % PARTIES].place, shift=EVENING)
        for n in range(TEAMS)
    ]
    city = make_city(evening=EVENING, kinds=(VisitorKind("police", "Police", 15),))
    return make_evening(parties, teams, city=city)


def _party(number: int, row: dict[str, str]) -> Party:
    span = (datetime.fromisoformat(row[key]).astimezone(UTC) for key in ("starts_at", "ends_at"))
    return make_party(
        f"p{number:03}",
        name=row["permit_number"],
        address=row["address"],
        place=Place(float(row["lat"]), float(row["lon"])),
        window=Window(*span),
        received_at=MADE + timedelta(minutes=number),
    )


def test_every_party_is_planned_or_has_a_reason(philadelphia: Evening) -> None:
    made = plan(philadelphia)
    assert len(philadelphia.parties) == made.summary.parties == PARTIES
    assert all(told.scheduled != bool(told.reason) for told in made.told.values())
    assert len(made.told) == PARTIES
    assert made.summary.visited > 700


def test_parties_that_stream_in_tell_each_host_once(philadelphia: Evening) -> None:
    evening = after(philadelphia, plan(make_evening()), parties=(), routes={}, told={})
    news: list[str] = []
    for most in range(100, PARTIES + 100, 100):
        evening = after(evening, made := plan(evening), parties=philadelphia.parties[:most])
        news += made.news
    news += plan(evening).news
    assert sorted(news) == sorted(party.id for party in philadelphia.parties)


def test_a_withdrawal_is_news_to_few(philadelphia: Evening) -> None:
    first = plan(philadelphia)
    gone = next(iter(first.changed_routes.values()))[3].party_id
    rest = tuple(party for party in philadelphia.parties if party.id != gone)
    second = plan(after(philadelphia, first, parties=rest))
    assert gone in second.news
    moved = {party for party in second.news if first.told[party].scheduled}
    assert moved == {gone}
