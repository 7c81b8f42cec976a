"""Doubles: seen, told apart, merged, parted again. Staff pages and the host's form use it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.registration.adapters.contacts import Contacts
from services.registration.adapters.postgres_doubles import (
    Merge,
    alike,
    end_merge,
    keep_apart,
    keep_merge,
    merges_of,
    those,
)
from services.registration.adapters.postgres_history import sign
from services.registration.desk import NotFound
from services.registration.domain.checks import understand
from services.registration.domain.city import City
from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.doubles import (
    Pair,
    Seen,
    may_be_shown_to_host,
    whys_between,
)
from services.registration.domain.history import FieldChange, differences
from services.registration.domain.party import Party, Registration
from services.registration.handlers.staff import TOGETHER, merge_parties
from services.registration.ports import Means, PartyBook
from services.registration.staff_desk.lists import (
    ChangedMeanwhile,
    Signature,
    StaffDesk,
    pairs_of,
    undo_revision,
)
from shared.work import begin

_LEADERS = {field: leader for leader, group in TOGETHER.items() for field in group}
_NOT_CHOSEN = frozenset({"state", "confirmed"})


@dataclass(frozen=True, slots=True)
class Doubles:
    """The pairs with their parties, and the merges that stand."""

    pairs: list[Pair]
    merges: list[Merge]
    parties: Mapping[str, Party]


@dataclass(frozen=True, slots=True)
class Choice:
    """A field in which two parties differ, and those that go with it."""

    field: str
    changes: tuple[FieldChange, ...]


class DoublesDesk:
    """Runs what is done about doubles."""

    def __init__(self, desk: StaffDesk, contacts: Contacts) -> None:
        self._desk = desk
        self._contacts = contacts

    def all(self, city: City, most: int = 300) -> tuple[Doubles, int]:
        """The likeliest pairs, and how many there are in all."""
        with self._desk.pool.connection() as conn:
            pairs = pairs_of(conn, city)
            merges = merges_of(conn, city.slug)
            ids = {i for pair in pairs[:most] for i in (pair.one, pair.other)}
            ids |= {i for merge in merges for i in (merge.kept_id, merge.merged_id)}
            return Doubles(pairs[:most], merges, those(conn, ids)), len(pairs)

    def two(self, city: City, one: str, other: str) -> tuple[Party, Party]:
        """Both parties; raises `NotFound`."""
        with self._desk.pool.connection() as conn:
            found = those(conn, (one, other))
        if one == other or any(i not in found or found[i].city != city.slug for i in (one, other)):
            raise NotFound("There are no such two parties here.")
        return found[one], found[other]

    def keep_apart(self, city: City, one: str, other: str, person: str) -> None:
        """Remember that these are two parties."""
        self.two(city, one, other)
        with begin(self._desk.pool, self._desk.clock) as work:
            keep_apart(work.conn, city.slug, (one, other), work.now, person)

    def merge(
        self,
        city: City,
        kept: tuple[str, int],
        merged: tuple[str, int],
        taken: Iterable[str],
        link_leads: bool,
        signature: Signature,
    ) -> None:
        """Merge two parties, each given with the revision that was seen.

        Raises `Rejected`, `ChangedMeanwhile`, `NotFound`.
        """
        with begin(self._desk.pool, self._desk.clock) as work:
            means = self._desk.means(work)
            found = {i: _held(means, i, seen, city) for i, seen in sorted((kept, merged))}
            one, other = found[kept[0]], found[merged[0]]
            stays, goes = merge_parties(one, other, taken, signature.asker, means)
            if stays.revision != one.revision:
                sign(work.conn, stays, signature.person, f"Merged with {other.code}")
            sign(work.conn, goes, signature.person, f"Merged into {one.code}")
            changed = stays.revision != one.revision
            keep_merge(work.conn, stays, goes, link_leads, work.now, signature.person, changed)

    def part(self, city: City, merge_id: str, signature: Signature) -> Merge:
        """Undo a merge, both parties or none; raises `Rejected`, `NotFound`."""
        with begin(self._desk.pool, self._desk.clock) as work:
            merge = next((m for m in merges_of(work.conn, city.slug) if m.id == merge_id), None)
            if merge is None:
                raise NotFound("There is no such merge here.")
            means = self._desk.means(work)
            revisions = {merge.kept_id: merge.kept_revision, merge.merged_id: merge.merged_revision}
            for party_id, revision in sorted(revisions.items()):
                party = means.parties.hold(party_id)
                if party is None:
                    raise Rejected(Complaint("form", "One of the two is no longer here."))
                if revision:
                    undo_revision(work.conn, party, revision, city, signature, means)
            end_merge(work.conn, merge.id, work.now)
            return merge

    def is_known(self, asked: Registration, city: City) -> bool:
        """Whether the host who asks for this should be asked "Is this your party?" first."""
        details = understand(asked, city, self._contacts)
        day = details.span.opens.astimezone(city.zone).date()
        host = details.host
        seen = Seen("", day, details.address, host.name, host.phone, host.email, details.place)
        with self._desk.pool.connection() as conn:
            found = alike(conn, city.slug, city.zone, seen)
        return any(may_be_shown_to_host(whys_between(seen, other)) for other in found)

    def kept_instead(self, party: Party) -> Party | None:
        """The party to which the link of a merged one leads."""
        if not party.is_withdrawn:
            return None
        with self._desk.pool.connection() as conn:
            merges = merges_of(conn, party.city, party.id)
            leading = [m for m in merges if m.merged_id == party.id and m.link_leads]
            return next(iter(those(conn, [m.kept_id for m in leading]).values()), None)


def choices(one: Party, other: Party) -> list[Choice]:
    """The fields between which a merge chooses."""
    found: dict[str, list[FieldChange]] = {}
    for change in differences(one, other):
        if change.field not in _NOT_CHOSEN:
            found.setdefault(_LEADERS.get(change.field, change.field), []).append(change)
    return [Choice(leader, tuple(changes)) for leader, changes in found.items()]


def _held(means: Means[PartyBook], party_id: str, seen: int, city: City) -> Party:
    party = means.parties.hold(party_id)
    if party is None or party.city != city.slug:
        raise NotFound("There are no such two parties here.")
    if party.revision != seen:
        raise ChangedMeanwhile(party, ())
    return party
