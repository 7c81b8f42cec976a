"""What is removed when its days are over, what stays, and what the page and the command say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from click.testing import CliRunner

from services.registration.adapters.links import Links
from services.registration.adapters.postgres_cities import CityMemory
from services.registration.adapters.postgres_parties import PostgresPartyBook
from services.registration.commands.purging import purge
from services.registration.domain.forgetting import forget, spoken_block
from services.registration.domain.keeping import GROUPS
from services.registration.purge_desk import TOLD, PurgeDesk
from shared.clock import SystemClock
from shared.contracts.envelope import Envelope, decode
from tests.registration.builders import a_party, body, city_text
from tests.registration.conftest import SECRET, Service
from tests.registration.staff_browser import planner_of, send_form

RETENTION = "\n[retention]\ncontacts = 90\naddresses = 90\nnotes = 30\n"
PATH = "/staff/pasadena/settings/retention"


class _Later:
    """A clock that stands."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now


AFTER_31 = _Later(datetime(2027, 9, 4, 12, tzinfo=UTC))
AFTER_91 = _Later(datetime(2027, 11, 3, 12, tzinfo=UTC))


def _registered(service: Service, extra: str = RETENTION) -> str:
    service.add_city(city_text() + extra)
    fields = {"location_notes": "Behind the church", "rain_plan": "In the garage", "lat": 34.151234}
    answer = service.client.post("/api/v1/cities/pasadena/parties", json=body(**fields))
    assert answer.status_code == 201, answer.text
    return str(answer.json["api_url"]) if answer.json else ""


def _desk(service: Service, clock: _Later) -> PurgeDesk:
    return PurgeDesk(
        service.pool, clock, CityMemory(service.pool), Links(SECRET, "http://localhost")
    )


def _purge(service: Service, clock: _Later, *, dry: bool = False) -> dict[str, int]:
    desk = _desk(service, clock)
    found = desk.cities.find("pasadena")
    assert found
    return desk.purge(found, "a test", dry=dry)


def _everything(service: Service) -> str:
    return str(
        service.ask("select document::text from parties union all select after::text from"
                    " party_history union all select before::text from party_history")
    )  # fmt: skip


def test_a_block_keeps_no_house_number() -> None:
    assert spoken_block("412 North Maple Street, Pasadena") == "400 block of N Maple St"
    assert spoken_block("400 block of N Maple St") == "400 block of N Maple St"
    assert spoken_block("Oak Ave & Elm St") == "Elm St & Oak Ave"
    assert spoken_block("Ana Reed's garden") == ""


def test_forgetting_twice_changes_nothing_more() -> None:
    party = a_party(address="412 N Maple St", location_notes="x", rain_plan="y")
    once = forget(party, frozenset(GROUPS))
    assert forget(once, frozenset(GROUPS)) == once
    assert (once.details.people, once.details.wanted) == (40, ("police",))
    assert once.details.host.name == once.details.host.phone == once.details.host.email == ""


def test_each_group_goes_when_its_own_days_are_over(service: Service) -> None:
    _registered(service)
    assert _purge(service, _Later(datetime(2027, 9, 1, 12, tzinfo=UTC))) == {}
    assert _purge(service, AFTER_31) == {"notes and answers of parties": 1, TOLD: 1}
    assert "Behind the church" not in _everything(service)
    assert "Ana Reed" in _everything(service)
    report = _purge(service, AFTER_91)
    assert report == {"contacts of parties": 1, "exact addresses of parties": 1, TOLD: 1}
    for words in ("Ana Reed", "5550123", "ana@example.org", "34.1512", "garage"):
        assert words not in _everything(service)
    assert service.ask("select document #>> '{details,people}', state from parties") == [
        ("40", "registered")
    ]
    assert _purge(service, AFTER_91) == {}
    assert service.count("purges") == 2
    assert service.ask("select count(*) from audit where what = 'personal data removed'") == [(2,)]


def test_a_dry_run_says_the_same_and_removes_nothing(service: Service) -> None:
    _registered(service)
    before = _everything(service)
    dry = _purge(service, AFTER_91, dry=True)
    assert _everything(service) == before
    assert service.count("purges") == 0
    assert _purge(service, AFTER_91) == dry


