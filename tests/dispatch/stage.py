"""A night on a stage: the console's API out of memory, at any size. Only tests of pages use it.

It keeps the contract of the live night (states, versions, conflicts, undo, proposals), not its
rules: visits get new times by adding up, never by planning.
"""

import threading
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

AREAS = {
    **{"oldtown": "Old Town", "pearl": "Pearl", "lloyd": "Lloyd", "buckman": "Buckman"},
    **{"kerns": "Kerns", "hosford": "Hosford", "goose": "Goose Hollow", "downtown": "Downtown"},
}
FINISHED = ("done", "skipped", "withdrawn")
# What each kind makes of the team, of its visit, and which moment it notes there.
TAPS = {
    "en_route": ("en_route", "en_route", None),
    "arrived": ("on_scene", "on_scene", "arrived_at"),
    "left": ("ready", "done", "left_at"),
    "to_call": ("to_call", None, None),
    "back_from_call": ("ready", None, None),
    "break_start": ("on_break", None, None),
    "break_end": ("ready", None, None),
    "end_shift": ("ended", None, None),
}
Thing = dict[str, Any]
Answer = tuple[int, Thing]


def _planned() -> Thing:
    times = {"opened_at": None, "held_at": None, "closed_at": None}
    return {"state": "planned", "reason": "", "held_areas": [], "called_off": [], **times}


