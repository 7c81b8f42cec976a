"""Broadcasts: to whom, in which words, and when a second person has to agree. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from services.notify.domain.messages import Wording
from services.notify.domain.values import EMAIL, SMS, Address, City
from services.notify.domain.wording import one_line

DRAFT, WAITING, SENDING, PAUSED, STOPPED, DONE = (
    *("draft", "waiting", "sending"),
    *("paused", "stopped", "done"),
)
RUNNING = (SENDING, PAUSED)
TEMPLATE = "broadcast"
ENGLISH, SPANISH = ("en", "es")
LANGUAGES = (ENGLISH, SPANISH)
APPROVE_ABOVE = 50
"""Above so many hosts a second person approves, where a city has settled nothing else."""

VISIT_STATES = ("planned", "visited", "passed", "nobody")

OPTED_OUT = "opted out"
NO_CONSENT = "no consent to texts and no e-mail address"
NO_WAY = "no telephone number and no e-mail address"
WITHDRAWN = "party withdrawn"
TIME_PASSED = "its time had passed"
STOPPED_BY_STAFF = "the broadcast was stopped"

# Without accents that GSM-7 lacks: one would double the price of every text.
_STOP_WORDS = {
    ENGLISH: "Reply STOP to end texts.",
    SPANISH: "Para no recibir textos, responda ALTO.",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """Which hosts; an empty collection is 'any', and so is an empty `confirmed`."""

    areas: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    visits: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    confirmed: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in one language; where `email` is empty, the text is said by e-mail, too."""

    sms: str = ""
    subject: str = ""
    email: str = ""

    @property
    def written(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.sms)


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A broadcast as it is kept; `version` counts what was changed in its words or filters."""

    id: str
    city: str
    version: int
    state: str
    title: str
    filters: Filters
    words: Mapping[str, Words]
    authors: tuple[str, ...]
    written_by: str
    created_at: datetime
    changed_at: datetime
    expires_at: datetime
    asked_by: str
    approved_by: str
    started_at: datetime | None
    finished_at: datetime | None
    correlation: str


@dataclass(frozen=True, slots=True)
class Person:
    """A host whom the filters found, and which addresses want no broadcasts."""

    party_id: str
    code: str
    party: str
    language: str
    phone: str
    email: str
    sms_consent: bool
    withdrawn: bool
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why a host gets nothing."""

    reason: str


def ways_to(person: Person) -> Sequence[Address] | LeftOut:
    """How the broadcast reaches the host, the first way first, or why it does not."""
    if person.withdrawn:
        return LeftOut(WITHDRAWN)
    ways = []
    if person.phone and person.sms_consent:
        ways.append(Address(SMS, person.phone))
    if person.email:
        ways.append(Address(EMAIL, person.email))
    open_ways = [way for way in ways if way.channel not in person.refused]
    if open_ways:
        return open_ways
    if ways:
        return LeftOut(OPTED_OUT)
    return LeftOut(NO_CONSENT if person.phone else NO_WAY)


def language_of(words: Mapping[str, Words], wanted: str) -> str:
    """The language in which a host with this preference reads the broadcast."""
    base = wanted.replace("_", "-").partition("-")[0].lower()
    return base if base in words and words[base].written else ENGLISH


def word(words: Mapping[str, Words], city: City, language: str, channel: str) -> Wording:
    """The finished plain words; texts begin with the programme's name and say how to end them."""
    said = words[language]
    digest = sha256("\0".join((said.sms, said.subject, said.email)).encode())
    if channel == SMS:
        parts = (f"{city.programme}: {said.sms}", _STOP_WORDS[language])
        return Wording(digest.hexdigest()[:8], language, "", " ".join(parts), "")
    body = f"{said.email or said.sms}\n\n{city.signature}\n{city.programme}"
    subject = one_line(f"{city.programme}: {said.subject or _shortened(said.sms)}")
    return Wording(digest.hexdigest()[:8], language, subject, body, "")


def _shortened(text: str, most: int = 60) -> str:
    line = one_line(text)
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Share:
    """Those of a dry run who are reached by one channel in one language."""

    channel: str
    language: str
    people: int
    encoding: str = ""
    segments_each: int = 0

    @property
    def segments(self) -> int:
        """The segments of all of them."""
        return self.people * self.segments_each


@dataclass(frozen=True, slots=True)
class DryRun:
    """What would happen: shares, and whom it leaves out for which reason."""

    shares: tuple[Share, ...]
    left_out: Mapping[str, tuple[Person, ...]] = field(default_factory=dict)
    in_english_instead: int = 0

    @property
    def people(self) -> int:
        """How many hosts get it."""
        return sum(share.people for share in self.shares)

    @property
    def segments(self) -> int:
        """The segments of all texts."""
        return sum(share.segments for share in self.shares)

    @property
    def emails(self) -> int:
        """How many get it by e-mail."""
        return sum(share.people for share in self.shares if share.channel == EMAIL)


def needs_approval(people: int, above: int) -> bool:
    """Whether a second person has to agree."""
    return people > above


def may_approve(broadcast: Broadcast, actor_id: str) -> bool:
    """Nobody who wrote at it, and nobody whom we could not name, approves it."""
    return bool(actor_id) and actor_id not in broadcast.authors


def missing_words(words: Mapping[str, Words], languages: Collection[str]) -> list[str]:
    """The languages among `languages` that would read English instead."""
    return sorted({x for x in languages if language_of(words, x) != x.partition("-")[0].lower()})
