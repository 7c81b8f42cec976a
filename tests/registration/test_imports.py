"""Lists brought in as jobs: previewed, mapped, merged, carried on, cancelled, undone."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from services.registration.adapters.export_desk import ExportDesk
from services.registration.adapters.exports import as_csv
from services.registration.adapters.import_desk import NotNow
from services.registration.adapters.postgres_imports import forget_old_imports
from services.registration.domain.imports import Import
from services.registration.domain.listing import Listing
from services.registration.domain.sheet import SheetWrong
from services.registration.import_batch import BATCH
from shared.clock import SystemClock
from tests.registration.builders import a_city, answered, body
from tests.registration.conftest import Service
from tests.registration.lists import Lists, csv_of, workbook

HEADER = "permit,address,name,people,phone"


@pytest.fixture
def lists(service: Service) -> Lists:
    return Lists(service)


def _results(found: Import) -> tuple[int, int, int, int, int]:
    counts = found.results or found.counts
    names = ("new", "changed", "unchanged", "kept", "refused")
    new, changed, unchanged, kept, refused = (counts.get(name, 0) for name in names)
    return new, changed, unchanged, kept, refused


def _of_host(service: Service, whose: str, **changes: object) -> None:
    """The host of the party by that name changes it."""
    planner = service.bearer("planner", "pasadena")
    listed = answered(service.client.get("/api/v1/cities/pasadena/parties", headers=planner))
    own = next(party["api_url"] for party in listed["parties"] if party["name"] == whose)
    answer = service.client.patch(own, json={"host_name": "Ana Reed", **changes})
    assert answer.status_code == 200, answer.text


def test_a_preview_counts_every_row_and_changes_nothing(service: Service, lists: Lists) -> None:
    looked = lists.look(csv_of(HEADER, "1,1 Elm,A,4,", "2,,B,4,", "1,1 Elm,A,4,", "3,3 Elm,C,x,"))
    assert (looked.state, looked.total, _results(looked)) == ("checked", 4, (1, 0, 0, 0, 3))
    assert service.count("parties") == 0
    reasons = [row.sentence() for row in lists.desk.rows(looked.id, "refused")]
    assert reasons == [
        "address: Please give an address.",
        "reference: The row repeats line 2.",
        "people: Please give a number from 0 to 100,000.",
    ]


def test_a_list_is_brought_in_once_and_then_unchanged(service: Service, lists: Lists) -> None:
    data = csv_of(HEADER, "1,1 Elm,A,4,(626) 555-0123", "2,2 Elm,B,4,")
    assert _results(lists.bring_in(data)) == (2, 0, 0, 0, 0)
    again = lists.look(data)
    assert _results(again) == (0, 0, 2, 0, 0)
    assert service.count("parties") == 2
    assert service.said().count("party.registered.v1") == 2


def test_fields_are_merged_one_by_one_and_a_newer_edit_stays(
    service: Service, lists: Lists
) -> None:
    lists.bring_in(csv_of(HEADER, "1,1 Elm,A,4,(626) 555-0123"))
    _of_host(service, "A", name="By its host")
    found = lists.bring_in(csv_of(HEADER, "1,1 Elm,By the list,9,(626) 555-0123"))
    assert _results(found) == (0, 1, 0, 0, 0)
    (row,) = lists.desk.rows(found.id, "changed")
    assert row.changes == (("people", "4", "9"),)
    assert row.kept == (("name", "By its host", "By the list"),)
    third = lists.bring_in(csv_of(HEADER, "1,1 Elm,Once more,9,(626) 555-0123"))
    assert _results(third) == (0, 0, 0, 1, 0)
    names = service.ask("select document#>>'{details,name}', revision from parties")
    assert names == [("By its host", 3)]


def test_columns_that_a_list_does_not_have_are_left_alone(service: Service, lists: Lists) -> None:
    lists.bring_in(csv_of(HEADER, "1,1 Elm,A,4,(626) 555-0123"))
    lists.bring_in(csv_of("permit,address,people", "1,1 Elm,7"))
    (details,) = service.ask("select document->'details' from parties")[0]
    assert (details["people"], details["name"]) == (7, "A")
    assert details["host"]["phone"] == "+16265550123"


def test_the_meaning_of_columns_is_remembered_for_the_city(lists: Lists) -> None:
    data = csv_of("Where,Who", "1 Elm,Ana")
    with pytest.raises(SheetWrong, match="mark the column that has the addresses"):
        lists.look(data)
    assert lists.look(data, ("address", "host_name")).counts["new"] == 1
    assert lists.look(csv_of("WHERE, Who ", "2 Elm,Bo")).mapping == ("address", "host_name")


def test_an_import_that_was_ended_goes_on_where_it_was(
    service: Service, lists: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"{n},{n} Elm,Party {n},4," for n in range(BATCH + 20)]
    looked = lists.look(csv_of(HEADER, *rows))
    lists.desk.start("pasadena", looked.id)
    lists.importer.go_on(seconds=0.0)
    assert service.count("parties") == 0
    found = lists.importer._look(looked.id)
    assert found is not None
    lists.importer._step(found)  # one batch, and then the process is killed
    assert service.count("parties") == BATCH
    done = Lists(service).run(looked.id)
    assert (done.state, _results(done)) == ("done", (BATCH + 20, 0, 0, 0, 0))
    assert service.said().count("party.registered.v1") == BATCH + 20


def test_a_file_half_read_is_read_on_and_no_row_is_doubled(
    service: Service, lists: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = lists.look(csv_of(HEADER, *(f"{n},{n} Elm,P,4," for n in range(30))))
    lists.desk.map_again("pasadena", made.id)
    lists.desk.map("pasadena", made.id, made.mapping)
    monkeypatch.setattr("services.registration.importing.LOAD", 7)
    service.ask(
        "insert into import_rows (import_id, line, key, cells)"
        " select %s, n, 'ref ' || n, array['x'] from generate_series(2, 8) n returning 1",
        made.id,
    )
    service.ask("update imports set total = 7, done = 7 where id = %s returning 1", made.id)
    assert lists.run(made.id).total == 30
    assert service.count("import_rows") == 30


def test_an_import_can_be_cancelled_and_what_it_did_be_undone(
    service: Service, lists: Lists
) -> None:
    rows = [f"{n},{n} Elm,Party {n},4," for n in range(BATCH + 20)]
    looked = lists.look(csv_of(HEADER, *rows))
    lists.desk.start("pasadena", looked.id)
    found = lists.importer._look(looked.id)
    assert found is not None
    lists.importer._step(found)
    lists.desk.cancel("pasadena", looked.id)
    assert lists.run(looked.id).state == "cancelled"
    assert service.count("parties") == BATCH
    assert lists.undo(looked.id).results["taken_back"] == BATCH
    assert service.ask("select distinct state from parties") == [("withdrawn",)]


def test_undoing_leaves_what_somebody_touched_since(service: Service, lists: Lists) -> None:
    lists.bring_in(csv_of(HEADER, "1,1 Elm,A,4,", "2,2 Elm,B,4,(626) 555-0123", "3,3 Elm,C,4,"))
    second = lists.bring_in(
        csv_of(HEADER, "1,1 Elm,A,5,", "2,2 Elm,B,5,(626) 555-0123", "9,9 Elm,Z,4,")
    )
    _of_host(service, "B", people=50)
    undone = lists.undo(second.id)
    assert (undone.state, undone.results["taken_back"], undone.results["left"]) == ("undone", 2, 1)
    rows = service.ask(
        "select document#>>'{details,name}', document#>>'{details,people}', state from parties"
        " order by 1"
    )
    assert rows == [
        ("A", "4", "registered"),
        ("B", "50", "registered"),
        ("C", "4", "registered"),
        ("Z", "4", "withdrawn"),
    ]


def test_what_was_undone_can_be_brought_in_again(service: Service, lists: Lists) -> None:
    data = csv_of(HEADER, "1,1 Elm,A,4,", "2,2 Elm,B,4,")
    lists.undo(lists.bring_in(data).id)
    assert _results(lists.bring_in(data)) == (0, 2, 0, 0, 0)
    assert service.ask("select distinct state from parties") == [("registered",)]


def test_an_undo_is_for_a_day(service: Service, lists: Lists) -> None:
    found = lists.bring_in(csv_of(HEADER, "1,1 Elm,A,4,"))

    class Later:
        def now(self) -> object:
            return SystemClock().now() + timedelta(hours=25)

    with pytest.raises(NotNow):
        Lists(service, Later()).desk.undo("pasadena", found.id)


def test_another_citys_import_is_not_found(service: Service, lists: Lists) -> None:
    found = lists.bring_in(csv_of(HEADER, "1,1 Elm,A,4,"))
    with pytest.raises(LookupError):
        lists.desk.find("dallas", found.id)


def test_links_titles_and_times_of_a_real_workbook_are_understood(
    service: Service, lists: Lists
) -> None:
    rows = [
        ["Block parties 2027", None, None],
        [None],
        ["Location", "Party", "Time", "Map"],
        ["1 Elm St", "A", "6-9 p.m.", "here"],
        ["2 Elm St", "B", "5:30 p.m. to 8.15pm", "there"],
        ["3 Elm St", "=1+1", "18:00–21:00", None],
    ]
    google = "https://www.google.com/maps/place/X/@34.1,-118.0,17z/data=!3d34.1502!4d-118.1003"
    apple = "https://maps.apple.com/?ll=34.1601,-118.1104&q=There"
    found = lists.look(workbook(rows, {"D4": google, "D5": apple}))
    assert found.columns == ("Location", "Party", "Time", "Map", "Map link")
    lists.desk.map_again("pasadena", found.id)
    lists.desk.map("pasadena", found.id, ("address", "name", "hours", "", "place"))
    lists.run(found.id)
    lists.desk.start("pasadena", found.id)
    assert _results(lists.run(found.id)) == (3, 0, 0, 0, 0)
    places = service.ask(
        "select document#>>'{details,place,lat}', document#>>'{details,place,lon}',"
        " document#>>'{details,span,opens}' from parties order by document#>>'{details,address}'"
    )
    assert places == [
        ("34.1502", "-118.1003", "2027-08-04T01:00:00+00:00"),
        ("34.1601", "-118.1104", "2027-08-04T01:00:00+00:00"),
        (None, None, "2027-08-04T01:00:00+00:00"),
    ]


def test_a_route_back_in_changes_nothing(
    service: Service, lists: Lists, export: Callable[[], bytes]
) -> None:
    for number, name in enumerate(("=1+1", "'=quoted", "Señora Ñ", "a,b\nc", "+1", "'plain")):
        made = service.client.post(
            "/api/v1/cities/pasadena/parties",
            json=body(name=name, address=f"{number} Elm St", sms_consent=number == 2),
        )
        assert made.status_code == 201
    lists.bring_in(csv_of(HEADER, "1,1 Oak,A,4,(626) 555-0123"))
    assert _results(lists.look(export())) == (0, 0, 7, 0, 0)


@pytest.fixture
def export(service: Service) -> Callable[[], bytes]:
    def written() -> bytes:
        city = a_city()
        parties = ExportDesk(service.pool).parties(city, Listing(), "csv")
        return "".join(as_csv(parties, city)).encode()

    return written


def test_cells_changed_in_an_export_are_taken_and_edits_made_since_stay(
    service: Service, lists: Lists, export: Callable[[], bytes]
) -> None:
    for name in ("A", "B"):
        service.client.post(
            "/api/v1/cities/pasadena/parties", json=body(name=name, address=f"{name} St")
        )
    exported = export().decode()
    _of_host(service, "B", people=77)
    sheet = exported.replace(",40,0,", ",55,0,").replace("Ana Reed", "Ann Reed")
    found = lists.bring_in(sheet.encode())
    assert _results(found) == (0, 2, 0, 0, 0)
    changed = lists.desk.rows(found.id, "changed")
    assert [(row.changes, row.kept) for row in changed] == [
        ((("people", "40", "55"), ("host_name", "Ana Reed", "Ann Reed")), ()),
        ((("host_name", "Ana Reed", "Ann Reed"),), (("people", "77", "55"),)),
    ]


def test_a_short_code_that_is_taken_is_drawn_again(
    service: Service, lists: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists.bring_in(csv_of(HEADER, "1,1 Elm,A,4,"))
    ((taken,),) = service.ask("select code from parties")
    codes = iter([taken, "FRESH1", "FRESH2", "FRESH3"])
    monkeypatch.setattr("services.registration.handlers.parties.short_code", lambda: next(codes))
    found = lists.bring_in(csv_of(HEADER, "2,2 Elm,B,4,", "3,3 Elm,C,4,"))
    assert (found.state, _results(found)) == ("done", (2, 0, 0, 0, 0))
    assert service.said().count("party.registered.v1") == 3


def test_rows_are_deleted_after_a_month_and_the_counts_stay(service: Service, lists: Lists) -> None:
    done = lists.bring_in(csv_of(HEADER, "1,1 Elm,A,4,"))
    looked = lists.look(csv_of(HEADER, "2,2 Elm,B,4,"))
    for days, rows, imports in ((29, 2, 2), (31, 0, 1)):
        with service.pool.connection() as conn:
            forget_old_imports(conn, SystemClock().now() + timedelta(days=days))
        assert (service.count("import_rows"), service.count("imports")) == (rows, imports)
    assert lists.desk.find("pasadena", done.id).results["new"] == 1
    with pytest.raises(LookupError):
        lists.desk.find("pasadena", looked.id)
