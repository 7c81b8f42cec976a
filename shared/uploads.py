"""Which views take files larger than other requests may be. Edges mark them, the gate widens.

A view's own code comes too late: the gate reads the form before it, for the guard that is in it.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request

FORM_BYTES = 100_000
"""For what comes beside the file."""

View = TypeVar("View", bound=Callable[..., Any])
_MOST = "most_bytes"


def takes_file(most: int) -> Callable[[View], View]:
    """Mark a view that takes a file of so many bytes."""

    def mark(view: View) -> View:
        setattr(view, _MOST, most + FORM_BYTES)
        return view

    return mark


def widen(endpoint: str) -> None:
    """Let the present request be as large as its view wants it."""
    most = getattr(current_app.view_functions.get(endpoint), _MOST, None)
    if most is not None:
        request.max_content_length = most


def is_large() -> bool:
    """Whether the request is larger than one without a file may be."""
    most = current_app.config["MAX_CONTENT_LENGTH"]
    return most is not None and (request.content_length or 0) > most