@dataclass
class Stage:
    """All of a night; every method may be called by many threads."""

    teams: dict[str, Thing] = field(default_factory=dict)
    parties: dict[str, Thing] = field(default_factory=dict)
    night: Thing = field(default_factory=_planned)
    proposal: Thing | None = None
    needs: list[Thing] = field(default_factory=list)
    version: int = 1
    changed: dict[str, int] = field(default_factory=dict)
    said: dict[str, Thing] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def state(self, since: int | None) -> Thing:
        """What `GET /night` answers."""

        def newer(things: Mapping[str, Thing]) -> list[Thing]:
            return [t for k, t in things.items() if since is None or self.changed.get(k, 1) > since]

        with self.lock:
            return deepcopy(
                {
                    **{"city": "portland", "version": self.version, "now": datetime.now(UTC)},
                    **{"delta": since is not None, "removed": {"teams": [], "parties": []}},
                    **{"night": self.night, "proposal": self.proposal, "needs": self.needs},
                    **{"teams": newer(self.teams), "parties": newer(self.parties)},
                    "areas": self._areas(),
                }
            )

    def act(self, body: Mapping[str, Any], who: str = "Kim Lee") -> Answer:
        """What `POST /actions` answers."""
        with self.lock:
            if body["id"] in self.said:
                return 200, {"applied": False, "already": True, "action": self.said[body["id"]]}
            if body["kind"] == "add_party" and body["address"] == "?":
                wrong = {"address": ["Say where it is."]}
                return 422, {"detail": "Some fields are wrong.", "errors": wrong}
            touched = [body[k] for k in ("team", "party", "other") if body.get(k)]
            seen = body.get("seen", self.version)
            clash = [key for key in touched if self.changed.get(key, 0) > seen]
            if clash:
                later = [a for a in self.log() if {a["team"], a["party"]} & set(clash)]
                why = "This changed after you saw it."
                return 409, {"title": "Conflict", "detail": why, "changed": later[-1:]}
            before = deepcopy((self.teams, self.parties, self.night))
            also = self._do(body["kind"], body) or []
            self.touch(*touched, *also)
            entry = self._entry(body, who)
            self.said[body["id"]] = entry | {"before": before}
            return 200, {"applied": True, "already": False, "refusal": "", "action": entry}

    def undo(self, target: str, id_: str) -> Answer:
        """What `POST /actions/<id>/undo` answers."""
        with self.lock:
            past = self.said.get(target)
            if past is None or past["undone_by"]:
                return 422, {"detail": "This cannot be undone."}
            past["undone_by"] = id_
            self.teams, self.parties, self.night = past["before"]
            self.touch(*self.teams, *self.parties)
            body = {"id": id_, "kind": "undo", "words": past["kind"]}
            self.said[id_] = self._entry(body, "Kim Lee") | {"undoes": target}
            return 200, {"applied": True, "already": False, "refusal": "", "action": {}}

    def answer(self, id_: str, verb: str) -> Answer:
        """What `POST /proposals/<id>/accept` and `…/decline` answer."""
        with self.lock:
            if self.proposal is None or self.proposal["id"] != id_:
                return 409, {"detail": "The proposal is out of date.", "changed": []}
            for change in self.proposal["changes"] if verb == "accept" else ():
                self._move(change["party_id"], change["new_team"], 99)
            self.proposal = None
            self.needs = [need for need in self.needs if need["kind"] != "proposal"]
            self.touch(*self.teams)
            return 200, {"proposal": id_, "state": verb, "version": self.version}

    def preview(self) -> Thing:
        """What `POST /walk-ups/preview` answers."""
        busy = ("en_route", "on_scene", "ready")
        team = next(t for t in self.teams.values() if t["state"] in busy)
        at = datetime.now(UTC) + timedelta(minutes=35)
        costs = {"added_minutes": 4, "promises_broken": 0, "stops_lost": 0}
        where = {"team_id": team["id"], "team_name": team["name"], "position": 1}
        place = {**where, "after_party_id": "", "starts_at": at, **costs}
        return {"places": [place], "reason": ""}

    def touch(self, *ids: str) -> None:
        """Count these as changed just now."""
        with self.lock:
            self.version += 1
            self.changed |= dict.fromkeys(ids, self.version)

    def log(self) -> list[Thing]:
        """What `GET /actions` answers."""
        return [{k: v for k, v in a.items() if k != "before"} for a in self.said.values()]

    def _entry(self, body: Mapping[str, Any], who: str) -> Thing:
        return {
            **{"id": body["id"], "number": len(self.said) + 1, "version": self.version},
            **{"kind": body["kind"], "team": body.get("team", ""), "party": body.get("party", "")},
            **{"at": datetime.now(UTC), "by": {"id": who, "name": who, "source": "console"}},
            **{"details": dict(body), "applied": True, "refusal": ""},
            **{"undoes": "", "undone_by": ""},
        }

    def _areas(self) -> list[Thing]:
        stops = [s for t in self.teams.values() for s in t["stops"]]
        done = {s["party_id"] for s in stops if s["state"] == "done"}
        planned = {s["party_id"] for s in stops}
        found = []
        for code, name in AREAS.items():
            inside = {p["id"] for p in self.parties.values() if p["area"] == code}
            counts = {"visited": len(done & inside), "planned": len(planned & inside)}
            held = code in self.night["held_areas"]
            off = code in {one["area"] for one in self.night["called_off"]}
            counts["called_off"] = off
            found.append(
                {"code": code, "name": name, "parties": len(inside), "held": held, **counts}
            )
        return found

    def _do(self, kind: str, body: Mapping[str, Any]) -> list[str] | None:
        if kind in TAPS:
            return self._tap(body, *TAPS[kind])
        return getattr(self, f"_{kind}", lambda _: None)(body)  # type: ignore[no-any-return]  # by name

    def _tap(
        self, body: Mapping[str, Any], state: str, visit: str | None, moment: str | None
    ) -> None:
        now, team = datetime.now(UTC), self.teams[body["team"]]
        team |= {"state": state, "since": now, "last_heard_at": now}
        if visit:
            stop = self._stop(body)
            team["party_id"] = stop["party_id"]
            stop |= {"state": visit} | ({moment: now} if moment else {})

    def _stop(self, body: Mapping[str, Any]) -> Thing:
        stops = self.teams[body["team"]]["stops"]
        return next(s for s in stops if s["party_id"] == body["party"])  # type: ignore[no-any-return]  # a dictionary

    def _skip(self, body: Mapping[str, Any]) -> None:
        self._stop(body)["state"] = "skipped"

    def _team_late(self, body: Mapping[str, Any]) -> None:
        shift_by(self.teams[body["team"]], body["minutes"])

    def _pin_visit(self, body: Mapping[str, Any]) -> None:
        self._stop(body)["locked"] = True

    def _move_visit(self, body: Mapping[str, Any]) -> list[str]:
        return self._move(body["party"], body["team"], body["position"])

    def _move(self, party: str, team: str, position: int) -> list[str]:
        holders = [
            t for t in self.teams.values() if any(s["party_id"] == party for s in t["stops"])
        ]
        stop = make_stop(party, datetime.now(UTC), 15)
        for holder in holders:
            stop = next(s for s in holder["stops"] if s["party_id"] == party)
            holder["stops"].remove(stop)
        stops = self.teams[team]["stops"]
        stops.insert(sum(s["state"] in FINISHED for s in stops) + position, stop)
        _retime(stops)
        return [team, *(holder["id"] for holder in holders)]

    def _open_night(self, _: Mapping[str, Any]) -> None:
        self.night |= {"state": "open", "opened_at": datetime.now(UTC)}

    def _hold_night(self, body: Mapping[str, Any]) -> None:
        held = {"held_areas": body.get("areas", []), "reason": body["reason"]}
        self.night |= {"state": "held", "held_at": datetime.now(UTC), **held}

    def _resume_night(self, _: Mapping[str, Any]) -> None:
        self.night |= {"state": "open", "reason": "", "held_areas": [], "held_at": None}

    def _call_off_area(self, body: Mapping[str, Any]) -> None:
        why = {"reason": body["reason"], "at": datetime.now(UTC)}
        self.night["called_off"] = [{"area": area, **why} for area in body["areas"]]

    def _close_night(self, body: Mapping[str, Any]) -> None:
        now = datetime.now(UTC)
        self.night |= {"state": "closed", "reason": body["reason"], "closed_at": now}

    def _add_party(self, body: Mapping[str, Any]) -> list[str]:
        id_ = f"w{len(self.parties)}"
        window = next(iter(self.teams.values()))["shift"]
        place = (body["lat"], body["lon"])
        self.parties[id_] = make_party(id_, body["name"], place, window)
        self.parties[id_] |= {"address": body["address"], "area": "pearl"}
        return [id_, *self._move(id_, self.preview()["places"][0]["team_id"], 99)]

    def _party_cancelled(self, body: Mapping[str, Any]) -> None:
        gone = {"state": "withdrawn", "reason": "cancelled", "detail": body["reason"]}
        self.parties[body["party"]] |= gone


