"""What hosts write back by text, and what it means for the evening. Pure; others ask."""

from dataclasses import dataclass
from datetime import datetime

from services.dispatch.domain.actions import By, Details, Kind
from services.dispatch.domain.night import NightNow

BY_TEXT = By(name="the host", source="text")
QUIET = frozenset({"yes", "no", "when"})
"""What needs nobody here: it is answered, or comes as a change of the party."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One text of a host; `refusal` is why it did not act by itself, where it might have."""

    id: str
    party_id: str
    meaning: str
    minutes: int | None
    words: str
    at: datetime
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """What a text does by itself while the evening runs."""

    kind: Kind
    details: Details


def deed_of(reply: Reply, night: NightNow) -> Deed | None:
    """LATE with its minutes and DONE act by themselves; everything else waits for a person."""
    if not night.running:
        return None
    if reply.meaning == "late" and reply.minutes:
        return Deed(Kind.PARTY_LATE, Details(minutes=reply.minutes))
    if reply.meaning == "done":
        return Deed(Kind.PARTY_ENDED_EARLY, Details())
    return None
