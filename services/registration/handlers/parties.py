"""Register, amend, withdraw and restore a party. The front desk and imports call it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.registration.domain.checks import understand
from services.registration.domain.city import City
from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.party import (
    Actor,
    Confirmed,
    Consent,
    Details,
    Party,
    Registration,
)
from services.registration.handlers.facts import party_fact
from services.registration.handlers.placing import placed
from services.registration.ports import ImportMark, Means, NewParties, PartyBook
from shared.contracts.party import PartyAmended, PartyRegistered, PartyWithdrawn
from shared.ids import new_id, short_code

UNDO_FOR = timedelta(hours=24)
CONSENT_WORDING = (
    "I agree to get text messages about this party from {programme}. "
    "Message and data rates may apply. Reply STOP to end, HELP for help."
)
IMPORTED_CONSENT = "Recorded as given on a list that the city imported."
SAID_BY_PHONE = "Said by phone: "


class TooLate(ValueError):
    """A withdrawal that can no longer be undone."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for a change, and from which network address.

    `lenient`: staff give a reason for what hosts may not, as a party without any contact.
    `held`: the sign for which staff looks at a new party first.
    """

    actor: Actor
    origin: str = ""
    lenient: bool = False
    held: str = ""


def register_party(
    asked: Registration,
    city: City,
    asker: Asker,
    means: Means[NewParties],
    *,
    mark: ImportMark | None = None,
) -> Party:
    """Enter the party in the book and say so; raises `Rejected`.

    With a cap, those who come after the last place wait; what a city imports has its place.
    """
    if asker.actor == "host":
        refuse_if_closed(city, means.now)
    understood = _understand(asked, city, asker, means)
    details = placed(understood, None, asked.placed_by, city, asker.actor, means)
    party = Party(
        id=new_id(),
        city=city.slug,
        code=short_code(),
        revision=1,
        state="registered",
        details=details,
        consent=_consent(details, None, city, asker, means),
        received_at=means.now,
        changed_at=means.now,
        changed_by=asker.actor,
        closure_state="wanted" if details.closure else "",
        waiting=asker.actor != "import" and not details.no_visit and is_full(city, means),
        held=asker.held,
    )
    means.parties.add(party, mark)
    if not party.held:
        _say_registered(party, means)
    return party


def release_party(party: Party, asker: Asker, means: Means[PartyBook]) -> Party:
    """Let a party that was held back be known to the other services, as it now is."""
    if not party.held:
        return party
    after = _next_state(party, replace(party, held=""), asker, means)
    means.parties.replace(party, after)
    if not after.is_withdrawn:
        _say_registered(after, means)
    return after


def _say_registered(party: Party, means: Means[NewParties]) -> None:
    fact = PartyRegistered(party_fact(party, means.links))
    means.publisher.publish(fact, city=party.city, subject=party.id, revision=party.revision)


def amend_party(
    party: Party,
    asked: Registration,
    city: City,
    asker: Asker,
    means: Means[PartyBook],
    *,
    mark: ImportMark | None = None,
) -> Party:
    """Put what is now asked in place of the party's details; nothing is said if nothing changes.

    A withdrawn party stays withdrawn. Raises `Rejected`.
    """
    understood = _understand(asked, city, asker, means)
    details = placed(understood, party.details, asked.placed_by, city, asker.actor, means)
    same_phone = details.host.phone == party.details.host.phone
    consent = _consent(details, party.consent if same_phone else None, city, asker, means)
    if (details, consent) == (party.details, party.consent) and mark is None:
        return party
    after = replace(
        party,
        details=details,
        consent=consent,
        closure_state=(party.closure_state or "wanted") if details.closure else "",
        waiting=_waits(party, details, city, means),
        link_version=_link_version(party, details, asker),
    )
    return _change(party, after, asker, means, mark)


def withdraw_party(party: Party, asker: Asker, means: Means[PartyBook]) -> Party:
    """Take the party out of the evening; doing it twice changes nothing."""
    if party.is_withdrawn:
        return party
    return _change(party, replace(party, state="withdrawn"), asker, means)


def restore_party(
    party: Party, asker: Asker, means: Means[PartyBook], *, city: City | None = None
) -> Party:
    """Undo a withdrawal within `UNDO_FOR` of it; raises `TooLate`.

    With `city` given, a party whose place was given away meanwhile waits for another.
    """
    if not party.is_withdrawn:
        return party
    if means.now - party.changed_at > UNDO_FOR:
        raise TooLate("This party was withdrawn more than a day ago; please register it again.")
    confirmed: Confirmed = "" if party.confirmed == "no" else party.confirmed
    after = replace(party, state="registered", confirmed=confirmed)
    waiting = after.wants_visit and city is not None and is_full(city, means)
    return _change(party, replace(after, waiting=waiting), asker, means)


def confirm_party(party: Party, answer: Confirmed, asker: Asker, means: Means[PartyBook]) -> Party:
    """Keep whether the host says that the party is held; nobody else hears of it."""
    if party.is_withdrawn or party.confirmed == answer:
        return party
    after = _next_state(party, replace(party, confirmed=answer), asker, means)
    means.parties.replace(party, after)
    return after


def admit_party(party: Party, asker: Asker, means: Means[PartyBook]) -> Party:
    """Give a party of the waiting list its place."""
    return _change(party, replace(party, waiting=False), asker, means)


def put_party(before: Party, after: Party, asker: Asker, means: Means[PartyBook]) -> Party:
    """Put another state in the party's place; others hear of it where it concerns them."""
    told = party_fact(before, means.links), before.state
    if told != (party_fact(after, means.links), after.state):
        return _change(before, after, asker, means)
    after = _next_state(before, after, asker, means)
    means.parties.replace(before, after)
    return after


