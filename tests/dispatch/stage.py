"""A night on a stage: the console's API out of memory, at any size. Only tests of pages use it.

It keeps the contract of the live night (states, versions, conflicts, undo, proposals), not its
rules: visits get new times by adding up, never by planning.
"""

import random
import threading
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

STREETS = "Alder Ankeny Ash Belmont Burnside Clay Couch Davis Everett Flanders Glisan Hoyt Irving".split()
WORDS = "Block,Neighbors,Park,Corner,Friends,Porch,Garden,Commons".split(",")
AREAS = {
    "oldtown": "Old Town", "pearl": "Pearl", "lloyd": "Lloyd", "buckman": "Buckman",
    "kerns": "Kerns", "hosford": "Hosford", "goose": "Goose Hollow", "downtown": "Downtown",
}  # fmt: skip
KINDS = ("police", "fire", "mascot")
FINISHED = ("done", "skipped", "withdrawn")
START = datetime(2026, 8, 5, 0, 30, tzinfo=UTC)  # 5:30 PM in Portland
LOW, HIGH = (45.498, -122.692), (45.540, -122.640)
Answer = tuple[int, dict[str, Any]]


@dataclass
class Stage:
    """All of a night; every method may be called by many threads."""

    teams: dict[str, dict[str, Any]] = field(default_factory=dict)
    parties: dict[str, dict[str, Any]] = field(default_factory=dict)
    night: dict[str, Any] = field(default_factory=dict)
    proposal: dict[str, Any] | None = None
    needs: list[dict[str, Any]] = field(default_factory=list)
    version: int = 1
    now_is: datetime = START
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    changed: dict[str, int] = field(default_factory=dict)
    said: dict[str, dict[str, Any]] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def now(self) -> datetime:
        return self.now_is + (datetime.now(UTC) - self.began)

    def state(self, since: int | None) -> dict[str, Any]:
        with self.lock:
            newer = (lambda key: self.changed.get(key, 1) > since) if since else (lambda _: True)
            return deepcopy(
                {
                    "city": "portland",
                    "version": self.version,
                    "now": self.now(),
                    "delta": since is not None,
                    "night": self.night,
                    "teams": [t for t in self.teams.values() if newer(t["id"])],
                    "parties": [p for p in self.parties.values() if newer(p["id"])],
                    "proposal": self.proposal,
                    "needs": self.needs,
                    "areas": self.areas(),
                }
            )

    def areas(self) -> list[dict[str, Any]]:
        visited = {s["party_id"] for t in self.teams.values() for s in t["stops"] if s["state"] == "done"}
        planned = {s["party_id"] for t in self.teams.values() for s in t["stops"]}
        found = []
        for code, name in AREAS.items():
            inside = [p["id"] for p in self.parties.values() if p["area"] == code]
            found.append({
                "code": code, "name": name, "parties": len(inside),
                "visited": len(visited.intersection(inside)), "planned": len(planned.intersection(inside)),
            })  # fmt: skip
        return found

    def act(self, body: Mapping[str, Any], who: str = "You") -> Answer:
        with self.lock:
            if body["id"] in self.said:
                return 200, {"applied": False, "already": True, "version": self.version, "action": {}}
            clash = [k for k in self._touched(body) if self.changed.get(k, 0) > body.get("seen", self.version)]
            if clash:
                return 409, self._conflict(clash)
            if body["kind"] == "add_party" and not body.get("name"):
                return 422, {"title": "Unprocessable Content", "status": 422, "errors": {"name": ["Say its name."]}}
            before = deepcopy((self.teams, self.parties, self.night))
            done = getattr(self, f"_{body['kind']}", self._nothing)(body)
            words = f"{body['kind'].replace('_', ' ')}"
            self.said[body["id"]] = {**body, "before": before, "actor": who, "words": words, "at": self.now(), "undoable": True}
            self.touch(*self._touched(body), *(done or ()), who=who)
            return 200, {"applied": True, "already": False, "version": self.version, "action": {"id": body["id"], "undoable": True}}

    def undo(self, id_: str) -> Answer:
        with self.lock:
            past = self.said.get(id_)
            if past is None or past.get("undone"):
                return 422, {"title": "Unprocessable Content", "status": 422, "detail": "This can no longer be undone."}
            past["undone"] = True
            self.teams, self.parties, self.night = past["before"]
            self.touch(*self.teams, *self.parties)
            return 200, {"applied": True, "version": self.version, "action": {"id": id_}}

    def answer(self, id_: str, verb: str, seen: int) -> Answer:
        with self.lock:
            if self.proposal is None or self.proposal["id"] != id_ or seen < self.proposal["base_version"]:
                return 409, {"title": "Conflict", "status": 409, "detail": "The proposal is out of date.", "changed": []}
            if verb == "accept":
                for change in self.proposal["changes"]:
                    self._move(change["party_id"], change["new_team"], 99)
            self.proposal = None
            self.needs = [n for n in self.needs if n["kind"] != "proposal"]
            self.touch(*self.teams)
            return 200, {"applied": True, "version": self.version}

    def preview(self, body: Mapping[str, Any]) -> dict[str, Any]:
        team = next(t for t in self.teams.values() if t["state"] in ("en_route", "on_scene", "ready"))
        return {"best": {"team_id": team["id"], "arrives_at": self.now() + timedelta(minutes=35), "extra_seconds": 240, "promises_changed": 0}}

    def touch(self, *ids: str, who: str = "You") -> None:
        """Count these as changed just now."""
        with self.lock:
            self.version += 1
            for id_ in ids:
                self.changed[id_] = self.version
            self.by = who

    def log(self) -> list[dict[str, Any]]:
        return [{k: v for k, v in a.items() if k != "before"} for a in self.said.values()]

    def _touched(self, body: Mapping[str, Any]) -> list[str]:
        return [body[k] for k in ("team", "party", "other") if body.get(k)]

    def _conflict(self, clash: list[str]) -> dict[str, Any]:
        names = [(self.teams.get(k) or self.parties[k])["name"] for k in clash]
        changed = [{"id": k, "words": f"{n} was changed", "by": self.by, "at": self.now()} for k, n in zip(clash, names, strict=True)]
        return {"title": "Conflict", "status": 409, "detail": "This changed after you saw it.", "changed": changed}

    def _stop(self, body: Mapping[str, Any]) -> dict[str, Any]:
        team = self.teams[body["team"]]
        return next(s for s in team["stops"] if s["party_id"] == body.get("party") or (not body.get("party") and s["state"] not in FINISHED))

    def _nothing(self, body: Mapping[str, Any]) -> None:
        """What a stage does not play."""

    def _set(self, body: Mapping[str, Any], team: str, stop: str | None = None) -> None:
        self.teams[body["team"]] |= {"state": team, "since": self.now(), "last_heard_at": self.now()}
        if stop:
            found = self._stop(body)
            found["state"] = stop
            self.teams[body["team"]]["party_id"] = found["party_id"]

    def _en_route(self, body: Mapping[str, Any]) -> None:
        self._set(body, "en_route", "en_route")

    def _arrived(self, body: Mapping[str, Any]) -> None:
        self._set(body, "on_scene", "on_scene")

    def _left(self, body: Mapping[str, Any]) -> None:
        self._set(body, "ready", "done")

    def _skip(self, body: Mapping[str, Any]) -> None:
        self._stop(body)["state"] = "skipped"

    def _to_call(self, body: Mapping[str, Any]) -> None:
        self._set(body, "to_call")

    def _back_from_call(self, body: Mapping[str, Any]) -> None:
        self._set(body, "ready")

    def _team_late(self, body: Mapping[str, Any]) -> None:
        team = self.teams[body["team"]]
        shift_by(team, body["minutes"])

    def _pin_visit(self, body: Mapping[str, Any]) -> None:
        self._stop(body)["locked"] = body.get("locked", True)

    def _move_visit(self, body: Mapping[str, Any]) -> list[str]:
        return self._move(body["party"], body["team"], body["position"])

    def _move(self, party: str, team: str, position: int) -> list[str]:
        old = next((t for t in self.teams.values() if any(s["party_id"] == party for s in t["stops"])), None)
        stop = next((s for s in old["stops"] if s["party_id"] == party), None) if old else None
        if old and stop:
            old["stops"].remove(stop)
        made = stop or make_stop(party, self.now(), 15)
        self.teams[team]["stops"].insert(position, made)
        retime(self.teams[team], self.now())
        return [old["id"]] if old else []

    def _open_night(self, body: Mapping[str, Any]) -> None:
        self.night |= {"state": "open", "opened_at": self.now()}

    def _hold_night(self, body: Mapping[str, Any]) -> None:
        areas = body.get("areas", [])
        self.night |= {"held_areas": areas} if areas else {"state": "held", "reason": body["reason"], "since": self.now()}

    def _resume_night(self, body: Mapping[str, Any]) -> None:
        self.night |= {"state": "open", "reason": "", "held_areas": []}

    def _close_night(self, body: Mapping[str, Any]) -> None:
        self.night |= {"state": "closed", "reason": body["reason"], "since": self.now()}

    def _add_party(self, body: Mapping[str, Any]) -> list[str]:
        id_ = f"w{len(self.parties)}"
        self.parties[id_] = make_party(id_, body["name"], body["lat"], body["lon"], "pearl") | {"address": body["address"]}
        team = self.preview(body)["best"]["team_id"]
        self._move(id_, team, 99)
        return [id_, team]

    def _party_cancelled(self, body: Mapping[str, Any]) -> list[str]:
        self.parties[body["party"]] |= {"state": "withdrawn", "reason": "cancelled", "detail": "Its host cancelled it."}
        held = [t for t in self.teams.values() if any(s["party_id"] == body["party"] for s in t["stops"])]
        for team in held:
            team["stops"] = [s for s in team["stops"] if s["party_id"] != body["party"]]
        return [t["id"] for t in held]


