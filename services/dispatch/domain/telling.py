"""Which window a plan tells a host: the usual one, or one that the caller makes. For planning."""

from collections.abc import Callable, Sequence
from datetime import datetime

from services.dispatch.domain.evening import Stop, Team
from services.dispatch.domain.told import Told, window_to_tell

Span = tuple[datetime, datetime]
Tell = Callable[[Team, Sequence[Stop], Stop, Span, Told | None], Span]
"""The window for a stop of a team's route, within a span, after what was told before."""


def usual_window(
    _team: Team, _route: Sequence[Stop], stop: Stop, span: Span, before: Told | None
) -> Span:
    """The same width for every team and hour."""
    return window_to_tell(stop.arrives_at, *span, before)
