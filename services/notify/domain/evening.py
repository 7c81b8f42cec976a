"""Whether what happens in the running evening is news to a host. Pure; handlers call it.

en route, 8 min away          ─► speak `on_the_way`, until the team is there
en route, heard too late      ─► silence, listed
en route again within 20 min  ─► silence, the tap was taken back and made again
left out, nothing promised    ─► silence
held, told held               ─► silence
resumed, not told held        ─► silence
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notify.domain.decisions import (
    BULK,
    NOTHING_PROMISED,
    REPLAY_LASTS,
    TOLD_THE_SAME,
    TOO_LATE,
    URGENT,
    WITHDRAWN,
    Decision,
    Silence,
    Speak,
    is_replay,
)
from services.notify.domain.values import City, Party, Told

ON_THE_WAY, SKIPPED, HELD, RESUMED, CALLED_OFF = (
    *("on_the_way", "skipped", "held", "resumed", "called_off"),
)
AGAIN_AFTER = timedelta(minutes=20)
NOT_HELD = "the host was not told of a hold"
AT_ONCE = timedelta(minutes=3)
"""A team from next door is there before its message: so long it may still be said."""


@dataclass(frozen=True, slots=True)
class Latest:
    """What a host last heard of the running evening, or, where it still `waits`, is about to."""

    template: str
    news: str
    at: datetime
    waits: bool = False


def useful_until(template: str, at: datetime, expected_at: datetime | None = None) -> datetime:
    """Until when it is worth saying: "about 8 minutes away" only until the team is there."""
    if template == ON_THE_WAY and expected_at:
        return max(expected_at, at + AT_ONCE)
    return at + timedelta(hours=1)


def decide_live(
    city: City,
    party: Party,
    said: Latest,
    until: datetime,
    now: datetime,
    *,
    told: Told | None,
    latest: Latest | None,
) -> Decision:
    """Whether `said` is news to who was `told` of a visit and `latest` heard of the evening."""
    if party.withdrawn:
        return Silence(WITHDRAWN)
    replay = is_replay(city, now)
    if not replay and until <= now:
        return Silence(TOO_LATE)
    why = _known(said, told, latest, now)
    if why:
        return Silence(why, waiting_stands=why not in (NOTHING_PROMISED, NOT_HELD))
    return Speak(said.template, BULK if replay else URGENT, now + REPLAY_LASTS if replay else until)


def _known(said: Latest, told: Told | None, latest: Latest | None, now: datetime) -> str:
    before = latest.template if latest else ""
    if said.template == ON_THE_WAY:
        again = latest and before == ON_THE_WAY and latest.news == said.news
        return TOLD_THE_SAME if latest and again and now - latest.at < AGAIN_AFTER else ""
    if said.template == RESUMED:
        # A hold that still waits to be told goes, and with it the news that it is over.
        return "" if latest and before == HELD and not latest.waits else NOT_HELD
    if before == said.template:
        return TOLD_THE_SAME
    # One that waits goes when its team leaves the party out: then nobody was ever expected.
    goes = latest and latest.waits and latest.news == said.news
    expected = (told and told.span) or (before == ON_THE_WAY and not goes)
    return NOTHING_PROMISED if said.template == SKIPPED and not expected else ""
