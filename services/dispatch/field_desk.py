"""What teams' page and its API ask of dispatch, a transaction each. Web edges use it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from services.dispatch.adapters.darkroom import PillowDarkroom
from services.dispatch.adapters.postgres_field import (
    PostgresGallery,
    PostgresNotebook,
    PostgresPositions,
    PostgresTrackers,
)
from services.dispatch.adapters.postgres_ledger import PostgresBoards
from services.dispatch.adapters.postgres_links import PostgresLinks, PostgresRoster
from services.dispatch.adapters.team_tokens import TeamTokens, hashed, new_secret
from services.dispatch.domain.phone_team import PageCity, PhoneTeam
from services.dispatch.domain.shift_links import LinkUse, ShiftLink
from services.dispatch.domain.taps import Outcome, Tap
from services.dispatch.domain.whereabouts import Fix
from services.dispatch.field_ports import Darkroom, TapDesk
from services.dispatch.fieldwork.links import (
    LinkEnded,
    LinkUnknown,
    Wish,
    make_links,
    open_link,
    recognise,
)
from services.dispatch.fieldwork.photos import Upload, develop_photo, keep_photo
from services.dispatch.fieldwork.positions import hear_fix, hear_tracker
from services.dispatch.fieldwork.taps import take_taps
from shared.clock import Clock
from shared.db import Connection, Pool


class UnknownCity(LookupError):
    """There is no such city."""


@dataclass(frozen=True, slots=True)
class Stores:
    """All stores of one transaction, and its moment."""

    conn: Connection
    now: datetime

    @property
    def roster(self) -> PostgresRoster:
        return PostgresRoster(self.conn)

    @property
    def links(self) -> PostgresLinks:
        return PostgresLinks(self.conn)

    @property
    def notebook(self) -> PostgresNotebook:
        return PostgresNotebook(self.conn)

    @property
    def gallery(self) -> PostgresGallery:
        return PostgresGallery(self.conn)

    @property
    def trackers(self) -> PostgresTrackers:
        return PostgresTrackers(self.conn)

    @property
    def positions(self) -> PostgresPositions:
        return PostgresPositions(self.conn)

    def changed(self, city: str) -> None:
        """Consoles show something of it."""
        PostgresBoards(self.conn).changed(city, self.now)


@dataclass(frozen=True, slots=True)
class FieldDesk:
    """The work on the road. `night` has transactions of its own."""

    pool: Pool
    clock: Clock
    tokens: TeamTokens
    night: TapDesk
    darkroom: Darkroom

    @contextmanager
    def open(self, city: str = "") -> Iterator[Stores]:
        """A transaction; raises `UnknownCity` where the city named is not known."""
        with self.pool.connection() as conn:
            stores = Stores(conn, self.clock.now())
            if city and stores.roster.city(city) is None:
                raise UnknownCity(city)
            yield stores

    def make_links(self, wish: Wish) -> list[ShiftLink]:
        """Links for a city's teams."""
        with self.open(wish.city) as at:
            return make_links(at.roster, at.links, self.tokens.token_hash, wish, at.now)

    def uses(self, city: str) -> tuple[PageCity, Sequence[LinkUse]]:
        """The city and its links."""
        with self.open(city) as at:
            found = at.roster.city(city)
            if found is None:
                raise UnknownCity(city)
            return found, at.links.uses(city)

    def open_link(self, token: str) -> tuple[str, ShiftLink]:
        """A secret for the phone that came with the token; raises `LinkEnded`."""
        if not self.tokens.genuine(token):
            raise LinkUnknown("This link is not one of ours.")
        secret = new_secret()
        with self.open() as at:
            return secret, open_link(at.links, hashed(token), hashed(secret), at.now)

    def recognise(self, secret: str) -> ShiftLink:
        """The link of a phone that comes back; raises `LinkEnded`."""
        with self.open() as at:
            return recognise(at.links, hashed(secret), at.now)

    def team_now(self, link: ShiftLink) -> tuple[datetime, PageCity, PhoneTeam]:
        """What the page shows; a team that is no longer in the roster has no page either."""
        with self.open() as at:
            city = at.roster.city(link.city)
        team = self.night.now(link.city, link.team_id)
        if city is None or team is None:
            raise LinkEnded("This team is not in the roster any more.")
        return at.now, city, team

    def take_taps(self, link: ShiftLink, taps: Sequence[Tap], now: datetime) -> list[Outcome]:
        """Apply taps and keep notes."""
        return take_taps(self.night, self._notebook, link, taps, now)

    @contextmanager
    def _notebook(self) -> Iterator[PostgresNotebook]:
        with self.open() as at:
            yield at.notebook

    def keep_photo(self, link: ShiftLink, upload: Upload, body: bytes) -> bool:
        """Keep a photo; no connection waits while it is developed."""
        picture = develop_photo(self.darkroom, body)
        with self.open() as at:
            return keep_photo(at.gallery, link, upload, picture, at.now)

    def hear_phone(self, link: ShiftLink, fix: Fix) -> bool:
        """Keep where a phone is."""
        with self.open() as at:
            found = hear_fix(at.roster, at.positions, link.city, link.team_id, fix, at.now)
            if found:
                at.changed(link.city)
            return found

    def hear_tracker(self, city: str, device: str, fix: Fix) -> bool:
        """Keep where a tracker is."""
        with self.open(city) as at:
            found = hear_tracker(at.roster, at.trackers, at.positions, city, device, fix, at.now)
            if found:
                at.changed(city)
            return found


def make_field_desk(pool: Pool, clock: Clock, tokens: TeamTokens, night: TapDesk) -> FieldDesk:
    """The desk with its own darkroom."""
    return FieldDesk(pool, clock, tokens, night, PillowDarkroom())
