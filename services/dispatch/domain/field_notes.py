"""What a team brings back from a party: notes, counts, photos. Pure; handlers and edges use it."""

from dataclasses import dataclass
from datetime import datetime

LONGEST_NOTE = 1000
LONGEST_CAPTION = 200
MOST_PEOPLE = 10_000
MOST_PHOTOS = 100
"""Photos by one link; a phone that goes wild must not fill the disk."""
LARGEST_PHOTO = 8 * 1024 * 1024
LONGEST_EDGE = 1600


@dataclass(frozen=True, slots=True)
class FieldNote:
    """A note, a head count, or the wish that somebody gets in touch with the host."""

    id: str
    team_id: str
    party_id: str
    kind: str
    words: str
    people: int | None
    at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo made anew: nothing is in it but what can be seen."""

    jpeg: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Photo:
    """What is known of a kept photo; it is published only once `approved_at` is set."""

    id: str
    team_id: str
    party_id: str
    caption: str
    width: int
    height: int
    at: datetime
    received_at: datetime
    approved_at: datetime | None = None
    approved_by: str = ""
