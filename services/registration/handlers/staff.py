"""What staff decide about one party, singly or for many at once. The staff's desk calls it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from services.registration.domain.city import City
from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.history import Change, put_back, values_of, with_values
from services.registration.domain.party import Closure, Party
from services.registration.handlers.parties import (
    Asker,
    confirm_party,
    is_full,
    put_party,
    withdraw_party,
)
from services.registration.ports import Means, PartyBook

Step = Callable[[Party, str, City, Asker, Means[PartyBook]], Party]
TOGETHER: dict[str, tuple[str, ...]] = {
    "phone": ("phone", "sms_consent", "consent"),
    "place": ("place", "placed_by", "beat", "district"),
    "closure": ("closure", "closure_state"),
    "wanted": ("wanted", "no_visit", "waiting"),
}
"""Fields of which one means nothing without the others, under the one that stands for them."""


def set_closure(
    party: Party, state: str, _city: City, asker: Asker, means: Means[PartyBook]
) -> Party:
    """Grant or refuse the closing of the street."""
    states: dict[str, Closure] = {"granted": "granted", "refused": "refused", "wanted": "wanted"}
    if state not in states:
        raise _refused("Please choose granted or refused.")
    if not party.details.closure:
        raise _refused("no street closure was asked for")
    return _put(party, replace(party, closure_state=states[state]), asker, means)


def set_area(party: Party, area: str, city: City, asker: Asker, means: Means[PartyBook]) -> Party:
    """Count the party in another part of the city."""
    if area not in city.area_codes():
        raise _refused("Please choose one of the city's areas.")
    return _put(party, replace(party, details=replace(party.details, area=area)), asker, means)


def set_no_visit(
    party: Party, _value: str, _city: City, asker: Asker, means: Means[PartyBook]
) -> Party:
    """Ask for no visit, whoever was asked for before."""
    details = replace(party.details, no_visit=True, wanted=())
    return _put(party, replace(party, details=details, waiting=False), asker, means)


def mark_confirmed(
    party: Party, _value: str, _city: City, asker: Asker, means: Means[PartyBook]
) -> Party:
    """Keep that the party will be held."""
    if party.is_withdrawn:
        raise _refused("it is withdrawn")
    return confirm_party(party, "yes", asker, means)


def withdraw(
    party: Party, _value: str, _city: City, asker: Asker, means: Means[PartyBook]
) -> Party:
    """Take the party out of the evening."""
    return withdraw_party(party, asker, means)


def restore(party: Party, _value: str, city: City, asker: Asker, means: Means[PartyBook]) -> Party:
    """Undo a withdrawal, however long ago; where places are taken, the party waits for one."""
    if not party.is_withdrawn:
        return party
    after = replace(party, state="registered")
    waiting = after.wants_visit and is_full(city, means)
    return put_party(party, replace(after, waiting=waiting), asker, means)


STEPS: Mapping[str, Step] = {
    "withdraw": withdraw,
    "restore": restore,
    "area": set_area,
    "confirmed": mark_confirmed,
    "closure": set_closure,
    "no_visit": set_no_visit,
}


def undo_change(
    party: Party,
    undone: Change,
    later: Iterable[Change],
    city: City,
    asker: Asker,
    means: Means[PartyBook],
) -> Party:
    """A new change that puts the old values back; raises `Rejected` where later ones need them."""
    after = put_back(party, undone, later)
    if party.is_withdrawn and not after.is_withdrawn:
        after = replace(after, waiting=after.wants_visit and is_full(city, means))
    return _put(party, after, asker, means)


def merge_parties(
    kept: Party,
    merged: Party,
    taken: Iterable[str],
    asker: Asker,
    means: Means[PartyBook],
) -> tuple[Party, Party]:
    """Let `kept` take these fields from the other, which is withdrawn; raises `Rejected`."""
    if kept.id == merged.id or kept.city != merged.city:
        raise _refused("Please choose two parties of this city.")
    if kept.is_withdrawn or merged.is_withdrawn:
        raise _refused("One of the two is withdrawn meanwhile.")
    values = values_of(merged)
    fields = {field for leader in taken for field in TOGETHER.get(leader, (leader,))}
    if not fields <= values.keys() - {"state", "confirmed"}:
        raise _refused("Please choose among the fields shown.")
    after = with_values(kept, {field: values[field] for field in fields})
    return _put(kept, after, asker, means), withdraw_party(merged, asker, means)


def _put(before: Party, after: Party, asker: Asker, means: Means[PartyBook]) -> Party:
    if after == before:
        return before
    old, new = before.details.host, after.details.host
    moved = (old.phone, old.email) != (new.phone, new.email)
    return put_party(before, replace(after, link_version=before.link_version + moved), asker, means)


def _refused(why: str) -> Rejected:
    return Rejected(Complaint("form", why))
