"""Drafts to and from their stored JSON. Only dispatch's adapters use it."""

from collections.abc import Mapping
from typing import Any

import orjson

from services.dispatch.domain.basis import Basis
from services.dispatch.domain.drafts import Content, DraftFigures, DraftWish, LeftOut
from services.dispatch.domain.effects import Effect
from services.dispatch.domain.problem import Draft, TimedPause, TimedStop


def as_json(value: object) -> str:
    """A frozen value as it is stored."""
    return orjson.dumps(value).decode()


def wish_of(found: Mapping[str, Any]) -> DraftWish:
    """How a draft was asked for."""
    return DraftWish(**found)


def basis_from(found: Mapping[str, Any] | None) -> Basis | None:
    """On what a draft was made."""
    return Basis(**{**found, "edits": tuple(found["edits"])}) if found else None


def content_of(found: Mapping[str, Any] | None) -> Content | None:
    """What a draft holds."""
    if found is None:
        return None
    routes = {
        team: tuple(TimedStop(**stop) for stop in stops)
        for team, stops in found["draft"]["routes"].items()
    }
    pauses = {
        team: tuple(TimedPause(**pause) for pause in taken)
        for team, taken in found["draft"].get("pauses", {}).items()
    }
    figures = found["figures"]
    areas = {area: (int(pair[0]), int(pair[1])) for area, pair in figures["areas"].items()}
    return Content(
        Draft(routes, tuple(found["draft"]["left"]), pauses),
        DraftFigures(**{**figures, "areas": areas}),
        tuple(Effect(**effect) for effect in found["effects"]),
        tuple(LeftOut(**left) for left in found["left"]),
        found["note"],
    )
