"""A party as a calendar file, RFC 5545. Only the private page uses it."""

from datetime import datetime

from icalendar import Calendar, Event

from services.registration.desk import Standing
from services.registration.pages.language import Language

_PRODUCT = "-//Porchlight//Registration//EN"


def party_calendar(standing: Standing, spoken: Language, now: datetime) -> bytes:
    """The party as it now is; a newer file replaces an older one in the calendar.

    The private link stays out of it, for people share calendars.
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_event(standing, spoken, now))
    return bytes(calendar.to_ical())


def _event(standing: Standing, spoken: Language, now: datetime) -> Event:
    party, details = standing.party, standing.party.details
    event = Event()
    event.add("uid", f"{party.id}@porchlight")
    event.add("sequence", party.revision + (standing.visit.revision if standing.visit else 0))
    event.add("dtstamp", now)
    event.add("last-modified", party.changed_at)
    event.add("dtstart", details.span.opens)
    event.add("dtend", details.span.closes)
    event.add("summary", details.name)
    event.add("location", details.address)
    event.add("description", _description(standing, spoken))
    event.add("status", "CANCELLED" if party.is_withdrawn else "CONFIRMED")
    if details.place:
        event.add("geo", (details.place.lat, details.place.lon))
    return event


def _description(standing: Standing, spoken: Language) -> str:
    party, city, visit = standing.party, standing.city, standing.visit
    lines = [f"{city.programme}, {city.name}", f"{spoken.say('Code')} {party.code}"]
    if visit and visit.planned and visit.window and not party.is_withdrawn:
        between = spoken.between(visit.window, city.zone)
        lines += [f"{spoken.say('Officers plan to visit')} {between}"]
        lines += [spoken.say("A visit cannot be promised: officers may be needed elsewhere.")]
    return "\n".join(lines)
