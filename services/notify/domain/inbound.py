"""A text that somebody wrote to us, who may have written it, and what follows. Pure.

`judge` decides; the handler does what it says. What is not clear stays open for staff.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.notify.domain.keywords import OF_PARTY, OPT_OUTS, Meaning, Understood
from services.notify.domain.values import City, Party, Span

HANDLED, OPEN, CLOSED = ("handled", "open", "closed")
AROUND = timedelta(hours=3)
"""So long before and after its evening a city works on what hosts write about it."""
MOST_REPLIES = 6
"""So many of our answers a number gets in an hour; more is a machine that answers a machine."""
OFFICER_TELLS = frozenset({Meaning.LATE, Meaning.MOVED, Meaning.DONE, Meaning.NOBODY, Meaning.WHEN})


@dataclass(frozen=True, slots=True)
class Incoming:
    """What arrived; `answered`: the provider has itself confirmed an opt-out or answered HELP."""

    provider: str
    ref: str
    channel: str
    sender: str
    to: str
    body: str
    at: datetime
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A party whose host has this number, and when it was last asked whether it is held."""

    city: City
    party: Party
    span: Span | None
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody of a team with this number."""

    city: str
    team_id: str
    language: str


@dataclass(frozen=True, slots=True)
class Sender:
    """All that is known of a number.

    `home` is the city that last wrote to it or else whose evening is nearest; `replies` counts our
    own answers within the hour; `staff_at` is when somebody of staff last wrote to it, and
    `soothed` whether it was told lately that a person reads what it writes.
    """

    hosts: tuple[Candidate, ...] = ()
    officer: Officer | None = None
    home: City | None = None
    opted_out: bool = False
    replies: int = 0
    staff_at: datetime | None = None
    soothed: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from a text; `reply` is the template of our answer, or "".

    `told` is the meaning that other services hear, "" where nobody hears of it; `opts` is True for
    an opt-out and False for its end; `answer` is 'yes' or 'no' to the question; `unsaid` is why
    there is no answer of ours although there could be one.
    """

    meaning: Meaning
    state: str
    city: City | None
    about: Candidate | None = None
    candidates: tuple[str, ...] = ()
    team_id: str = ""
    reply: str = ""
    told: str = ""
    opts: bool | None = None
    answer: str = ""
    unsaid: str = ""


TOO_MANY = "too many answers to this number within the hour"
WANTS_NOTHING = "the number has opted out"


def judge(said: Understood, text: Incoming, sender: Sender, now: datetime) -> Verdict:
    """What follows from what somebody wrote."""
    return _hushed(_judge(said, text, sender, now), sender)


def nearest(hosts: Sequence[Candidate], now: datetime) -> tuple[Candidate, ...]:
    """Of a number's parties those in the city whose evening is nearest, the newest first.

    Withdrawn ones are meant only where there are no others.
    """
    there = [one for one in hosts if not one.party.withdrawn] or list(hosts)
    if not there:
        return ()
    city = min((one.city for one in there), key=lambda c: (_distance(c, now), c.id))
    mine = [one for one in there if one.city.id == city.id]
    mine.sort(key=lambda one: one.party.id, reverse=True)
    return tuple(mine if not mine[0].party.withdrawn else mine[:1])


def _distance(city: City, now: datetime) -> tuple[bool, timedelta]:
    """Evenings to come, or running, go before those that are over."""
    over = now > city.evening_closes + AROUND
    return over, abs(city.evening_opens - now)


def _judge(said: Understood, text: Incoming, sender: Sender, now: datetime) -> Verdict:
    meaning, about = said.meaning, nearest(sender.hosts, now)
    city = about[0].city if about else sender.home
    only = about[0] if len(about) == 1 else None
    ids = tuple(one.party.id for one in about) if len(about) > 1 else ()
    base = Verdict(meaning, OPEN, city, only, ids)
    if meaning in OPT_OUTS:
        return _opt_out(base, text, sender)
    if meaning == Meaning.HELP:
        return _with(base, HANDLED, "" if text.answered else "reply_help")
    if meaning == Meaning.START:
        return _with(base, HANDLED, "" if text.answered else "reply_start", opts=False)
    if sender.officer and not (only and meaning in OFFICER_TELLS):
        team = sender.officer.team_id
        return Verdict(meaning, OPEN, city, None, (), team_id=team)
    if only is None:
        return _unclear(base, sender)
    return _of_party(base, only, sender, now)


