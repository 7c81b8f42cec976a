"""Says which hand edits hold and why others cannot; of two that differ the later wins. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor
from zoneinfo import ZoneInfo

from services.dispatch.domain.board import span
from services.dispatch.domain.edits import Edit
from services.dispatch.domain.evening import Evening
from services.dispatch.domain.problem import Visit
from services.dispatch.domain.reasons import Reason

WITHDRAWN = "The party was withdrawn."
REFUSED = {
    "no_visit_wanted": "The host now asks for no visit.",
    "location_unconfirmed": "The place of the party is not known.",
    "no_teams": "The city has no teams.",
    "no_team_of_that_kind": "No team is of a kind that the host asks for.",
    "window_too_short": "The party is now shorter than a visit takes.",
}
LATER = {
    "pin": "A later edit pins the visit otherwise.",
    "forbid": "A later edit forbids the visit.",
    "lock": "A later edit puts the visit in another order.",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """An edit that holds for these visits, or is void for a reason in words.

    `visits` is empty for one that is void, and for a party that nobody is to visit.
    """

    edit: Edit
    void: str = ""
    note: str = ""
    visits: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether plans keep it."""
        return not self.void


def stand(
    evening: Evening, visits: Sequence[Visit], refused: Mapping[str, Reason]
) -> tuple[Standing, ...]:
    """Every edit with its standing, in the order in which they were made."""
    judge = _Judge(evening, visits, refused)
    latest_first = sorted(evening.edits, key=lambda edit: (edit.version, edit.id), reverse=True)
    judged = {edit.id: judge.judge(edit) for edit in latest_first}
    return tuple(judged[edit.id] for edit in reversed(latest_first))


class _Judge:
    """Looks at edits from the latest to the first; what holds binds those made before it."""

    def __init__(
        self, evening: Evening, visits: Sequence[Visit], refused: Mapping[str, Reason]
    ) -> None:
        self._evening = evening
        self._zone = ZoneInfo(evening.city.zone)
        self._teams = {team.id: team for team in evening.teams}
        self._refused = refused
        self._known = {party.id for party in evening.parties}
        self._visits: dict[str, list[Visit]] = {}
        for visit in visits:
            self._visits.setdefault(visit.party, []).append(visit)
        self._caravans = {caravan.team for caravan in evening.policies.caravans}
        self._held: list[Standing] = []

    def judge(self, edit: Edit) -> Standing:
        found = self._judged(edit)
        if found.holds:
            self._held.append(found)
        return found

    def _judged(self, edit: Edit) -> Standing:
        if edit.team and edit.team not in self._teams:
            return Standing(edit, f"Team {edit.team} is no longer in the roster.")
        if edit.kind == "lock":
            return self._lock(edit)
        (party,) = edit.parties
        if party not in self._known:
            return Standing(edit, WITHDRAWN)
        return self._pin(edit, party) if edit.kind == "pin" else self._forbid(edit, party)

    def _pin(self, edit: Edit, party: str) -> Standing:
        visit = self._visit(party, edit)
        if visit is None:
            return Standing(edit, self._why_no_visit(party, edit))
        void = self._out_of_time(edit, visit) or self._overruled(edit, party, visit)
        return Standing(edit, void, visits=() if void else (visit.id,))

    def _forbid(self, edit: Edit, party: str) -> Standing:
        for later in self._held:
            same = party in later.edit.parties and edit.team in ("", later.edit.team)
            if same and later.edit.kind != "forbid":
                return Standing(edit, LATER[later.edit.kind])
        visits = self._visits.get(party, ()) if edit.team else ()
        return Standing(edit, visits=tuple(visit.id for visit in visits))

    def _lock(self, edit: Edit) -> Standing:
        kept, lost = [], []
        for party in edit.parties:
            visit = self._visit(party, edit)
            if visit is None or self._overruled(edit, party, visit):
                lost.append(party)
            else:
                kept.append(visit.id)
        if len(kept) < (1 if edit.only else 2):
            return Standing(edit, "Too few of its parties are left to be put in order.")
        note = f"{len(lost)} of its {len(edit.parties)} parties are out of it." if lost else ""
        return Standing(edit, note=note, visits=tuple(kept))

    def _visit(self, party: str, edit: Edit) -> Visit | None:
        """Which of the party's visits is meant."""
        own = self._visits.get(party, [])
        if edit.visitor:
            own = [visit for visit in own if visit.kind == edit.visitor]
        if edit.team:
            own = [visit for visit in own if edit.team in visit.teams]
        promised = [visit for visit in own if visit.promised]
        return next(iter(promised or own), None)

    def _why_no_visit(self, party: str, edit: Edit) -> str:
        if party in self._refused:
            code = self._refused[party].code
            return REFUSED.get(code, "The party cannot be visited.")
        if edit.team:
            return f"{self._teams[edit.team].name} is of no kind that the host asks for."
        return "The host no longer asks for that kind of visit."

    def _out_of_time(self, edit: Edit, visit: Visit) -> str:
        """Why the visit cannot start as pinned; empty where it can."""
        earliest, latest = self._span(edit, visit)
        if earliest > latest:
            zero = self._evening.city.evening.opens
            first, last = (zero + timedelta(seconds=n) for n in (visit.opens, visit.latest))
            return f"The visit can start {span(first, last, self._zone)} only."
        team = self._teams.get(edit.team)
        if team is None:
            return ""
        begins, ends = self._seconds(team.shift.opens), self._seconds(team.shift.closes)
        if max(earliest, begins) > min(latest, ends - visit.service):
            return f"{team.name} is not on duty at that time."
        return ""

    def _span(self, edit: Edit, visit: Visit) -> tuple[int, int]:
        earliest = ceil(self._seconds(edit.earliest)) if edit.earliest else visit.opens
        latest = floor(self._seconds(edit.latest)) if edit.latest else visit.latest
        return max(earliest, visit.opens), min(latest, visit.latest)

    def _seconds(self, moment: datetime) -> float:
        return (moment - self._evening.city.evening.opens).total_seconds()

    def _overruled(self, edit: Edit, party: str, visit: Visit) -> str:
        """Which later edit or policy says otherwise; empty where none does."""
        if edit.kind == "pin" and edit.team in self._caravans:
            return f"{self._teams[edit.team].name} drives a caravan in its own order."
        for later in self._held:
            if self._differs(edit, party, visit, later):
                return LATER[later.edit.kind]
        return ""

    @staticmethod
    def _differs(edit: Edit, party: str, visit: Visit, later: Standing) -> bool:
        other = later.edit
        if other.kind == "forbid":
            return party in other.parties and other.team in ("", edit.team)
        if visit.id not in later.visits:
            return other.kind == "lock" and other.only and other.team == edit.team != ""
        if edit.kind == other.kind == "lock":
            return True
        timed = bool(edit.earliest or edit.latest) and bool(other.earliest or other.latest)
        return timed or (edit.team != other.team and "" not in (edit.team, other.team))
