"""Sets a stage: a city at seven in the evening, with troubles. Only tests of pages use it."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.dispatch.stage import AREAS, FINISHED, Stage, make_party, make_stop, shift_by

STREETS = [
    "Alder",
    "Ankeny",
    "Ash",
    "Belmont",
    "Clay",
    "Couch",
    "Davis",
    "Everett",
    "Flanders",
    "Glisan",
    "Hoyt",
    "Irving",
]
WORDS = ["Block", "Neighbors", "Park", "Corner", "Friends", "Porch", "Garden", "Commons"]
NOTES = ("", "Park behind the church.", "Street closed at both ends; come from 12th.")
# The evening is under way whenever a test runs; the zone makes that seven o'clock.
NOW = datetime.now(UTC)
START = NOW - timedelta(minutes=95, seconds=20)
ZONE = f"Etc/GMT{NOW.hour - 19 if NOW.hour >= 7 else NOW.hour + 5:+d}"
LOW, HIGH = (45.498, -122.692), (45.540, -122.640)
NEXT = {"promised": "en_route", "planned": "en_route", "en_route": "arrived", "on_scene": "left"}
Thing = dict[str, Any]


def ago(**since: float) -> datetime:
    """So long before the stage was set."""
    return NOW - timedelta(**since)


def seven_o_clock(teams: int = 24, parties: int = 220, seed: int = 4) -> Stage:
    """A city at seven, with everything that can go wrong going wrong."""
    dice = random.Random(seed)
    stage = Stage()
    stage.night |= {"state": "open", "opened_at": START + timedelta(minutes=31)}
    for n in range(parties):
        _add_party(stage, n, dice)
    left = list(stage.parties)
    each = min(9, max(1, int(parties * 0.86 / teams)))
    for n in range(teams):
        _add_team(stage, n, _route(stage, left, each, dice), dice)
    for party in left:
        why = "No team has time left to come by."
        stage.parties[party] |= {"reason": "no_time_left", "detail": why}
    if teams >= 12:
        _trouble(stage, list(stage.teams.values()))
    return stage


def busy_minute(stage: Stage, times: int, seed: int = 1) -> Iterator[None]:
    """So many taps of teams, one after the other."""
    dice = random.Random(seed)
    for n in range(times):
        team = stage.teams[dice.choice(list(stage.teams))]
        stop = next((s for s in team["stops"] if s["state"] not in FINISHED), None)
        if stop is not None:
            who = {"team": team["id"], "party": stop["party_id"]}
            stage.act({"id": f"{seed}-{n}", "kind": NEXT[stop["state"]], **who}, "the team")
        yield


def _add_party(stage: Stage, n: int, dice: random.Random) -> None:
    lat, lon = dice.uniform(LOW[0], HIGH[0]), dice.uniform(LOW[1], HIGH[1])
    north = min(3, int((lat - LOW[0]) / (HIGH[0] - LOW[0]) * 4))
    street = dice.choice(STREETS)
    window = {"opens": START, "closes": START + timedelta(hours=4)}
    party = make_party(f"p{n}", f"{street} Street {dice.choice(WORDS)}", (lat, lon), window)
    party["area"] = list(AREAS)[4 * (lon > -122.667) + north]
    party["address"] = f"{dice.randrange(1, 60) * 100} block of SE {street} St"
    party["notes"] = dice.choice(NOTES)
    stage.parties[party["id"]] = party


def _route(stage: Stage, left: list[str], each: int, dice: random.Random) -> list[Thing]:
    stops: list[Thing] = []
    at = START + timedelta(minutes=35 + dice.randrange(12))
    for _ in range(each):
        party = left.pop(_nearest(stage, left, stops))
        stop = make_stop(party, at, dice.choice((15, 15, 15, 20)))
        opens = at - timedelta(minutes=10)
        stop["promise"] = {"number": 1, "opens": opens, "closes": opens + timedelta(minutes=30)}
        done, there = stop["leaves_at"] < NOW, at < NOW
        skipped = done and dice.random() < 0.04
        stop["state"] = (
            "skipped" if skipped else "done" if done else "on_scene" if there else "promised"
        )
        stop["arrived_at"] = at if there else None
        stop["left_at"] = stop["leaves_at"] if done else None
        stage.parties[party] |= {"state": stop["state"], "promise": stop["promise"]}
        stops.append(stop)
        at = stop["leaves_at"] + timedelta(minutes=dice.randrange(4, 15))
    return stops


def _nearest(stage: Stage, left: list[str], stops: list[Thing]) -> int:
    """Teams drive sensibly: to a party near the one before."""
    if not stops:
        return len(left) - 1
    here = stage.parties[stops[-1]["party_id"]]

    def away(party: str) -> float:
        there = stage.parties[party]
        north, east = there["lat"] - here["lat"], there["lon"] - here["lon"]
        return float(abs(north) * 1.4 + abs(east))

    return min(range(len(left)), key=lambda n: away(left[n]))


def _add_team(stage: Stage, n: int, stops: list[Thing], dice: random.Random) -> None:
    coming = next((s for s in stops if s["state"] not in FINISHED), None)
    if coming and coming["state"] == "promised":
        coming["state"] = "en_route"
    position = None
    if coming:
        here = stage.parties[coming["party_id"]]
        away = 0.004 if coming["state"] == "en_route" else 0.0003
        position = {
            "lat": here["lat"] + away * dice.uniform(-1, 1),
            "lon": here["lon"] + away * dice.uniform(-1, 1),
            "at": ago(seconds=dice.randrange(5, 200)),
            "source": "phone",
        }
    stage.teams[f"t{n}"] = {
        "id": f"t{n}",
        "name": f"Team {n + 1}",
        "kinds": ["police"] if n % 4 else ["fire", "police"],
        "members": ["R. Alvarez", "T. Brooks"],
        "languages": ["en"],
        "shift": {"opens": START, "closes": START + timedelta(hours=4)},
        "start": [45.519, -122.667],
        "state": coming["state"] if coming else "ready",
        "since": ago(minutes=dice.randrange(1, 12)),
        "party_id": coming["party_id"] if coming else "",
        "late_seconds": 0,
        "position": position,
        "last_heard_at": ago(minutes=dice.randrange(0, 9)),
        "stops": stops,
        "breaks": _breaks(n, stops),
        "end": _end(n),
    }


def _breaks(n: int, stops: list[Thing]) -> list[Thing]:
    """Every third team has rested before a stop, every other third will."""
    taken, number = n % 3 == 0, 1 if n % 3 == 0 else len(stops) - 2
    if n % 3 == 2 or not 0 < number < len(stops):
        return []
    begin = stops[number - 1]["leaves_at"] + timedelta(minutes=1)
    ends = stops[number]["arrives_at"] - timedelta(minutes=1)
    return [{"starts_at": begin, "ends_at": ends, "state": "taken" if taken else "planned"}]


def _end(n: int) -> Thing | None:
    back = START + timedelta(hours=3, minutes=45)
    place = {"name": "Station 2", "lat": 45.52, "lon": -122.66}
    return None if n % 2 else {**place, "back_at": back}


def _trouble(stage: Stage, teams: list[Thing]) -> None:
    shift_by(teams[2], 14)
    shift_by(teams[6], 9)
    teams[4] |= {"state": "to_call", "since": ago(minutes=11)}
    teams[5]["last_heard_at"] = ago(minutes=24)
    teams[7]["stops"][-1]["locked"] = True
    stage.proposal = _proposal([s for s in teams[4]["stops"] if s["state"] not in FINISHED][:3])
    late = next(s["party_id"] for s in teams[2]["stops"] if s["state"] not in FINISHED)
    names = {id_: party["name"] for id_, party in stage.parties.items()}
    stage.needs = [
        _need("proposal", 0, ago(seconds=40), "A new plan waits: 1 promise changes."),
        _need(
            *("late_promise", 1, ago(minutes=3)),
            f"Team 3 reaches {names[late]} 14 min after the promised time.",
            *("t2", late),
        ),
        _need("silent_team", 2, ago(minutes=24), "Nothing heard of Team 6 for 24 min.", "t5"),
        _need("late_team", 3, ago(minutes=1), "Team 7 is 9 min behind its plan.", "t6"),
        _need(
            *("host_replied", 4, ago(minutes=6)),
            f"{names['p3']}: “We start half an hour later, sorry!”",
            *("", "p3"),
        ),
        _need(
            *("message_failed", 4, ago(minutes=15)),
            f"The host of {names['p8']} was not reached: no such number.",
            *("", "p8"),
        ),
    ]


def _proposal(stops: list[Thing]) -> Thing:
    changes = [
        {
            "party_id": stop["party_id"],
            "kind": "handed over",
            "old_team": "t4",
            "new_team": f"t{8 + n}",
            "old_starts": stop["arrives_at"],
            "new_starts": stop["arrives_at"] + timedelta(minutes=12 * n),
            "promised": n == 1,
            "reason": "Team 5 is on a call.",
        }
        for n, stop in enumerate(stops)
    ]
    words = "3 promised visits cannot be made while Team 5 is on its call."
    return {
        "id": "pr1",
        "base_version": 1,
        "made_at": ago(seconds=40),
        "applies_at": NOW + timedelta(minutes=3),
        "needs_answer": True,
        "changes": changes,
        "lost_if_nothing": {"unmade": 3, "late": 0, "words": words},
    }


def _need(
    kind: str, urgency: int, since: datetime, words: str, team: str = "", party: str = ""
) -> Thing:
    where = {"team_id": team, "party_id": party}
    return {"kind": kind, "urgency": urgency, "since": since, "words": words, **where}
