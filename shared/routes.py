"""The one table: which fact is published by whom and heard by whom, and every queue's name.

Nothing else in the product names a stream, a consumer group or a queue.
"""

from dataclasses import dataclass

PREFIX = "porchlight"
SERVICES = ("registration", "dispatch", "notify")


@dataclass(frozen=True, slots=True)
class Route:
    """One fact's way: its type, the service that says it, the services that hear it."""

    fact: str
    publisher: str
    heard_by: tuple[str, ...]


ROUTES: tuple[Route, ...] = (
    Route("city.configured.v1", "registration", ("dispatch", "notify")),
    Route("party.registered.v1", "registration", ("dispatch", "notify")),
    Route("party.amended.v1", "registration", ("dispatch", "notify")),
    Route("party.withdrawn.v1", "registration", ("dispatch", "notify")),
    Route("party.forgotten.v1", "registration", ("dispatch", "notify")),
    Route("link.requested.v1", "registration", ("notify",)),
    Route("number.code_entered.v1", "registration", ("notify",)),
    Route("number.code_requested.v1", "registration", ("notify",)),
    Route("visit.scheduled.v1", "dispatch", ("registration", "notify")),
    Route("visit.unscheduled.v1", "dispatch", ("registration", "notify")),
    Route("visit.rescheduled.v1", "dispatch", ("registration", "notify")),
    Route("visit.en_route.v1", "dispatch", ("registration", "notify")),
    Route("visit.arrived.v1", "dispatch", ("registration", "notify")),
    Route("visit.completed.v1", "dispatch", ("registration", "notify")),
    Route("visit.skipped.v1", "dispatch", ("registration", "notify")),
    Route("visit.interrupted.v1", "dispatch", ("registration", "notify")),
    Route("night.opened.v1", "dispatch", ("registration",)),
    Route("night.held.v1", "dispatch", ("registration", "notify")),
    Route("night.resumed.v1", "dispatch", ("registration", "notify")),
    Route("night.closed.v1", "dispatch", ("registration", "notify")),
    Route("route.updated.v1", "dispatch", ("notify",)),
    Route("plan.published.v1", "dispatch", ("registration",)),
    Route("team.staffed.v1", "dispatch", ("notify",)),
    Route("message.sent.v1", "notify", ("registration", "dispatch")),
    Route("message.failed.v1", "notify", ("registration", "dispatch")),
    Route("host.replied.v1", "notify", ("registration", "dispatch")),
    Route("number.asked.v1", "notify", ("registration",)),
    Route("number.refused.v1", "notify", ("registration",)),
    Route("number.proven.v1", "notify", ("registration",)),
    Route("number.excused.v1", "notify", ("registration",)),
)

QUEUES: dict[str, tuple[str, ...]] = {
    "registration": ("registration.ticks",),
    "dispatch": ("dispatch.ticks", "dispatch.planning"),
    "notify": ("notify.ticks", "notify.urgent", "notify.bulk"),
}

_BY_FACT = {route.fact: route for route in ROUTES}


def route_of(fact: str) -> Route | None:
    """The fact's row in the table, or None where the table has none."""
    return _BY_FACT.get(fact)


def stream_of(publisher: str) -> str:
    """The Redis Stream that carries the publisher's facts."""
    return f"{PREFIX}:facts:{publisher}"


def group_of(service: str) -> str:
    """The consumer group with which a service reads."""
    return f"{PREFIX}:{service}"


def highest_key(publisher: str) -> str:
    """Where the publisher's relay announces the highest number that it has sent."""
    return f"{PREFIX}:highest:{publisher}"


def repair_key(publisher: str) -> str:
    """Where subscribers ask the publisher's relay to send a range of numbers again."""
    return f"{PREFIX}:repair:{publisher}"


def publishers_heard_by(service: str) -> tuple[str, ...]:
    """The publishers whose streams the service reads, in the table's order."""
    return tuple(dict.fromkeys(r.publisher for r in ROUTES if service in r.heard_by))


def subscribers_of(publisher: str) -> tuple[str, ...]:
    """The services that read the publisher's stream."""
    heard = (s for r in ROUTES if r.publisher == publisher for s in r.heard_by)
    return tuple(dict.fromkeys(heard))


def facts_heard_by(service: str) -> frozenset[str]:
    """The fact types that the service applies; others in the same streams it passes over."""
    return frozenset(r.fact for r in ROUTES if service in r.heard_by)