def make_party(id_: str, name: str, lat: float, lon: float, area: str) -> dict[str, Any]:
    """A party as `/night` shows it."""
    return {
        "id": id_, "code": id_.upper().zfill(5), "name": name, "address": "", "lat": lat, "lon": lon, "area": area,
        "window": {"opens": START, "closes": START + timedelta(hours=4)}, "people": 60, "children": 20,
        "wanted": ["police"], "notes": "", "host_name": "Ana Lima", "state": "unplanned", "reason": "", "detail": "",
        "promise": None, "version": 1,
    }  # fmt: skip


def make_stop(party: str, arrives: datetime, minutes: int) -> dict[str, Any]:
    """A stop as `/night` shows it."""
    return {
        "party_id": party, "state": "planned", "arrives_at": arrives, "leaves_at": arrives + timedelta(minutes=minutes),
        "window": {"opens": arrives, "closes": arrives + timedelta(minutes=30)}, "promise": None,
        "lateness_seconds": 0, "locked": False,
    }  # fmt: skip


def retime(team: dict[str, Any], now: datetime) -> None:
    """Put the open stops one after the other."""
    at = max([now, *(s["leaves_at"] for s in team["stops"] if s["state"] in FINISHED)])
    for stop in team["stops"]:
        if stop["state"] in FINISHED:
            continue
        stay = stop["leaves_at"] - stop["arrives_at"]
        at += timedelta(minutes=6)
        stop["arrives_at"], stop["leaves_at"] = at, at + stay
        at += stay


