"""A team's evening as its phone shows it. Pure; `TapDesk` gives it, the team page draws it."""

from dataclasses import dataclass
from datetime import datetime

from services.dispatch.domain.breaks import EndPlace, ShownBreak
from services.dispatch.domain.evening import Place, Window


@dataclass(frozen=True, slots=True)
class PhoneStop:
    """One visit with all that the team needs to make it. `promise` is what the host was told."""

    party_id: str
    code: str
    name: str
    address: str
    place: Place
    host_name: str
    notes: str
    wanted: tuple[str, ...]
    materials: tuple[str, ...]
    people: int
    children: int
    window: Window
    arrives_at: datetime
    leaves_at: datetime
    promise: Window | None = None
    state: str = "planned"
    reason: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """Something that dispatch told the teams."""

    id: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Done:
    """A tap of this team that stands and may be undone, whichever of its phones it came from."""

    id: str
    kind: str
    at: datetime
    party_id: str = ""


@dataclass(frozen=True, slots=True)
class PhoneTeam:
    """Where a team stands: its state since when, its stops in order, what dispatch says.

    `held_areas` and `called_off` are areas' names; a night held without any is held everywhere.
    """

    id: str
    name: str
    members: tuple[str, ...]
    shift: Window
    state: str
    since: datetime | None
    night: str
    stops: tuple[PhoneStop, ...]
    messages: tuple[Broadcast, ...] = ()
    undoable: tuple[Done, ...] = ()
    reason: str = ""
    held_areas: tuple[str, ...] = ()
    called_off: tuple[str, ...] = ()
    breaks: tuple[ShownBreak, ...] = ()
    end: EndPlace | None = None


@dataclass(frozen=True, slots=True)
class PageCity:
    """What the page says of the city."""

    id: str
    name: str
    programme: str
    zone: str
