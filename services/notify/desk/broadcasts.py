"""Writes broadcasts, tries them out, asks for a second person, starts and stops them. For pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from services.notify.adapters import broadcasts as rows
from services.notify.adapters.broadcast_rows import find_people
from services.notify.adapters.broadcasts import Content
from services.notify.adapters.segments import segments_of
from services.notify.adapters.voices import Spoken
from services.notify.domain.broadcasts import (
    DRAFT,
    ENGLISH,
    PAUSED,
    SENDING,
    STOPPED,
    WAITING,
    Broadcast,
    DryRun,
    LeftOut,
    Person,
    Share,
    language_of,
    may_approve,
    needs_approval,
    ways_to,
    word,
)
from services.notify.domain.restraint import awake_at
from services.notify.domain.values import SMS, City
from shared.actor import current_actor
from shared.audit import record
from shared.clock import Clock
from shared.db import Connection, Pool
from shared.failures import Refused
from shared.ids import new_id
from shared.logs import correlation

CHANGED = "Somebody has changed it meanwhile. Please look at it again."
GONE = "There is no such broadcast."
NOT_YOURS = "You wrote at it, so somebody else has to approve it."
MOST_TEXT = 1_000


@dataclass(frozen=True, slots=True)
class Rates:
    """What the provider of texts takes: seconds for so many segments, and the city's price."""

    seconds_for: Callable[[int], float]
    voice: Callable[[str], Spoken | None]


@dataclass(frozen=True, slots=True)
class Broadcasts:
    """The broadcasts of all cities."""

    pool: Pool
    clock: Clock
    rates: Rates

    def save(self, city: str, content: Content, broadcast_id: str = "") -> str:
        """Keep a draft, a new one without an id; raises `Refused` with what is wrong."""
        self._check(content)
        now, me = self.clock.now(), current_actor()
        with self.pool.connection() as conn:
            if broadcast_id:
                old = self._held(conn, city, broadcast_id, (DRAFT,))
                authors = tuple(dict.fromkeys((*old.authors, me.id)))
                draft = replace(
                    old,
                    version=old.version + 1,
                    authors=authors,
                    written_by=me.name,
                    changed_at=now,
                )
            else:
                draft = _new(city, content, me.id, me.name, now)
            kept = replace(
                draft,
                title=content.title,
                filters=content.filters,
                words=content.words,
                expires_at=content.expires_at,
            )
            rows.write_draft(conn, kept)
            record(conn, "broadcast written", f"{kept.title}, {kept.id}", city=city)
        return kept.id

    def _check(self, content: Content) -> None:
        faults = {}
        if not content.title:
            faults["title"] = ["Give it a name, such as 'Storm: indoors from 7'."]
        if not content.words[ENGLISH].sms:
            faults["sms_en"] = ["Write what the text message says."]
        for language, said in content.words.items():
            if len(said.sms) > MOST_TEXT:
                faults[f"sms_{language}"] = [f"At most {MOST_TEXT} characters."]
        if content.expires_at <= self.clock.now():
            faults["expires_at"] = ["Choose a time to come."]
        if faults:
            raise Refused("Please check what is marked.", faults)

    def drop(self, city: str, broadcast_id: str) -> None:
        """Throw a draft away."""
        with self.pool.connection() as conn:
            held = self._held(conn, city, broadcast_id, (DRAFT,))
            rows.drop_draft(conn, held.id)
            record(conn, "broadcast thrown away", f"{held.title}, {held.id}", city=city)

    def dry_run(self, broadcast: Broadcast) -> DryRun:
        """Who would get it now, how, and who would not."""
        with self.pool.connection() as conn:
            city = rows.read_city(conn, broadcast.city)
            people = find_people(conn, broadcast.city, broadcast.filters, self.clock.now())
        return try_out(broadcast, city, people) if city else DryRun(())

    def seconds_for(self, run: DryRun) -> float:
        """How long the provider of texts needs for it."""
        return self.rates.seconds_for(run.segments) if run.segments else 0.0

    def cost_of(self, city: str, run: DryRun) -> str:
        """Like "$12.45" for all texts, empty where no price is known."""
        spoken = self.rates.voice(city)
        price = spoken.voice.segment_cost * run.segments if spoken else 0.0
        return f"{spoken.voice.currency}{price:,.2f}" if spoken and price else ""

    def quiet_until(self, city: City) -> datetime | None:
        """The end of the city's quiet hours, None outside of them: a person decides, knowing it."""
        spoken, now = self.rates.voice(city.id), self.clock.now()
        end = awake_at(now, replace(city, voice=spoken.voice) if spoken else city)
        return end if end > now else None

    def ask(self, city: str, broadcast_id: str, version: int) -> bool:
        """Send it, or ask for approval where it is that large; returns whether it is being sent."""
        with self.pool.connection() as conn:
            held = self._held(conn, city, broadcast_id, (DRAFT,), version)
            self._in_time(held)
            people = self.dry_run(held).people
            if not people:
                raise Refused("Nobody would get it. Please choose other hosts.")
            rows.set_asked(conn, held.id, current_actor().name)
            if needs_approval(people, rows.read_limit(conn, city)):
                rows.set_state(conn, held.id, WAITING, self.clock.now())
                record(conn, "approval asked for", f"{held.title}, {held.id}", city=city)
                return False
            self._start(conn, held, "")
            return True

    def approve(self, city: str, broadcast_id: str, version: int) -> None:
        """Agree to exactly this version, as somebody who did not write at it."""
        with self.pool.connection() as conn:
            held = self._held(conn, city, broadcast_id, (WAITING,), version)
            self._in_time(held)
            if not may_approve(held, current_actor().id):
                raise Refused(NOT_YOURS)
            self._start(conn, held, current_actor().name)

    def take_back(self, city: str, broadcast_id: str) -> None:
        """Make it a draft again."""
        self._move(city, broadcast_id, (WAITING,), DRAFT, "approval no longer asked for")

    def pause(self, city: str, broadcast_id: str) -> None:
        """Hand nothing more over for now."""
        self._move(city, broadcast_id, (SENDING,), PAUSED, "broadcast paused")

    def resume(self, city: str, broadcast_id: str) -> None:
        """Go on."""
        self._move(city, broadcast_id, (PAUSED,), SENDING, "broadcast resumed")

    def stop(self, city: str, broadcast_id: str) -> None:
        """End it for good; what a provider has already cannot be called back."""
        now = self.clock.now()
        with self.pool.connection() as conn:
            held = self._held(conn, city, broadcast_id, (SENDING, PAUSED))
            rows.set_state(conn, held.id, STOPPED, now)
            rows.stop_messages(conn, held.id, now)
            record(conn, "broadcast stopped", f"{held.title}, {held.id}", city=city)

    def set_limit(self, city: str, above: int) -> None:
        """Settle above how many hosts a second person approves."""
        with self.pool.connection() as conn:
            rows.write_limit(conn, city, above)
            record(conn, "broadcasts' limit settled", f"above {above} hosts", city=city)

    def _start(self, conn: Connection, held: Broadcast, approved_by: str) -> None:
        people = rows.start(conn, held, approved_by, self.clock.now())
        said = f"{held.title}, {held.id}, {people} hosts"
        what = "broadcast approved and started" if approved_by else "broadcast started"
        record(conn, what, said, city=held.city)

    def _move(
        self, city: str, broadcast_id: str, before: tuple[str, ...], after: str, what: str
    ) -> None:
        with self.pool.connection() as conn:
            held = self._held(conn, city, broadcast_id, before)
            rows.set_state(conn, held.id, after, self.clock.now())
            record(conn, what, f"{held.title}, {held.id}", city=city)

    def _held(
        self,
        conn: Connection,
        city: str,
        broadcast_id: str,
        states: tuple[str, ...],
        version: int | None = None,
    ) -> Broadcast:
        found = rows.read_one(conn, city, broadcast_id, lock=True)
        if found is None:
            raise Refused(GONE)
        if found.state not in states or version not in (None, found.version):
            raise Refused(CHANGED)
        return found

    def _in_time(self, held: Broadcast) -> None:
        if held.expires_at <= self.clock.now():
            raise Refused("The time until which it is useful has passed. Please set a later one.")