def is_full(city: City, means: Means[NewParties]) -> bool:
    """Whether every place of the city's plan is taken."""
    cap = city.entry.cap
    return cap > 0 and means.parties.wanting_visits(city) >= cap


def put_back_party(
    party: Party,
    earlier: Party,
    asker: Asker,
    means: Means[PartyBook],
    *,
    mark: ImportMark | None = None,
) -> Party:
    """Give the party what it was at an earlier time, as a change of its own."""
    after = replace(
        party,
        state=earlier.state,
        details=earlier.details,
        consent=earlier.consent,
        closure_state=earlier.closure_state,
    )
    return _change(party, after, asker, means, mark)


def _change(
    before: Party,
    after: Party,
    asker: Asker,
    means: Means[PartyBook],
    mark: ImportMark | None = None,
) -> Party:
    after = _next_state(before, after, asker, means)
    means.parties.replace(before, after, mark)
    if after.held:
        return after
    told = PartyWithdrawn if after.is_withdrawn else PartyAmended
    fact = told(party_fact(after, means.links))
    means.publisher.publish(fact, city=after.city, subject=after.id, revision=after.revision)
    return after


def _next_state(before: Party, after: Party, asker: Asker, means: Means[PartyBook]) -> Party:
    return replace(
        after,
        revision=before.revision + 1,
        changed_at=means.now,
        changed_by=asker.actor,
    )


def _waits(party: Party, details: Details, city: City, means: Means[PartyBook]) -> bool:
    """A party that wants a visit only now asks for a place like a new one."""
    if details.no_visit or not party.details.no_visit:
        return party.waiting and not details.no_visit
    return is_full(city, means)


def _link_version(party: Party, details: Details, asker: Asker) -> int:
    """Where staff correct a contact, the link that went to the wrong one opens nothing more."""
    before, now = party.details.host, details.host
    moved = (before.phone, before.email) != (now.phone, now.email)
    return party.link_version + (moved and asker.actor == "staff")


def refuse_if_closed(city: City, now: datetime) -> None:
    """Raise `Rejected` once the city takes in nobody any more."""
    end = city.entry.late_until
    if end and city.entry.lane(now) == "closed":
        day = end.astimezone(city.zone).date().isoformat()
        text = "Registration closed on {day}. Please ask the city whether it can add your party."
        raise Rejected(Complaint("form", text, {"day": day}))


def _understand(asked: Registration, city: City, asker: Asker, means: Means[NewParties]) -> Details:
    lenient = asker.lenient or asker.actor == "import"
    return understand(asked, city, means.contacts, imported=lenient)


def _consent(
    details: Details, earlier: Consent | None, city: City, asker: Asker, means: Means[NewParties]
) -> Consent | None:
    if not details.host.sms_consent:
        return None
    if earlier:
        return earlier
    asked_in_person = CONSENT_WORDING.format(programme=city.programme)
    said = SAID_BY_PHONE + asked_in_person if asker.actor == "staff" else asked_in_person
    wording = IMPORTED_CONSENT if asker.actor == "import" else said
    return Consent(wording, means.now, asker.origin)
