"""Which type name stands for which fact and schema. The envelope module uses it."""

from marshmallow import Schema

from shared.contracts import city, message, party, route, visit

FACTS: dict[str, tuple[type, Schema]] = {
    "city.configured.v1": (city.CityConfigured, city.CityConfiguredSchema()),
    "party.registered.v1": (party.PartyRegistered, party.PartyRegisteredSchema()),
    "party.amended.v1": (party.PartyAmended, party.PartyAmendedSchema()),
    "party.withdrawn.v1": (party.PartyWithdrawn, party.PartyWithdrawnSchema()),
    "visit.scheduled.v1": (visit.VisitScheduled, visit.VisitScheduledSchema()),
    "visit.unscheduled.v1": (visit.VisitUnscheduled, visit.VisitUnscheduledSchema()),
    "route.updated.v1": (route.RouteUpdated, route.RouteUpdatedSchema()),
    "plan.published.v1": (route.PlanPublished, route.PlanPublishedSchema()),
    "message.sent.v1": (message.MessageSent, message.MessageSentSchema()),
    "message.failed.v1": (message.MessageFailed, message.MessageFailedSchema()),
}

TYPE_OF: dict[type, str] = {fact: name for name, (fact, _) in FACTS.items()}