def make_party(id_: str, name: str, place: tuple[float, float], window: Thing) -> Thing:
    """A party as `/night` shows it."""
    return {
        **{"id": id_, "code": id_.upper().zfill(5), "name": name, "address": "", "area": ""},
        **{"lat": place[0], "lon": place[1], "window": window, "people": 60, "children": 20},
        **{"wanted": ["police"], "notes": "", "host_name": "Ana Lima", "walk_up": False},
        **{"state": "unvisited", "reason": "", "detail": "", "teams": [], "promise": None},
    }


def make_stop(party: str, arrives: datetime, minutes: int) -> Thing:
    """A stop as `/night` shows it."""
    leaves = arrives + timedelta(minutes=minutes)
    return {
        **{"party_id": party, "state": "planned", "arrives_at": arrives, "leaves_at": leaves},
        **{"expected_at": arrives, "arrived_at": None, "left_at": None, "kinds": [], "reason": ""},
        **{"window": {"opens": arrives, "closes": leaves}, "promise": None},
        **{"lateness_seconds": 0, "locked": False},
    }


def shift_by(team: Thing, minutes: int) -> None:
    """Make a team late."""
    team["late_seconds"] += minutes * 60
    for stop in team["stops"]:
        if stop["state"] not in FINISHED:
            stop["expected_at"] += timedelta(minutes=minutes)
            stop["lateness_seconds"] += minutes * 60


def _retime(stops: list[Thing]) -> None:
    """Put the open stops one after the other."""
    at = max([datetime.now(UTC), *(s["leaves_at"] for s in stops if s["state"] in FINISHED)])
    for stop in stops:
        if stop["state"] not in FINISHED:
            stay = stop["leaves_at"] - stop["arrives_at"]
            at += timedelta(minutes=6)
            stop |= {"arrives_at": at, "leaves_at": at + stay, "expected_at": at}
            at += stay