def _new(city: str, content: Content, id_: str, name: str, now: datetime) -> Broadcast:
    return Broadcast(
        id=new_id(),
        city=city,
        version=1,
        state=DRAFT,
        title=content.title,
        filters=content.filters,
        words=content.words,
        authors=(id_,),
        written_by=name,
        created_at=now,
        changed_at=now,
        expires_at=content.expires_at,
        asked_by="",
        approved_by="",
        started_at=None,
        finished_at=None,
        correlation=correlation() or new_id(),
    )


def try_out(broadcast: Broadcast, city: City, people: list[Person]) -> DryRun:
    """The dry run for these people."""
    shares: dict[tuple[str, str], int] = {}
    left_out: dict[str, list[Person]] = {}
    instead = 0
    for person in people:
        ways = ways_to(person)
        if isinstance(ways, LeftOut):
            left_out.setdefault(ways.reason, []).append(person)
            continue
        language = language_of(broadcast.words, person.language)
        instead += language == ENGLISH and not person.language.lower().startswith(ENGLISH)
        key = (ways[0].channel, language)
        shares[key] = shares.get(key, 0) + 1
    made = tuple(
        _share(broadcast, city, channel, language, number)
        for (channel, language), number in sorted(shares.items(), reverse=True)
    )
    return DryRun(made, {reason: tuple(who) for reason, who in left_out.items()}, instead)


def _share(broadcast: Broadcast, city: City, channel: str, language: str, people: int) -> Share:
    if channel != SMS:
        return Share(channel, language, people)
    counted = segments_of(word(broadcast.words, city, language, SMS).body)
    return Share(channel, language, people, counted.encoding, counted.segments)


def examples(broadcast: Broadcast, city: City) -> Mapping[str, Mapping[str, str]]:
    """What hosts read: language -> channel -> words."""
    return {
        language: {
            channel: word(broadcast.words, city, language, channel).body
            for channel in ("sms", "email")
        }
        for language, said in broadcast.words.items()
        if said.written
    }