def test_the_history_goes_as_a_whole_when_its_days_are_over(service: Service) -> None:
    _registered(service, "\n[retention]\nhistory = 10\n")
    assert _purge(service, AFTER_31) == {"history of parties": 1, TOLD: 1}
    assert service.count("party_history") == 0
    assert "Ana Reed" in _everything(service)


def test_this_years_parties_are_left_alone(service: Service) -> None:
    _registered(service)
    this_year = a_party()
    far = replace(
        this_year.details.span,
        opens=this_year.details.span.opens + timedelta(days=365),
        closes=this_year.details.span.closes + timedelta(days=365),
    )
    with service.pool.connection() as conn:
        details = replace(this_year.details, span=far)
        PostgresPartyBook(conn).add(replace(this_year, details=details))
    assert _purge(service, AFTER_91)["contacts of parties"] == 1
    assert service.ask("select count(*) from parties where document::text like '%%Ana Reed%%'") == [
        (1,)
    ]


def test_an_answered_request_is_emptied_and_an_open_one_kept(service: Service) -> None:
    service.add_city(city_text() + RETENTION)
    for name in ("Ben Open", "Cy Done"):
        form = {"programmes": "town_watch", "name": name, "phone": "6265550125"}
        send_form(service.client, "/pasadena/programmes", **form)
    service.ask(
        'update programme_requests set document = document || \'{"state": "answered"}\''
        " where document ->> 'name' = 'Cy Done' returning id"
    )
    clock = _Later(SystemClock().now() + timedelta(days=100))
    assert _purge(service, clock) == {"contacts of answered requests": 1}
    kept = str(service.ask("select document from programme_requests"))
    assert "Ben Open" in kept
    assert "Cy Done" not in kept


def test_the_daily_round_purges_once_a_day_and_only_where_a_city_wants_it(service: Service) -> None:
    _registered(service)
    service.add_city(city_text(slug="keeper"))
    desk = _desk(service, AFTER_91)
    desk.round()
    desk.round()
    assert service.ask("select city, made_by from purges") == [("pasadena", "the daily round")]
    assert service.ask("select city from purge_rounds") == [("pasadena",)]


def test_a_link_to_a_party_that_was_forgotten_says_so_kindly(service: Service) -> None:
    soon = datetime.now(UTC).date() - timedelta(days=100)
    service.add_city(city_text(date=soon.isoformat()) + RETENTION)
    api = service.client.post(
        "/api/v1/cities/pasadena/parties", json=body(starts_at="18:30", ends_at="21:00")
    ).json
    assert api
    page = api["status_url"].removeprefix("http://localhost")
    assert service.client.get(page).status_code in (200, 410)
    assert _purge(service, _Later(SystemClock().now()))["contacts of parties"] == 1
    answer = service.client.get(page)
    assert answer.status_code == 410
    assert "Thank you for being its host" in answer.text
    assert "Gracias por haber sido" in service.client.get(f"{page}?lang=es").text
    assert service.client.get(api["api_url"]).status_code == 404


def test_the_page_shows_what_would_go_removes_it_and_reports(service: Service) -> None:
    old = datetime.now(UTC).date() - timedelta(days=100)
    service.add_city(city_text(date=old.isoformat()) + RETENTION)
    service.client.post("/api/v1/cities/pasadena/parties", json=body())
    planner = planner_of(service)
    page = planner.get(PATH).text
    assert "<strong>1</strong> contacts of parties" in page
    assert "90 days after the evening" in page
    assert send_form(planner, PATH).status_code == 303
    after = planner.get(PATH).text
    assert "1 contacts of parties" in after
    assert "Remove this for good" not in after


def test_the_command_says_what_it_removed(service: Service) -> None:
    _registered(service)
    arguments = ["--city", "pasadena", "--dry-run"]
    dry = CliRunner().invoke(purge, arguments, env=service.environ)
    assert dry.output.endswith("would be told to do the same.\n")
    service.add_city(city_text())
    none = CliRunner().invoke(purge, ["--city", "pasadena"], env=service.environ)
    assert "the settings keep everything" in none.output


def _facts(service: Service) -> list[Envelope]:
    query = "select body from outbox where type like 'party.%%' order by id"
    return [decode(bytes(body)) for (body,) in service.ask(query)]


