"""The roster's rules: times and fields as people write them, conflicts, the city's file, undo."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from services.dispatch.adapters.contacts import Contacts
from services.dispatch.domain.evening import Team
from services.dispatch.domain.roster.city_file import as_told, hear_file, person_id
from services.dispatch.domain.roster.clock import (
    moment_of,
    plain_pause,
    read_clock,
    read_pause,
    read_span,
    say_pause,
    say_span,
)
from services.dispatch.domain.roster.conflicts import conflicts_of, counted
from services.dispatch.domain.roster.derived import cells_of, languages_of, teams_of
from services.dispatch.domain.roster.moving import Mover, moved
from services.dispatch.domain.roster.reading import FieldsWrong, Terms, read_entry
from services.dispatch.domain.roster.undoing import CannotUndo, undone
from services.dispatch.domain.roster.values import (
    Change,
    Crew,
    Delta,
    Person,
    Roster,
    Vehicle,
    applied,
    numbered,
)
from tests.dispatch.builders import NOON, at, make_city, make_party, make_team, place
from tests.dispatch.rostered import make_crew, make_roster

ANN, BEN = Person("ann", "Ann", languages=("es",)), Person("ben", "Ben", kinds=("fire",))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("5:30 p.m.", 1050),
        ("5:30PM", 1050),
        ("5 pm", 1020),
        ("5p", 1020),
        ("17:30", 1050),
        ("1730", 1050),
        ("17.30", 1050),
        ("17:30:00", 1050),
        ("12 am", 0),
        ("12 pm", 720),
        ("noon", 720),
        ("midnight", 1440),
        ("24:00", 1440),
        ("0.7291666667", 1050),
        ("2027-08-03 17:30", 1050),
    ],
)
def test_times_are_read_as_people_write_them(text: str, minutes: int) -> None:
    assert read_clock(text) == minutes


@pytest.mark.parametrize("text", ["", "soon", "25:00", "13 pm", "5:75", "24:30", "=1+1", "5:30 xm"])
def test_what_is_no_time_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="must be a time like 5:30 PM"):
        read_clock(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("7:30-7:45 PM", "7:30–7:45 PM"),
        ("7:30 PM to 7:45 PM", "7:30–7:45 PM"),
        ("11:45 AM-12:15 PM", "11:45 AM–12:15 PM"),
        ("19:30–19:45", "7:30–7:45 PM"),
        ("23:45-00:15", "11:45 PM–12:15 AM"),
    ],
)
def test_spans_are_read_and_said(text: str, said: str) -> None:
    assert say_span(*read_span(text)) == said


def test_a_clock_s_moment_follows_the_city_s_zone_and_day() -> None:
    found = moment_of(24 * 60 + 30, "2026-08-04", ZoneInfo("America/Los_Angeles"))
    assert found.astimezone(UTC) == datetime(2026, 8, 5, 7, 30, tzinfo=UTC)


def terms(*entries: Person | Vehicle) -> Terms:
    return Terms.of(make_roster(*entries), make_city().kinds, Contacts())


def test_fields_come_as_json_or_as_one_text() -> None:
    given = {"name": " Ann  Lee ", "languages": "Spanish, asl", "kinds": ["Fire engine"]}
    read = read_entry(Person("x", ""), given, terms())
    assert (read.name, read.languages, read.kinds) == ("Ann Lee", ("es", "ase"), ("fire",))
    crew = read_entry(
        Crew("x", "Patrol"),
        {"opens": "6 pm", "closes": "00:30", "breaks": "8-8:15 pm; 9-9:10 pm", "start": "34, -118"},
        terms(),
    )
    assert (crew.opens, crew.closes) == (1080, 1470)
    assert crew.breaks == ((1200, 1215, 15), (1260, 1270, 10))


@pytest.mark.parametrize(
    ("base", "given", "field"),
    [
        (Person("x", ""), {}, "name"),
        (Person("x", ""), {"name": "  "}, "name"),
        (Person("x", ""), {"name": "x" * 121}, "name"),
        (Person("x", "A"), {"group": "pirate"}, "group"),
        (Person("x", "A"), {"kinds": ["dragons"]}, "kinds"),
        (Person("x", "A"), {"languages": "Klingonish"}, "languages"),
        (Person("x", "A"), {"nonsense": 1}, "nonsense"),
        (Vehicle("x", "A"), {"seats": "many"}, "seats"),
        (Vehicle("x", "A"), {"seats": -1}, "seats"),
        (Crew("x", "A"), {"members": ["nobody"]}, "members"),
        (Crew("x", "A"), {"members": [1]}, "members"),
        (Crew("x", "A"), {"vehicle": "none"}, "vehicle"),
        (Crew("x", "A"), {"start": {"lat": 200, "lon": 0}}, "start"),
        (Crew("x", "A"), {"start": "here"}, "start"),
        (Crew("x", "A"), {"opens": "soon"}, "opens"),
        (Crew("x", "A"), {"breaks": "8 pm"}, "breaks"),
        (Crew("x", "A"), {"breaks": "8-9 pm; 8:30-9:30 pm"}, "breaks"),
        (Crew("x", "A"), {"most_stops": True}, "most_stops"),
    ],
)
def test_a_wrong_field_is_named(
    base: Person | Vehicle | Crew, given: dict[str, object], field: str
) -> None:
    with pytest.raises(FieldsWrong) as wrong:
        read_entry(base, given, terms())
    assert list(wrong.value.fields) == [field]


def conflicts(*entries: Person | Vehicle | Crew) -> set[str]:
    roster = make_roster(*entries)
    parties = (make_party("p1", wanted=("fire",)), make_party("p2", language="vi"))
    return {conflict.kind for conflict in conflicts_of(roster, make_city(), parties)}


@pytest.mark.parametrize(
    ("entries", "kind"),
    [
        ([make_crew("a", members=("ann",)), make_crew("b", members=("ann",))], "people_twice"),
        ([make_crew("a", vehicle="car"), make_crew("b", vehicle="car")], "vehicles_twice"),
        ([make_crew("a", opens=9 * 60, closes=12 * 60)], "outside_evening"),
        ([make_crew("a", closes=23 * 60)], "outside_evening"),
        ([make_crew("a", opens=22 * 60, closes=21 * 60)], "shift_empty"),
        ([make_crew("a", breaks=((600, 615, 15),))], "break_outside"),
        ([make_crew("a")], "no_members"),
        ([make_crew("a")], "no_vehicle"),
        ([make_crew("a", members=("ann", "ben"), vehicle="bike")], "too_few_seats"),
        ([make_crew("a", start=None)], "no_start"),
        ([make_crew("a", kinds=())], "no_kinds"),
        ([make_crew("a")], "kind_missing"),
        ([make_crew("a")], "language_missing"),
    ],
)
def test_conflicts_are_found(entries: list[Crew], kind: str) -> None:
    assert kind in conflicts(
        ANN, BEN, Vehicle("car", "Car"), Vehicle("bike", "Bike", "", 1), *entries
    )


def test_one_after_the_other_is_no_conflict() -> None:
    early = make_crew("a", members=("ann",), closes=20 * 60)
    late = make_crew("b", members=("ann",), opens=20 * 60)
    assert "people_twice" not in conflicts(ANN, early, late)


def test_a_roster_without_conflicts_has_none() -> None:
    crew = make_crew("a", kinds=(), members=("ann", "ben"), vehicle="car")
    ann = replace(ANN, languages=("vi",))
    assert conflicts(ann, BEN, Vehicle("car", "Car", "", 4), crew) == set()


def test_the_roster_is_counted_in_words() -> None:
    roster = make_roster(ANN, BEN, replace(ANN, id="c"), make_crew("a"))
    assert counted(roster) == ["1 team", "3 officers", "2 speak Spanish"]


def test_kinds_and_languages_follow_from_members_unless_they_are_set() -> None:
    derived, own = (
        make_crew("a", kinds=(), members=("ann", "ben")),
        make_crew("b", members=("ben",)),
    )
    roster = make_roster(ANN, BEN, derived, own)
    first, second = teams_of(roster, make_city())
    assert (first.kinds, first.languages, first.members) == (("fire",), ("es",), ("Ann", "Ben"))
    assert (second.kinds, second.languages) == (("police",), ("en",))
    assert languages_of(replace(own, languages=("fr",)), roster) == ("fr",)


def test_a_vehicle_of_a_visitor_kind_brings_it() -> None:
    roster = make_roster(Vehicle("e", "E-32", "Fire Engine"), make_crew("a", kinds=(), vehicle="e"))
    assert teams_of(roster, make_city())[0].kinds == ("fire",)


def test_what_a_team_does_not_say_is_as_usual() -> None:
    bare = Crew("c", "Patrol c", position=2)
    roster = make_roster(make_crew("a"), make_crew("b"), bare)
    usual, _, found = teams_of(roster, make_city())
    assert (found.start, found.shift) == (usual.start, usual.shift)


# --- the city's file ---


def heard(roster: Roster, *teams: Team, **over: str) -> Roster:
    city = make_city(**over)
    deltas = numbered(hear_file(roster, city, teams), roster.version + 1)
    return replace(applied(roster, deltas), told=as_told(teams, city))


def edited(roster: Roster, crew: Crew) -> Roster:
    return applied(roster, [Delta("teams", roster.teams[crew.id], crew)])


FIRST = heard(Roster("pasadena"), make_team("t1"), make_team("t2", members=("Sgt. B", "FF C")))


def test_a_first_file_makes_teams_and_people() -> None:
    assert [crew.name for crew in FIRST.teams.values()] == ["Team t1", "Team t2"]
    groups = {person.name: person.group for person in FIRST.people.values()}
    assert groups == {"A. Officer": "officer", "Sgt. B": "officer", "FF C": "firefighter"}
    assert teams_of(FIRST, make_city())[0] == make_team("t1")


def test_languages_of_members_count_where_the_file_says_no_more_than_english() -> None:
    known = replace(FIRST.people[person_id("A. Officer")], languages=("en", "es"))
    kept = applied(FIRST, [Delta("people", FIRST.people[known.id], known)])
    assert teams_of(kept, make_city())[0].languages == ("en", "es")


def test_the_same_file_changes_nothing() -> None:
    teams = (make_team("t1"), make_team("t2", members=("Sgt. B", "FF C")))
    assert hear_file(FIRST, make_city(), teams) == []


def test_a_newer_file_changes_what_nobody_edited() -> None:
    kept = edited(FIRST, replace(FIRST.teams["t1"], name="Alpha"))
    new = make_team("t1", name="Beta", kinds=("fire",), members=("A. Officer", "D"))
    found = heard(kept, new, make_team("t2", members=("Sgt. B", "FF C"))).teams["t1"]
    assert (found.name, found.kinds) == ("Alpha", ("fire",))
    assert found.members == (person_id("A. Officer"), person_id("D"))


def test_a_team_deleted_here_stays_deleted_and_one_left_out_goes_unless_edited() -> None:
    without = applied(FIRST, [Delta("teams", FIRST.teams["t1"], None)])
    assert list(heard(without, make_team("t1"), make_team("t3")).teams) == ["t3"]
    kept = edited(FIRST, replace(FIRST.teams["t1"], most_stops=4))
    assert list(heard(kept, make_team("t3")).teams) == ["t1", "t3"]


def test_people_whom_the_file_no_longer_names_go_unless_something_is_known_of_them() -> None:
    known = replace(FIRST.people[person_id("FF C")], languages=("es",))
    kept = applied(FIRST, [Delta("people", FIRST.people[known.id], known)])
    names = {person.name for person in heard(kept, make_team("t1")).people.values()}
    assert names == {"A. Officer", "FF C"}


def test_on_the_rain_date_every_shift_follows() -> None:
    kept = edited(FIRST, replace(FIRST.teams["t2"], opens=19 * 60))
    later = replace(make_team("t1").shift, opens=at(24 * 60), closes=at(28 * 60))
    rain = make_city(date="2026-08-05", evening=later)
    teams = [make_team(t, shift=later) for t in ("t1", "t2")]
    found = heard(kept, *teams, date="2026-08-05")
    first, second = teams_of(found, rain)
    assert first.shift == later
    assert second.shift == replace(later, opens=at(25 * 60))


# --- moves and undo ---


def change(*deltas: Delta) -> Change:
    return Change(2, NOON, "k", "Kim", "moved", "Moved.", tuple(numbered(deltas, 2)))


def test_moves_take_people_out_of_the_team_that_they_were_in_and_leave_others() -> None:
    roster = make_roster(ANN, BEN, make_crew("a", members=("ann", "ben")), make_crew("b"))
    after = applied(roster, moved(roster, [Mover("people", "ann", "a")], "b"))
    assert (after.teams["a"].members, after.teams["b"].members) == (("ben",), ("ann",))


def test_a_move_is_undone_although_others_moved_since() -> None:
    roster = make_roster(ANN, BEN, make_crew("a", members=("ann", "ben")), make_crew("b"))
    first = change(*moved(roster, [Mover("people", "ann", "a")], "b"))
    after = applied(roster, list(first.deltas))
    after = applied(after, moved(after, [Mover("people", "ben", "a")], "b"))
    back = applied(after, undone(after, first))
    assert (back.teams["a"].members, back.teams["b"].members) == (("ann",), ("ben",))


def test_a_deleted_person_comes_back_into_the_team() -> None:
    roster = make_roster(ANN, make_crew("a", members=("ann",)))
    gone = change(
        *moved(roster, [Mover("people", "ann")], "", everywhere=True), Delta("people", ANN, None)
    )
    after = applied(roster, list(gone.deltas))
    assert (after.people, after.teams["a"].members) == ({}, ())
    back = applied(after, undone(after, gone))
    assert back.people["ann"].name == "Ann"
    assert back.teams["a"].members == ("ann",)


def test_what_was_changed_again_is_not_undone() -> None:
    roster = make_roster(make_crew("a"))
    renamed = replace(roster.teams["a"], name="Alpha")
    done = change(Delta("teams", roster.teams["a"], renamed))
    again = edited(roster, replace(renamed, name="Beta"))
    with pytest.raises(CannotUndo, match="Alpha"):
        undone(again, done)
    other = edited(roster, replace(renamed, most_stops=3))
    (back,) = undone(other, done)
    assert isinstance(back.after, Crew)
    assert (back.after.name, back.after.most_stops) == ("Patrol a", 3)


def test_cells_read_back_as_they_were_written() -> None:
    crew = make_crew(
        "a",
        breaks=((1200, 1215, 15), (1260, 1320, 20)),
        areas=("north",),
        most_stops=5,
        end=place(1),
    )
    cells = dict(cells_of(crew, make_roster(crew)))
    given = {name: text for name, text in cells.items() if name not in ("members", "vehicle")}
    read = read_entry(Crew("a", ""), given, terms())
    assert dict(cells_of(read, make_roster(read))) == cells


@pytest.mark.parametrize(
    ("text", "pause"),
    [
        ("8:00-8:20 PM", (1200, 1220, 20)),
        ("20 min within 7:30-8:30 PM", (1170, 1230, 20)),
        ("7:30-8:30 PM (20 minutes)", (1170, 1230, 20)),
    ],
)
def test_a_break_is_a_span_or_so_many_minutes_within_one(
    text: str, pause: tuple[int, int, int]
) -> None:
    assert read_pause(text) == pause
    assert read_pause(say_pause(pause)) == read_pause(plain_pause(pause)) == pause


def test_a_break_needs_room_for_its_minutes() -> None:
    with pytest.raises(ValueError, match="must have room for the 90 minutes"):
        read_pause("90 min within 7:30-8:30 PM")
