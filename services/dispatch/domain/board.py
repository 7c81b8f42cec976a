"""The board that a console shows: routes, counts and reasons in the city's own time. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.dispatch.domain.evening import Evening, Party, Pause, Rests, Stop, Team
from services.dispatch.domain.told import Told

LABELS: Mapping[str, str] = {
    "no_visit_wanted": "No visit wanted",
    "location_unconfirmed": "Location to be confirmed",
    "no_teams": "No teams set up yet",
    "no_team_of_that_kind": "No team of the kind asked for",
    "window_too_short": "Party shorter than a visit",
    "no_team_at_that_time": "No team on duty at that time",
    "too_far": "Out of reach in time",
    "no_time_left": "No time left",
    "no_team_left": "All teams called away",
    "held": "Visits held",
    "not_chosen": "Not to be visited",
    "over_the_cap": "Registered after the cap",
    "no_team_may": "No team assigned",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a city's board stands: its change counter, its plan, its messages, its warning."""

    change: int
    changed_at: datetime | None
    trouble: str
    plan_version: int
    plan_made_at: datetime | None
    messages_sent: int
    messages_failed: int


@dataclass(frozen=True, slots=True)
class BoardStop:
    """One stop as shown; `arrives` and `told` are in the city's time."""

    party_id: str
    code: str
    name: str
    address: str
    kinds: str
    arrives: str
    arrives_at: datetime
    leaves_at: datetime
    told: str


@dataclass(frozen=True, slots=True)
class BoardTeam:
    """One team's card."""

    id: str
    name: str
    kinds: str
    shift: str
    load: str
    stops: tuple[BoardStop, ...]
    breaks: tuple[str, ...] = ()
    ends: str = ""


@dataclass(frozen=True, slots=True)
class BoardParty:
    """A party without a visit, and why."""

    party_id: str
    code: str
    name: str
    address: str
    reason: str
    label: str
    detail: str


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many parties are not visited for one reason."""

    reason: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Board:
    """All that a console shows of a city."""

    city: str
    name: str
    programme: str
    date: str
    evening: str
    zone: str
    change: int
    changed_at: datetime | None
    trouble: str
    plan_version: int
    plan_made_at: datetime | None
    parties: int
    planned: int
    unplanned: int
    waiting: int
    messages_sent: int
    messages_failed: int
    teams: tuple[BoardTeam, ...]
    not_visited: tuple[BoardParty, ...]
    reasons: tuple[ReasonCount, ...]
    to_plan: tuple[BoardParty, ...]


def build_board(evening: Evening, standing: Standing) -> Board:
    """The board of an evening."""
    city, zone = evening.city, ZoneInfo(evening.city.zone)
    told = evening.told
    # A route may still name a party that withdrew since: it is shown until the next plan.
    not_visited = [p for p in evening.parties if p.id in told and not told[p.id].scheduled]
    to_plan = [p for p in evening.parties if p.id not in told]
    planned = len(evening.parties) - len(not_visited) - len(to_plan)
    reasons = Counter(told[party.id].reason for party in not_visited)
    return Board(
        city=city.id,
        name=city.name,
        programme=city.programme,
        date=f"{date.fromisoformat(city.date):%A, %B %-d, %Y}",
        evening=span(city.evening.opens, city.evening.closes, zone),
        zone=city.zone,
        change=standing.change,
        changed_at=standing.changed_at,
        trouble=standing.trouble,
        plan_version=standing.plan_version,
        plan_made_at=standing.plan_made_at,
        parties=len(evening.parties),
        planned=planned,
        unplanned=len(not_visited),
        waiting=len(to_plan),
        messages_sent=standing.messages_sent,
        messages_failed=standing.messages_failed,
        teams=tuple(_team(evening, team, zone) for team in evening.teams),
        not_visited=tuple(_party(party, told[party.id]) for party in not_visited),
        reasons=tuple(ReasonCount(c, LABELS.get(c, c), n) for c, n in reasons.most_common()),
        to_plan=tuple(_party(party, None) for party in to_plan),
    )


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """A moment as people in the city say it."""
    return f"{moment.astimezone(zone):%-I:%M %p}"


def span(opens: datetime, closes: datetime, zone: ZoneInfo) -> str:
    """A window as people in the city say it; the half of the day is said once if it is one."""
    first, last = clock(opens, zone), clock(closes, zone)
    if first[-2:] == last[-2:]:
        first = first[:-3]
    return f"{first}–{last}"


def _team(evening: Evening, team: Team, zone: ZoneInfo) -> BoardTeam:
    names = {kind.code: kind.name for kind in evening.city.kinds}
    stops, rests = evening.routes.get(team.id, ()), evening.rests.get(team.id, Rests())
    count = len(stops)
    return BoardTeam(
        team.id,
        team.name,
        ", ".join(names.get(code, code) for code in team.kinds),
        span(team.shift.opens, team.shift.closes, zone),
        f"{count} stop" if count == 1 else f"{count} stops",
        tuple(_stop(stop, _told_of(evening, team, stop), names, zone) for stop in stops),
        tuple(pause_words(pause, zone) for pause in rests.pauses),
        end_words(team, rests, zone),
    )


def pause_words(pause: Pause, zone: ZoneInfo) -> str:
    """A break in words: Break 8:00–8:20 PM."""
    return f"Break {span(pause.starts_at, pause.ends_at, zone)}"


def end_words(team: Team, rests: Rests, zone: ZoneInfo) -> str:
    """Where the team has to be when, in words; nothing where it may end anywhere."""
    if team.end is None:
        return ""
    planned = f", planned {clock(rests.back_at, zone)}" if rests.back_at else ""
    where = team.end_name or "its end place"
    return f"Back at {where} by {clock(team.shift.closes, zone)}{planned}"


def _told_of(evening: Evening, team: Team, stop: Stop) -> Told | None:
    """What the host was told of this team's visit; a second team's is not told of."""
    told = evening.told.get(stop.party_id)
    return told if told and told.team_id == team.id else None


def _stop(stop: Stop, told: Told | None, names: Mapping[str, str], zone: ZoneInfo) -> BoardStop:
    window = span(told.opens, told.closes, zone) if told and told.opens and told.closes else ""
    return BoardStop(
        stop.party_id,
        stop.code,
        stop.name or stop.address,
        stop.address,
        ", ".join(names.get(code, code) for code in stop.kinds),
        clock(stop.arrives_at, zone),
        stop.arrives_at,
        stop.leaves_at,
        window,
    )


def _party(party: Party, told: Told | None) -> BoardParty:
    reason, detail = (told.reason, told.detail) if told else ("", "Waiting for the next plan.")
    label = LABELS.get(reason, reason)
    name = party.name or party.address
    return BoardParty(party.id, party.code, name, party.address, reason, label, detail)