def shift_by(team: dict[str, Any], minutes: int) -> None:
    """Make a team late."""
    team["late_seconds"] += minutes * 60
    for stop in team["stops"]:
        if stop["state"] not in FINISHED:
            stop["arrives_at"] += timedelta(minutes=minutes)
            stop["leaves_at"] += timedelta(minutes=minutes)
            stop["lateness_seconds"] += minutes * 60


def seven_o_clock(teams: int = 24, parties: int = 220, seed: int = 4) -> Stage:
    """A city an hour and a half into its evening, with everything that can go wrong going wrong."""
    dice = random.Random(seed)
    stage = Stage(now_is=START + timedelta(minutes=95, seconds=20))
    stage.night = {"state": "open", "reason": "", "held_areas": [], "opened_at": START + timedelta(minutes=31)}
    codes = list(AREAS)
    for n in range(parties):
        lat, lon = dice.uniform(LOW[0], HIGH[0]), dice.uniform(LOW[1], HIGH[1])
        area = codes[(0 if lon < -122.667 else 4) + (0 if lat > 45.519 else 1) + (2 if (lat * 1e3) % 9 > 4 else 0)]
        street = dice.choice(STREETS)
        party = make_party(f"p{n}", f"{street} Street {dice.choice(WORDS)}", lat, lon, area)
        party["address"] = f"{dice.randrange(1, 60) * 100} block of SE {street} St"
        party["notes"] = dice.choice(["", "Park behind the church.", "Street closed at both ends; come from 12th."])
        stage.parties[party["id"]] = party
    _routes(stage, teams, dice)
    _troubles(stage)
    return stage


