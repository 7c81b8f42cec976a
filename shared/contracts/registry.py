"""Which type name stands for which fact and schema. The envelope module uses it."""

from marshmallow import Schema

from shared.contracts import city, host, link, message, night, number, party, route, team, visit

FACTS: dict[str, tuple[type, Schema]] = {
    "city.configured.v1": (city.CityConfigured, city.CityConfiguredSchema()),
    "party.registered.v1": (party.PartyRegistered, party.PartyRegisteredSchema()),
    "party.amended.v1": (party.PartyAmended, party.PartyAmendedSchema()),
    "party.withdrawn.v1": (party.PartyWithdrawn, party.PartyWithdrawnSchema()),
    "party.forgotten.v1": (party.PartyForgotten, party.PartyForgottenSchema()),
    "link.requested.v1": (link.LinkRequested, link.LinkRequestedSchema()),
    "number.code_entered.v1": (number.CodeEntered, number.CodeEnteredSchema()),
    "number.code_requested.v1": (number.CodeRequested, number.CodeRequestedSchema()),
    "visit.scheduled.v1": (visit.VisitScheduled, visit.VisitScheduledSchema()),
    "visit.unscheduled.v1": (visit.VisitUnscheduled, visit.VisitUnscheduledSchema()),
    "visit.rescheduled.v1": (visit.VisitRescheduled, visit.VisitRescheduledSchema()),
    "visit.en_route.v1": (visit.VisitEnRoute, visit.VisitEnRouteSchema()),
    "visit.arrived.v1": (visit.VisitArrived, visit.VisitArrivedSchema()),
    "visit.completed.v1": (visit.VisitCompleted, visit.VisitCompletedSchema()),
    "visit.skipped.v1": (visit.VisitSkipped, visit.VisitSkippedSchema()),
    "visit.interrupted.v1": (visit.VisitInterrupted, visit.VisitInterruptedSchema()),
    "night.opened.v1": (night.NightOpened, night.NightOpenedSchema()),
    "night.held.v1": (night.NightHeld, night.NightHeldSchema()),
    "night.resumed.v1": (night.NightResumed, night.NightResumedSchema()),
    "night.closed.v1": (night.NightClosed, night.NightClosedSchema()),
    "route.updated.v1": (route.RouteUpdated, route.RouteUpdatedSchema()),
    "plan.published.v1": (route.PlanPublished, route.PlanPublishedSchema()),
    "team.staffed.v1": (team.TeamStaffed, team.TeamStaffedSchema()),
    "message.sent.v1": (message.MessageSent, message.MessageSentSchema()),
    "message.failed.v1": (message.MessageFailed, message.MessageFailedSchema()),
    "host.replied.v1": (host.HostReplied, host.HostRepliedSchema()),
    "number.asked.v1": (number.NumberAsked, number.NumberAskedSchema()),
    "number.refused.v1": (number.NumberRefused, number.NumberRefusedSchema()),
    "number.proven.v1": (number.NumberProven, number.NumberProvenSchema()),
    "number.excused.v1": (number.NumberExcused, number.NumberExcusedSchema()),
}

TYPE_OF: dict[type, str] = {fact: name for name, (fact, _) in FACTS.items()}
