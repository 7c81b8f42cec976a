"""What the staff pages share: answers that nobody keeps, fields, live parts. Pages use it."""

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256

from flask import Response, flash, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from shared.actor import current_actor

_RESTLESS = re.compile(r'(?<=name="csrf_token" value=")[^"]*|>[^<]*(?=</time>)')
"""What differs at each look though nothing has happened: the guard of forms, and ages."""
ACTORS = ("notifier", "dispatcher")
"""Who may do something about messages in a city; its administrators always may."""


def page(template: str, status: int = 200, /, **words: object) -> Response:
    """The page, kept by nobody."""
    answer = make_response(render_template(template, **words), status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def live_part(template: str, /, **words: object) -> Response:
    """A part that a page asks for again and again; unchanged, it is not sent."""
    html = render_template(template, **words)
    answer = make_response(html)
    answer.set_etag(sha256(_RESTLESS.sub("", html).encode()).hexdigest()[:32])
    answer.headers["Cache-Control"] = "no-cache"
    answer.make_conditional(request)
    return answer


def field(name: str, most: int = 1000) -> str:
    """A form's field, without what no field should hold."""
    return request.form.get(name, "").replace("\0", "").replace("\r\n", "\n")[:most]


def chosen(name: str) -> tuple[str, ...]:
    """Every value that a form's field has, in order and once."""
    given = (value.replace("\0", "")[:100] for value in request.form.getlist(name))
    return tuple(dict.fromkeys(value for value in given if value))


def done(said: str, where: str) -> AnyResponse:
    """Say what was done, on the page to which it leads."""
    flash(said, "done")
    return redirect(where, 303)


def not_done(said: str, where: str) -> AnyResponse:
    """Say why it was not done."""
    flash(said, "refused")
    return redirect(where, 303)


def may_act(city: str) -> bool:
    """Whether the one who looks may also do something."""
    return current_actor().has(city, *ACTORS)


def first_faults(fields: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """One sentence for each field that is wrong."""
    return {name: str(said[0]) for name, said in fields.items() if said}
