"""What the work on the road needs from the world. Adapters implement it; tests bring fakes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from services.dispatch.domain.evening import Team
from services.dispatch.domain.field_notes import FieldNote, Photo, Picture
from services.dispatch.domain.phone_team import PageCity, PhoneTeam
from services.dispatch.domain.shift_links import LinkUse, ShiftLink
from services.dispatch.domain.taps import Outcome, Tap
from services.dispatch.domain.whereabouts import Whereabouts


class TapDesk(Protocol):
    """The night as teams move it."""

    def now(self, city: str, team: str) -> PhoneTeam | None:
        """How the team stands; None where there is no such team."""
        ...

    def apply(self, city: str, team: str, taps: Sequence[Tap], now: datetime) -> list[Outcome]:
        """Apply moves, each once, by their times; an outcome for each, in the order given."""
        ...


class Roster(Protocol):
    """The city and its teams, as far as links and pages need them."""

    def city(self, city: str) -> PageCity | None:
        """The city."""
        ...

    def teams(self, city: str) -> Sequence[Team]:
        """Its teams, in the order of the roster."""
        ...


class ShiftLinks(Protocol):
    """Links and the phones that opened them."""

    def add(self, link: ShiftLink, token_hash: bytes) -> None:
        """Keep a new link."""
        ...

    def uses(self, city: str) -> Sequence[LinkUse]:
        """The city's links, the newest first."""
        ...

    def find(self, token_hash: bytes) -> ShiftLink | None:
        """The link with this token."""
        ...

    def revoke(self, city: str, link: str, by: str, now: datetime) -> bool:
        """End a link at once; whether there was such a link."""
        ...

    def admit(self, link: str, secret_hash: bytes, now: datetime) -> None:
        """Remember a phone that opened the link."""
        ...

    def recognise(self, secret_hash: bytes, now: datetime) -> ShiftLink | None:
        """The link that the phone opened; notes that the phone was heard."""
        ...


class Notebook(Protocol):
    """Notes of all teams."""

    def keep(self, city: str, note: FieldNote) -> bool:
        """Keep a note once; whether it was new."""
        ...

    def notes(self, city: str) -> Sequence[FieldNote]:
        """All of them, in the order of their times."""
        ...


class Gallery(Protocol):
    """Photos of all teams."""

    def count(self, link: str) -> int:
        """How many came by the link."""
        ...

    def keep(self, city: str, link: str, photo: Photo, picture: Picture) -> bool:
        """Keep a photo once; whether it was new."""
        ...

    def photos(self, city: str) -> Sequence[Photo]:
        """What there is, in the order of their times."""
        ...

    def jpeg(self, city: str, photo: str) -> bytes | None:
        """The photo itself."""
        ...

    def approve(self, city: str, photo: str, by: str, at: datetime | None) -> bool:
        """Let it be published, or (without a time) not; whether there is such a photo."""
        ...


class Darkroom(Protocol):
    """Makes pictures of what phones send."""

    def develop(self, upload: bytes) -> Picture:
        """The picture alone, upright and no larger than needed; raises `Refused`."""
        ...


class Trackers(Protocol):
    """Which device travels with which team."""

    def assign(self, city: str, device: str, team: str) -> None:
        """The device travels with the team from now on."""
        ...

    def drop(self, city: str, device: str) -> bool:
        """The device travels with nobody; whether it did."""
        ...

    def assigned(self, city: str) -> Sequence[tuple[str, str]]:
        """Devices and their teams."""
        ...

    def team_of(self, city: str, device: str) -> str | None:
        """The team of a device."""
        ...


class Positions(Protocol):
    """The newest known place of each team."""

    def keep(self, city: str, found: Whereabouts) -> bool:
        """Keep it if it is newer than what is known; whether it was."""
        ...

    def all(self, city: str) -> Sequence[Whereabouts]:
        """Where the city's teams may be."""
        ...

    def forget(self, city: str, team: str) -> None:
        """Forget where the team is."""
        ...

    def forget_off_duty(self, now: datetime) -> Sequence[str]:
        """Forget every team whose shift is not under way; the cities that it concerns."""
        ...