def _routes(stage: Stage, teams: int, dice: random.Random) -> None:
    now = stage.now_is
    left = list(stage.parties)
    each = min(9, max(1, int(len(left) * 0.86 / teams)))
    for n in range(teams):
        at = START + timedelta(minutes=35 + dice.randrange(12))
        stops = []
        for _ in range(each):
            party, stay = left.pop(), dice.choice((15, 15, 15, 20))
            stop = make_stop(party, at, stay)
            opens = at - timedelta(minutes=10)
            stop["promise"] = {"number": 1, "opens": opens, "closes": opens + timedelta(minutes=30)}
            stop["state"] = "done" if stop["leaves_at"] < now else "on_scene" if at < now else "promised"
            if stop["state"] == "done" and dice.random() < 0.04:
                stop["state"] = "skipped"
            stage.parties[party] |= {"state": stop["state"], "promise": stop["promise"]}
            stops.append(stop)
            at = stop["leaves_at"] + timedelta(minutes=dice.randrange(4, 9))
        coming = next((s for s in stops if s["state"] in ("on_scene", "promised")), None)
        if coming and coming["state"] == "promised":
            coming["state"] = "en_route"
        here = stage.parties[coming["party_id"]] if coming else None
        away = 0.004 if coming and coming["state"] == "en_route" else 0.0003
        stage.teams[f"t{n}"] = {
            "id": f"t{n}", "name": f"Team {n + 1}", "kinds": ["police"] if n % 4 else ["fire", "police"],
            "members": ["R. Alvarez", "T. Brooks"], "shift": {"opens": START, "closes": START + timedelta(hours=4)},
            "state": coming["state"] if coming else "ready", "since": now - timedelta(minutes=dice.randrange(1, 12)),
            "version": 1, "party_id": coming["party_id"] if coming else None, "late_seconds": 0,
            "position": {"lat": here["lat"] + away * dice.uniform(-1, 1), "lon": here["lon"] + away * dice.uniform(-1, 1),
                         "at": now - timedelta(seconds=dice.randrange(5, 200)), "source": "phone"} if here else None,
            "last_heard_at": now - timedelta(minutes=dice.randrange(0, 9)), "stops": stops,
        }  # fmt: skip
    for party in left:
        stage.parties[party] |= {"reason": "no_time_left", "detail": "No team has time left to come by."}


def _troubles(stage: Stage) -> None:
    now, teams = stage.now_is, list(stage.teams.values())
    if len(teams) < 8:
        return
    shift_by(teams[2], 14)
    shift_by(teams[6], 9)
    teams[4] |= {"state": "to_call", "since": now - timedelta(minutes=11)}
    teams[5]["last_heard_at"] = now - timedelta(minutes=24)
    teams[7]["stops"][-1]["locked"] = True
    moved = [s["party_id"] for s in teams[4]["stops"] if s["state"] not in FINISHED][:3]
    starts = {s["party_id"]: s["arrives_at"] for s in teams[4]["stops"]}
    stage.proposal = {
        "id": "pr1", "base_version": 1, "made_at": now - timedelta(seconds=40), "applies_at": now + timedelta(minutes=2), "needs_answer": True,
        "changes": [
            {"party_id": p, "kind": "moved", "old_team": "t4", "new_team": f"t{8 + i}", "old_starts": starts[p],
             "new_starts": starts[p] + timedelta(minutes=12 * i), "promised": i == 1, "reason": "Team 5 is on a call."}
            for i, p in enumerate(moved)
        ],
        "lost_if_nothing": "3 promised visits, 180 people, if Team 5 is not back by 7:20 PM.",
    }  # fmt: skip
    late = next(s["party_id"] for s in teams[2]["stops"] if s["state"] not in FINISHED)
    stage.needs = [
        {"kind": "proposal", "since": now - timedelta(seconds=40), "urgency": 90, "words": "Three visits of Team 5 need other teams; one promise changes."},
        {"kind": "late", "since": now - timedelta(minutes=3), "urgency": 80, "team_id": "t2", "party_id": late, "words": f"Team 3 reaches {stage.parties[late]['name']} 14 min after what its host was told."},
        {"kind": "silent", "since": now - timedelta(minutes=24), "urgency": 60, "team_id": "t5", "words": "Team 6 has not been heard of."},
        {"kind": "late", "since": now - timedelta(minutes=1), "urgency": 50, "team_id": "t6", "words": "Team 7 is 9 min late."},
        {"kind": "replied", "since": now - timedelta(minutes=6), "urgency": 45, "party_id": "p3", "words": f"{stage.parties['p3']['name']}: “We start half an hour later, sorry!”"},
        {"kind": "unreached", "since": now - timedelta(minutes=15), "urgency": 30, "party_id": "p8", "words": f"No message reaches the host of {stage.parties['p8']['name']}."},
    ]  # fmt: skip


def busy_minute(stage: Stage, times: int, seed: int = 1) -> Iterator[None]:
    """So many taps of teams, one after the other."""
    dice = random.Random(seed)
    ids = list(stage.teams)
    for n in range(times):
        team = stage.teams[dice.choice(ids)]
        coming = next((s for s in team["stops"] if s["state"] not in FINISHED), None)
        if coming is not None:
            kind = {"promised": "en_route", "planned": "en_route", "en_route": "arrived", "on_scene": "left"}[coming["state"]]
            stage.act({"id": f"tap-{seed}-{n}", "kind": kind, "team": team["id"], "party": coming["party_id"]}, who="the team")
        yield