def _opt_out(base: Verdict, text: Incoming, sender: Sender) -> Verdict:
    """CANCEL may have meant the party, so that somebody has to ask."""
    silent = text.answered or sender.opted_out
    reply = "" if silent else f"reply_{base.meaning}"
    state = OPEN if base.meaning == Meaning.CANCEL and (base.about or base.candidates) else HANDLED
    return _with(base, state, reply, opts=True)


def _unclear(base: Verdict, sender: Sender) -> Verdict:
    """Nobody's number, or that of several parties: a person has to look."""
    if base.meaning == Meaning.THANKS:
        return _with(base, HANDLED, "")
    known = bool(base.candidates) and not sender.soothed
    return _with(base, OPEN, "reply_other" if known else "")


def _of_party(base: Verdict, about: Candidate, sender: Sender, now: datetime) -> Verdict:
    meaning = base.meaning
    soothing = "" if sender.soothed else "reply_other"
    if meaning == Meaning.THANKS:
        return _with(base, HANDLED, "", told="other")
    if meaning not in OF_PARTY or about.party.withdrawn:
        return _with(base, OPEN, soothing, told="other")
    if meaning in (Meaning.YES, Meaning.NO):
        return _yes_or_no(base, about, sender, now)
    if meaning == Meaning.WHEN:
        known = about.span is not None and about.span.closes > now
        return _with(base, HANDLED, "reply_when" if known else "reply_when_none", told="when")
    if not _tonight(about.city, now):
        return _with(base, OPEN, soothing, told="other")
    return _with(base, HANDLED, f"reply_{meaning}", told=str(meaning))


def _yes_or_no(base: Verdict, about: Candidate, sender: Sender, now: datetime) -> Verdict:
    """It answers whoever asked last: our question about the party, or a person of staff."""
    asked = about.asked_at
    by_staff = sender.staff_at is not None and (asked is None or sender.staff_at > asked)
    if asked is None or by_staff or now > about.city.evening_closes:
        silent = base.meaning == Meaning.YES and not by_staff
        state = HANDLED if silent else OPEN
        reply = "" if silent or by_staff or sender.soothed else "reply_other"
        return _with(base, state, reply, told="other")
    answer = str(base.meaning)
    return _with(base, HANDLED, f"reply_{answer}", told=answer, answer=answer)


def told_later(meaning: Meaning, city: City, now: datetime) -> str:
    """What other services hear of a text once a person has said which party it is about."""
    acts = meaning in (Meaning.LATE, Meaning.MOVED, Meaning.DONE, Meaning.NOBODY)
    return str(meaning) if acts and _tonight(city, now) else "other"


def _tonight(city: City, now: datetime) -> bool:
    return city.evening_opens - AROUND <= now <= city.evening_closes + AROUND


def _with(
    base: Verdict,
    state: str,
    reply: str,
    *,
    told: str = "",
    opts: bool | None = None,
    answer: str = "",
) -> Verdict:
    return replace(base, state=state, reply=reply, told=told, opts=opts, answer=answer)


def _hushed(verdict: Verdict, sender: Sender) -> Verdict:
    """Whoever opted out gets no answer but to HELP and START; a machine gets a few and no more."""
    why = ""
    owed = verdict.opts is not None or verdict.meaning == Meaning.HELP
    if verdict.reply and sender.opted_out and not owed:
        why = WANTS_NOTHING
    elif verdict.reply and sender.replies >= MOST_REPLIES and verdict.opts is not True:
        why = TOO_MANY
    return replace(verdict, reply="", unsaid=why) if why else verdict
