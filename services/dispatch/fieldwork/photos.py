"""Keeps photos that teams send, made anew so that they tell no place. The team page calls it."""

from dataclasses import dataclass
from datetime import datetime

from services.dispatch.domain.field_notes import (
    LARGEST_PHOTO,
    LONGEST_CAPTION,
    MOST_PHOTOS,
    Photo,
    Picture,
)
from services.dispatch.domain.shift_links import ShiftLink
from services.dispatch.field_ports import Darkroom, Gallery
from shared.failures import Refused

TOO_LARGE = "The photo is larger than 8 MB. Please send a smaller one."


@dataclass(frozen=True, slots=True)
class Upload:
    """What a phone says of a photo."""

    id: str
    party_id: str
    caption: str
    at: datetime


def develop_photo(darkroom: Darkroom, body: bytes) -> Picture:
    """The picture in an upload; raises `Refused` with a sentence for the team."""
    if len(body) > LARGEST_PHOTO:
        raise _refused(TOO_LARGE)
    return darkroom.develop(body)


def keep_photo(
    gallery: Gallery, link: ShiftLink, upload: Upload, picture: Picture, now: datetime
) -> bool:
    """Keep a photo once; whether it was new. Raises `Refused` where there are too many."""
    if gallery.count(link.id) >= MOST_PHOTOS:
        raise _refused("Your team has sent 100 photos, which is as many as we keep.")
    caption = upload.caption.strip()[:LONGEST_CAPTION]
    who = (upload.id, link.team_id, upload.party_id, caption)
    photo = Photo(*who, picture.width, picture.height, upload.at, now)
    return gallery.keep(link.city, link.id, photo, picture)


def _refused(sentence: str) -> Refused:
    return Refused(sentence, {"photo": [sentence]})
