"""Asks before hosts are told otherwise, between a button and its deed. For `plan_pages`."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, request

from services.dispatch.console.plan_frame import evening_now, frame_of
from services.dispatch.domain.moves import Foreseen
from services.dispatch.preparing.office import Office

CONFIRMED = "confirmed"
_OWN = ("csrf_token", CONFIRMED)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: in a heading and a sentence, what agreeing does, where refusing leads."""

    heading: str
    words: str
    agree: str
    back: str
    quick: bool = False


def agreed(found: Foreseen) -> bool:
    """Whether whoever sent this form was shown just that, and agreed."""
    return request.form.get(CONFIRMED) == found.mark


def ask_first(office: Office, city: str, found: Foreseen, question: Question) -> str:
    """The page; agreeing sends the same form again."""
    return render_template(
        "plan/confirm.html",
        frame=frame_of(evening_now(office, city)),
        found=found,
        question=question,
        fields=_sent(),
        action=request.path,
    )


def counted(number: int, one: str, many: str) -> str:
    """A number of things in words."""
    return f"{number} {one if number == 1 else many}"


def listed(*parts: tuple[int, str, str]) -> str:
    """Numbers of things in words; of what there is none nothing is said."""
    *most, last = [counted(*part) for part in parts if part[0]]
    return f"{', '.join(most)} and {last}" if most else last


def _sent() -> Mapping[str, list[str]]:
    return {name: values for name, values in request.form.lists() if name not in _OWN}
