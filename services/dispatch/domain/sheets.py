"""What is printed for the evening: a run sheet for each team, and the city's list. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from services.dispatch.domain.board import LABELS, clock, end_words, pause_words, span
from services.dispatch.domain.evening import Evening, Party, Pause, Rests, Stop, Team
from services.dispatch.domain.materials import named


@dataclass(frozen=True, slots=True)
class SheetStop:
    """One stop with all that a team has to know without a telephone."""

    arrives: str
    leaves: str
    told: str
    code: str
    name: str
    address: str
    notes: str
    host: str
    people: int
    children: int
    wanted: str
    materials: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One team's run sheet. A row with `rest` is a break; `ends` says where the team ends."""

    team_id: str
    team: str
    kinds: str
    members: str
    shift: str
    stops: tuple[SheetStop, ...]
    ends: str = ""


@dataclass(frozen=True, slots=True)
class ListLine:
    """One party in the city's list: who comes when, or why nobody does."""

    code: str
    name: str
    address: str
    area: str
    people: int
    teams: str
    told: str
    why: str


def run_sheets(evening: Evening) -> list[Sheet]:
    """Every team's sheet, in the order of the roster."""
    return [_sheet(evening, team) for team in evening.teams]


def city_list(evening: Evening) -> list[ListLine]:
    """Every party by its address, as a sheet for the telephone desk."""
    zone, teams = ZoneInfo(evening.city.zone), dict[str, list[str]]()
    for team in evening.teams:
        for stop in evening.routes.get(team.id, ()):
            teams.setdefault(stop.party_id, []).append(
                f"{team.name} {clock(stop.arrives_at, zone)}"
            )
    ordered = sorted(evening.parties, key=lambda party: (party.address.casefold(), party.code))
    return [_line(evening, party, teams.get(party.id, []), zone) for party in ordered]


def _sheet(evening: Evening, team: Team) -> Sheet:
    zone = ZoneInfo(evening.city.zone)
    names = {kind.code: kind.name for kind in evening.city.kinds}
    return Sheet(
        team.id,
        team.name,
        ", ".join(names.get(code, code) for code in team.kinds),
        ", ".join(team.members),
        span(team.shift.opens, team.shift.closes, zone),
        tuple(_with_breaks(evening, team, zone, list(_stops(evening, team, zone, names)))),
        end_words(team, evening.rests.get(team.id, Rests()), zone),
    )


def _with_breaks(
    evening: Evening, team: Team, zone: ZoneInfo, stops: list[SheetStop]
) -> Iterator[SheetStop]:
    pauses = list(evening.rests.get(team.id, Rests()).pauses)
    for stop, row in zip(evening.routes.get(team.id, ()), stops, strict=True):
        while pauses and pauses[0].starts_at <= stop.arrives_at:
            yield _rest(pauses.pop(0), zone)
        yield row
    yield from (_rest(pause, zone) for pause in pauses)


def _rest(pause: Pause, zone: ZoneInfo) -> SheetStop:
    times = (clock(pause.starts_at, zone), clock(pause.ends_at, zone))
    nothing = dict.fromkeys(
        ("told", "code", "name", "address", "notes", "host", "wanted", "materials"), ""
    )
    return SheetStop(*times, **nothing, people=0, children=0, rest=pause_words(pause, zone))


def _stops(
    evening: Evening, team: Team, zone: ZoneInfo, names: Mapping[str, str]
) -> Iterator[SheetStop]:
    parties = {party.id: party for party in evening.parties}
    for stop in evening.routes.get(team.id, ()):
        party = parties.get(stop.party_id)
        wanted = party.wanted if party else ()
        yield SheetStop(
            clock(stop.arrives_at, zone),
            clock(stop.leaves_at, zone),
            _told(evening, team, stop, zone),
            stop.code,
            stop.name,
            stop.address,
            party.location_notes if party else "The party was withdrawn.",
            party.host_name if party else "",
            party.people if party else 0,
            party.children if party else 0,
            ", ".join(names.get(code, code) for code in wanted),
            ", ".join(named(party.materials)) if party else "",
        )


def _told(evening: Evening, team: Team, stop: Stop, zone: ZoneInfo) -> str:
    told = evening.told.get(stop.party_id)
    if told is None or told.team_id != team.id or not (told.opens and told.closes):
        return ""
    return span(told.opens, told.closes, zone)


def _line(evening: Evening, party: Party, teams: list[str], zone: ZoneInfo) -> ListLine:
    told = evening.told.get(party.id)
    window = span(told.opens, told.closes, zone) if told and told.opens and told.closes else ""
    why = "" if teams else LABELS.get(told.reason, told.reason) if told else "To be planned"
    area = evening.city.area_name(party.area)
    who = (party.code, party.name, party.address, area, party.people)
    return ListLine(*who, "; ".join(teams), window, why)