def test_the_others_are_told_once_of_each_party_and_what_is_left_of_it(service: Service) -> None:
    _registered(service)
    _purge(service, AFTER_31)
    _purge(service, AFTER_91)
    _purge(service, AFTER_91)
    registered, first, second = _facts(service)
    assert [first.data.groups, second.data.groups] == [
        ("notes",),
        ("contacts", "addresses", "notes"),
    ]
    assert [e.revision for e in (registered, first, second)] == [1, 2, 3]
    assert service.ask("select revision, (document ->> 'revision')::int from parties") == [(3, 3)]
    left = second.data.party
    assert (left.host.name, left.host.phone, left.status_url) == ("", "", "")
    assert left.people == 40


def test_facts_that_are_kept_lose_what_was_removed(service: Service) -> None:
    _registered(service)
    _purge(service, AFTER_91)
    assert [e.type for e in _facts(service)] == ["party.registered.v1", "party.forgotten.v1"]
    kept = str(service.ask("select encode(body, 'escape') from outbox"))
    for words in ("Ana Reed", "5550123", "ana@example.org", "34.1512", "church"):
        assert words not in kept


def test_what_an_earlier_version_purged_is_told_by_the_next_purge(service: Service) -> None:
    _registered(service)
    _purge(service, AFTER_91)
    assert service.ask("delete from told_to_forget returning 1") == [(1,)]
    assert _purge(service, AFTER_91) == {TOLD: 1}
    assert _purge(service, AFTER_91) == {}


def test_a_party_that_was_held_back_is_told_to_nobody(service: Service) -> None:
    _registered(service)
    held = "update parties set document = jsonb_set(document, '{held}', '\"fast\"') returning 1"
    assert service.ask(held) == [(1,)]
    assert TOLD not in _purge(service, AFTER_91)
    assert [e.type for e in _facts(service)] == ["party.registered.v1"]


def test_what_else_is_kept_of_a_party_goes_with_its_group(service: Service) -> None:
    _registered(service)
    ref = "(select id from parties)"
    for row in (
        f"insert into heard_replies values ('pasadena', 'r', 1, {ref}, 'other', null, 'Ana here',"
        " 'sms', now())",
        f"insert into confirmed_contacts values ({ref}, 'abcd', now())",
        f"insert into heard_visits values ('pasadena', {ref}, 1, false, '', null, null, 'x',"
        " 'Ana is ill', 'Ana is ill')",
        f"insert into heard_messages values ('pasadena', {ref}, 'm', 1, 't', 'sms', false,"
        " 'no such number +16265550123', now())",
    ):
        assert service.ask(f"{row} returning 1") == [(1,)]
    report = _purge(service, AFTER_91)
    for what in ("words of hosts", "confirmations of contacts", "words about visits",
                 "addresses of messages"):  # fmt: skip
        assert report[what] == 1
    assert service.ask("select detail from heard_messages") == [("no such number …",)]
    assert service.ask("select words, meaning from heard_replies") == [("", "other")]
    assert service.ask("select why, detail, reason from heard_visits") == [("", "", "x")]
    assert set(_purge(service, AFTER_91)) == set()


def test_rows_and_samples_of_lists_go_with_the_parties_that_they_made(service: Service) -> None:
    _registered(service)
    made = (
        "insert into imports (id, city, name, sheet, state, header_line, columns, mapping, sample,"
        " made_by, made_at, finished_at) values (gen_random_uuid(), 'pasadena', 'l.csv', '',"
        " 'done', 0, '{}', '{}', '[[\"Ana\"]]', 'Kim', now(), now()) returning id"
    )
    number = service.ask(made)[0][0]
    rows = (
        "insert into import_rows (import_id, line, key, cells, said, party_id)"
        f" values ('{number}', 1, 'k', '{{Ana}}', '{{}}', (select id from parties)) returning 1"
    )
    assert service.ask(rows) == [(1,)]
    report = _purge(service, AFTER_91)
    assert (report["rows of lists"], report["samples of lists"]) == (1, 1)
    assert service.ask("select cells, said, key from import_rows") == [([], None, "k")]
    assert service.ask("select sample, name from imports") == [([], "l.csv")]
    assert _purge(service, AFTER_91) == {}
