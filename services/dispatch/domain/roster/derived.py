"""What follows from a roster: the teams that planning reads, what is usual, its entries as text.

Handlers, adapters and edges use it. Pure.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from zoneinfo import ZoneInfo

from services.dispatch.domain.evening import BreakTime, City, Place, Team, Window
from services.dispatch.domain.roster.clock import minutes_of, moment_of, plain_clock, plain_pause
from services.dispatch.domain.roster.reading import bare
from services.dispatch.domain.roster.values import Crew, Entry, Person, Roster, Vehicle

ENGLISH = ("en",)


@dataclass(frozen=True, slots=True)
class Usual:
    """Where and when most teams of a city begin and end; what a team has that says nothing."""

    start: Place | None
    start_name: str
    opens: int
    closes: int


def usual_of(roster: Roster, city: City) -> Usual:
    """The commonest start and shift; without any team the evening itself."""
    starts = Counter((c.start, c.start_name) for c in roster.teams.values() if c.start)
    shifts = Counter(
        (crew.opens, crew.closes)
        for crew in roster.teams.values()
        if crew.opens is not None and crew.closes is not None
    )
    zone = ZoneInfo(city.zone)
    evening = (city.evening.opens, city.evening.closes)
    opens, closes = (minutes_of(moment, city.date, zone) for moment in evening)
    start, name = next(iter(starts.most_common(1)), ((None, ""), 0))[0]
    if shifts:
        most, last = shifts.most_common(1)[0][0]
        opens, closes = most or 0, last or 0
    return Usual(start, name, opens, closes)


def kinds_of(crew: Crew, roster: Roster, city: City) -> tuple[str, ...]:
    """The team's own kinds, else what its members and its vehicle bring, in the city's order."""
    if crew.kinds:
        return crew.kinds
    brought = {kind for person in members_of(crew, roster) for kind in person.kinds}
    vehicle = roster.vehicles.get(crew.vehicle)
    words = {bare(vehicle.kind)} if vehicle and vehicle.kind else set()
    return tuple(
        kind.code
        for kind in city.kinds
        if kind.code in brought or words & {bare(kind.code), bare(kind.name)}
    )


def languages_of(crew: Crew, roster: Roster) -> tuple[str, ...]:
    """The team's own languages, else those of its members, else English."""
    if crew.languages:
        return crew.languages
    spoken = [code for person in members_of(crew, roster) for code in person.languages]
    return tuple(dict.fromkeys(spoken)) or ENGLISH


def members_of(crew: Crew, roster: Roster) -> list[Person]:
    """The people in the team."""
    return [roster.people[id_] for id_ in crew.members if id_ in roster.people]


def shift_of(crew: Crew, usual: Usual) -> tuple[int, int]:
    """When the team's shift opens and closes."""
    opens = usual.opens if crew.opens is None else crew.opens
    closes = usual.closes if crew.closes is None else crew.closes
    return opens, closes


def teams_of(roster: Roster, city: City) -> tuple[Team, ...]:
    """The teams that planning reads; one without any place to start from cannot take part."""
    usual = usual_of(roster, city)
    made = (_team(crew, roster, city, usual) for crew in roster.teams.values())
    return tuple(team for team in made if team)


def _team(crew: Crew, roster: Roster, city: City, usual: Usual) -> Team | None:
    start = crew.start or usual.start
    shift = _window(crew, roster, city, usual)
    if start is None or shift is None:
        return None
    zone = ZoneInfo(city.zone)
    vehicle = roster.vehicles.get(crew.vehicle)
    return Team(
        crew.id,
        crew.name,
        kinds_of(crew, roster, city),
        languages_of(crew, roster),
        tuple(person.name for person in members_of(crew, roster)),
        start,
        shift,
        end=crew.end,
        breaks=tuple(
            BreakTime(
                moment_of(opens, city.date, zone).astimezone(UTC),
                moment_of(closes, city.date, zone).astimezone(UTC),
                minutes,
            )
            for opens, closes, minutes in crew.breaks
        ),
        areas=crew.areas,
        most_stops=crew.most_stops,
        vehicle=vehicle.name if vehicle else "",
        end_name=crew.end_name if crew.end else "",
    )


def _window(crew: Crew, roster: Roster, city: City, usual: Usual) -> Window | None:
    """The shift's moments; the file's own, to the second, where the shift is as the file has it."""
    zone = ZoneInfo(city.zone)
    opens, closes = shift_of(crew, usual)
    told = roster.told.get(crew.id)
    if told and (told.crew.opens, told.crew.closes) == (opens, closes):
        return told.shift
    if opens >= closes:
        return None
    first, last = (moment_of(m, city.date, zone).astimezone(UTC) for m in (opens, closes))
    return Window(first, last)


def crew_as_told(team: Team, members: tuple[str, ...], position: int, city: City) -> Crew:
    """A team of the city's file as the roster keeps it.

    English alone is what a file means that says nothing: then languages follow from the members.
    """
    zone = ZoneInfo(city.zone)
    shift = (team.shift.opens, team.shift.closes)
    opens, closes = (minutes_of(moment, city.date, zone) for moment in shift)
    languages = () if team.languages == ENGLISH else team.languages
    lists = (team.kinds, languages, members)
    crew = Crew(team.id, team.name, *lists, start=team.start, opens=opens, closes=closes)
    return replace(crew, position=position)


def cells_of(entry: Entry, roster: Roster) -> Mapping[str, str]:
    """An entry's fields as texts, with names for ids: what spreadsheets hold and people compare."""
    if isinstance(entry, Person):
        return {
            "name": entry.name,
            "group": entry.group,
            "kinds": "; ".join(entry.kinds),
            "languages": "; ".join(entry.languages),
            "call_sign": entry.call_sign,
            "phone": entry.phone,
            "email": entry.email,
            "message_language": entry.message_language,
            "team": "; ".join(crew.name for crew in roster.teams_with("people", entry.id)),
        }
    if isinstance(entry, Vehicle):
        return {"name": entry.name, "kind": entry.kind, "seats": str(entry.seats or "")}
    return _crew_cells(entry, roster)


def _crew_cells(crew: Crew, roster: Roster) -> Mapping[str, str]:
    vehicle = roster.vehicles.get(crew.vehicle)
    return {
        "name": crew.name,
        "kinds": "; ".join(crew.kinds),
        "languages": "; ".join(crew.languages),
        "members": "; ".join(person.name for person in members_of(crew, roster)),
        "vehicle": vehicle.name if vehicle else "",
        "start": say_place(crew.start),
        "start_name": crew.start_name,
        "opens": "" if crew.opens is None else plain_clock(crew.opens),
        "closes": "" if crew.closes is None else plain_clock(crew.closes),
        "end": say_place(crew.end),
        "end_name": crew.end_name,
        "breaks": "; ".join(map(plain_pause, crew.breaks)),
        "areas": "; ".join(crew.areas),
        "most_stops": str(crew.most_stops or ""),
    }


def say_place(place: Place | None) -> str:
    """Latitude and longitude, or nothing."""
    return f"{place.lat:.7g}, {place.lon:.8g}" if place else ""
