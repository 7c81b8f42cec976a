"""A hand edit from JSON or a form, with a sentence for each field that is wrong. For edges."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from services.dispatch.adapters.policy_document import flattened
from services.dispatch.domain.edits import Edit
from services.dispatch.domain.evening import Evening
from shared.failures import Refused

UNREADABLE = "This edit cannot be used; see the fields."
HALF_DAY = timedelta(hours=12)


class EditSchema(Schema):
    """An edit as it is asked for; parties by id or code, times as HH:MM there or as a moment."""

    kind = fields.String(required=True, validate=validate.OneOf(("pin", "forbid", "lock")))
    party = fields.String(validate=validate.Length(1, 60))
    parties = fields.List(fields.String(validate=validate.Length(1, 60)))
    team = fields.String(load_default="", validate=validate.Length(0, 60))
    visitor = fields.String(load_default="", validate=validate.Length(0, 40))
    earliest = fields.String(load_default="", validate=validate.Length(0, 40))
    latest = fields.String(load_default="", validate=validate.Length(0, 40))
    only_these = fields.Boolean(load_default=False, data_key="only")
    reason = fields.String(load_default="", validate=validate.Length(0, 500))


def read_edit(
    document: object, evening: Evening, id_: str, version: int, by: str, at: datetime
) -> Edit:
    """The edit that is asked for; raises `Refused` with each field's fault."""
    if not isinstance(document, Mapping):
        raise Refused("An edit is an object with a kind and a party.")
    try:
        given = EditSchema(unknown=RAISE).load(document)
    except ValidationError as fault:
        raise Refused(UNREADABLE, flattened(fault.messages_dict)) from fault
    reader = _Reader(evening)
    parties = reader.parties(given)
    edit = Edit(
        id_,
        given["kind"],
        parties,
        reader.team(given),
        reader.visitor(given),
        reader.moment(given, "earliest"),
        reader.moment(given, "latest"),
        given["only_these"],
        given["reason"].strip(),
        by,
        at,
        version,
    )
    if edit.earliest and edit.latest and edit.latest < edit.earliest:
        reader.faults["latest"] = ["It ends before it begins."]
    if reader.faults:
        raise Refused(UNREADABLE, reader.faults)
    return edit


class _Reader:
    """Looks names up in the evening and heaps up what is wrong."""

    def __init__(self, evening: Evening) -> None:
        self._evening = evening
        self.faults: dict[str, list[str]] = {}

    def parties(self, given: Mapping[str, Any]) -> tuple[str, ...]:
        many = given["kind"] == "lock"
        field = "parties" if many or "parties" in given else "party"
        named = [n.strip() for n in given.get("parties", [given.get("party", "")]) if n.strip()]
        known = {party.id: party.id for party in self._evening.parties}
        known |= {party.code.upper(): party.id for party in self._evening.parties}
        found = [known.get(name, known.get(name.upper(), "")) for name in named]
        lost = [name for name, party in zip(named, found, strict=True) if not party]
        if lost:
            self.faults[field] = [f"There is no party {name!r}." for name in lost]
        elif many and len(found) < 2 and not given["only_these"]:
            self.faults[field] = ["An order needs two parties at least."]
        elif not many and len(found) != 1:
            self.faults[field] = ["Please name one party."]
        elif len(set(found)) < len(found):
            self.faults[field] = ["A party is named twice."]
        return tuple(found)

    def team(self, given: Mapping[str, Any]) -> str:
        team = str(given["team"])
        if team and team not in {known.id for known in self._evening.teams}:
            self.faults["team"] = [f"There is no team {team!r}."]
        elif given["kind"] == "lock" and not team:
            self.faults["team"] = ["Please say which team drives this order."]
        return team

    def visitor(self, given: Mapping[str, Any]) -> str:
        visitor = str(given["visitor"])
        if visitor and visitor not in {kind.code for kind in self._evening.city.kinds}:
            self.faults["visitor"] = [f"There is no kind of visitor {visitor!r}."]
        return visitor

    def moment(self, given: Mapping[str, Any], field: str) -> datetime | None:
        text = str(given[field]).strip()
        if not text:
            return None
        if given["kind"] != "pin":
            self.faults[field] = ["Only a pin has a time."]
            return None
        found = local_moment(self._evening, text)
        if found is None:
            self.faults[field] = ["A time such as 18:30, or a moment such as 2026-08-05T01:30:00Z."]
        return found


def local_moment(evening: Evening, text: str) -> datetime | None:
    """A time of the evening, given as HH:MM there or as a moment with its offset."""
    if clock := re.fullmatch(r"(\d{1,2}):(\d\d)", text):
        hour, minute = int(clock[1]), int(clock[2])
        if hour > 23 or minute > 59:
            return None
        opens = evening.city.evening.opens.astimezone(ZoneInfo(evening.city.zone))
        found = opens.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return found + timedelta(days=1) if opens - found > HALF_DAY else found
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
