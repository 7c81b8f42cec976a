"""The form of a city's policies: from policies to its fields, and from its fields to a document."""

import re
from collections.abc import Mapping
from typing import Any

from services.dispatch.domain.evening import Evening
from services.dispatch.domain.policy import Policies

PLAIN = (
    "new_or_absent_factor",
    "absent_years",
    "first_visit_bonus",
    "equity_points",
    "stay_in_points",
    "language_points",
    "cap",
    "applies_by_itself_after_minutes",
    "tell_not_coming_minutes_before",
)
"""Fields that hold one number, or nothing where that means none."""

CHOICES = ("stability", "apply_without_asking")
SHARES = ("first_come_first_served", "window_confidence")
"""Shares, which the form shows in percent."""

Values = Mapping[str, str]


def form_values(policies: Policies, evening: Evening) -> dict[str, str]:
    """What the form shows; a field of a team is called `name.team`."""
    codes = {party.id: party.code for party in evening.parties}
    values = {name: _text(getattr(policies, name)) for name in (*PLAIN, *CHOICES)}
    values |= {name: f"{100 * getattr(policies, name):g}" for name in SHARES}
    if policies.lottery:
        values["lottery.guaranteed"] = str(policies.lottery.guaranteed)
        values["lottery.seed"] = str(policies.lottery.seed)
    for team, most in policies.most_stops.items():
        values[f"most_stops.{team}"] = str(most)
    for name, by_team in (("beats", policies.beats), ("stay_in", policies.stay_in)):
        shown = {team: map(evening.city.area_name, areas) for team, areas in by_team.items()}
        values |= {f"{name}.{team}": "; ".join(areas) for team, areas in shown.items()}
    for caravan in policies.caravans:
        order = " ".join(codes.get(party, party) for party in caravan.parties)
        values[f"caravans.{caravan.team}"] = order
    return values


def document_of(form: Values, evening: Evening) -> dict[str, Any]:
    """The whole document that a sent form stands for; what is no number is left to be refused."""
    document: dict[str, Any] = {name: _number(form.get(name, "")) for name in PLAIN}
    document = {name: value for name, value in document.items() if value != ""}
    for name in ("cap", "applies_by_itself_after_minutes"):
        document.setdefault(name, None)
    document |= {name: form[name] for name in CHOICES if form.get(name)}
    for name in SHARES:
        value = _number(form.get(name, ""))
        document[name] = value / 100 if isinstance(value, int | float) else value
    document = {name: value for name, value in document.items() if value != ""}
    document["lottery"] = _lottery(form)
    teams = [team.id for team in evening.teams]
    most = {team: _number(form.get(f"most_stops.{team}", "")) for team in teams}
    document["most_stops"] = {team: value for team, value in most.items() if value != ""}
    codes = {party.area.casefold(): party.area for party in evening.parties}
    codes |= {name.casefold(): code for code, name in evening.city.areas.items()}
    for name in ("beats", "stay_in"):
        named = {team: _areas(form.get(f"{name}.{team}", ""), codes) for team in teams}
        document[name] = {team: areas for team, areas in named.items() if areas}
    parties = {party.code.upper(): party.id for party in evening.parties}
    orders = {team: _order(form.get(f"caravans.{team}", ""), parties) for team in teams}
    document["caravans"] = [
        {"team": team, "parties": order} for team, order in orders.items() if order
    ]
    return document


def _lottery(form: Values) -> dict[str, Any] | None:
    guaranteed = _number(form.get("lottery.guaranteed", ""))
    seed = _number(form.get("lottery.seed", ""))
    return None if guaranteed in ("", 0) else {"guaranteed": guaranteed, "seed": seed}


def _number(text: str) -> int | float | str:
    text = text.strip()
    if re.fullmatch(r"-?\d{1,9}", text):
        return int(text)
    if re.fullmatch(r"-?\d{1,9}\.\d{1,6}", text):
        return float(text)
    return text


def _areas(text: str, codes: Mapping[str, str]) -> list[str]:
    """Areas by name or code with ';' between; with ',' where no area's own name has one."""
    if not (text := text.strip()):
        return []
    whole = text.casefold() in codes or ";" in text
    named = [area.strip() for area in text.split(";" if whole else ",")]
    return [codes.get(area.casefold(), area) for area in named if area]


def _order(text: str, parties: Mapping[str, str]) -> list[str]:
    codes = re.split(r"[\s,;]+", text.strip())
    return [parties.get(code.upper(), code) for code in codes if code]


def _text(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
