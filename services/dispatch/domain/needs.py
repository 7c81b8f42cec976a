"""What needs a dispatcher, most urgent first, in words. Pure; the reader of the night asks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.dispatch.domain.evening import Evening
from services.dispatch.domain.live import LiveTeam, Unreached
from services.dispatch.domain.night import MOVING, SETTLED, NightNow, TeamState
from services.dispatch.domain.proposal import Proposal
from services.dispatch.domain.replies import Reply

LATE = timedelta(minutes=5)
SILENT = timedelta(minutes=20)
URGENCY = {"proposal": 0, "late_promise": 1, "silent_team": 2, "late_team": 3, "message_failed": 4}
REPLIED = {"moved": 1, "nobody": 2, "late": 3, "done": 3}
"""How urgent a host's text is by what it means; what no keyword says is read last."""
WORDS_SHOWN = 160


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that waits for somebody; the lower its `urgency`, the sooner."""

    kind: str
    urgency: int
    since: datetime
    words: str
    team_id: str = ""
    party_id: str = ""
    reply_id: str = ""


def needs_of(
    evening: Evening,
    night: NightNow,
    teams: Sequence[LiveTeam],
    proposal: Proposal | None,
    unreached: Sequence[Unreached],
    now: datetime,
    replies: Sequence[Reply] = (),
) -> list[Need]:
    """Everything that waits for somebody."""
    names = {party.id: party.name or party.address for party in evening.parties}
    found = list(_proposal(proposal))
    if night.running:
        for team in teams:
            found += _team(team, names, now)
    found += _messages(unreached, names)
    found += _replies(replies, names, night)
    return sorted(found, key=lambda need: (need.urgency, need.since, need.words))


def _proposal(proposal: Proposal | None) -> Iterator[Need]:
    if proposal is None:
        return
    count = sum(change.promised for change in proposal.changes)
    what = "1 promise changes" if count == 1 else f"{count} promises change"
    words = f"A new plan waits for your answer: {what}. If nothing is done: {proposal.loss.words}"
    yield Need("proposal", URGENCY["proposal"], proposal.made_at, words)


def _team(team: LiveTeam, names: Mapping[str, str], now: datetime) -> Iterator[Need]:
    late = timedelta(seconds=team.late_seconds)
    if late >= LATE:
        minutes = team.late_seconds // 60
        words = f"{team.name} is {minutes} min behind its plan."
        yield Need("late_team", URGENCY["late_team"], now - late, words, team.id, team.party_id)
    for stop in team.stops:
        if stop.promise and stop.lateness_seconds and stop.state not in SETTLED:
            where = names.get(stop.party_id, stop.party_id)
            minutes = stop.lateness_seconds // 60
            words = f"{team.name} reaches {where} {minutes} min after the promised time."
            yield Need(
                *("late_promise", URGENCY["late_promise"], stop.promise.closes, words),
                *(team.id, stop.party_id),
            )
    yield from _silent(team, names, now)


def _silent(team: LiveTeam, names: Mapping[str, str], now: datetime) -> Iterator[Need]:
    """A team that should have said something by now, and has said nothing for long."""
    at = next((stop for stop in team.stops if stop.party_id == team.party_id), None)
    if team.state not in MOVING or at is None:
        return
    due = at.leaves_at if team.state == TeamState.ON_SCENE else at.arrives_at
    heard = max(filter(None, (team.last_heard_at, team.since)), default=due)
    if now - heard >= SILENT and now > due:
        minutes = int((now - heard).total_seconds()) // 60
        where = names.get(at.party_id, at.party_id)
        words = f"Nothing heard of {team.name} for {minutes} min; it was due at {where}."
        yield Need("silent_team", URGENCY["silent_team"], heard, words, team.id, at.party_id)


def _replies(replies: Sequence[Reply], names: Mapping[str, str], night: NightNow) -> Iterator[Need]:
    """Texts in words of the host; chatter waits here only while the evening runs."""
    for one in replies:
        if one.meaning not in REPLIED and not night.running:
            continue
        where = names.get(one.party_id, one.party_id)
        said = " ".join(one.words.split())
        said = said if len(said) <= WORDS_SHOWN else said[: WORDS_SHOWN - 1] + "…"
        urgency = REPLIED.get(one.meaning, URGENCY["message_failed"])
        words = f"{where}: “{said}”" + (f" {one.refusal}" if one.refusal else "")
        yield Need("host_replied", urgency, one.at, words, party_id=one.party_id, reply_id=one.id)


def _messages(unreached: Sequence[Unreached], names: Mapping[str, str]) -> Iterator[Need]:
    for one in unreached:
        where = names.get(one.party_id, one.party_id)
        words = f"The host of {where} was not reached: {one.fault}."
        urgency = URGENCY["message_failed"]
        yield Need("message_failed", urgency, one.at, words, party_id=one.party_id)
