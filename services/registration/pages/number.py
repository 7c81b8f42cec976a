"""Where a host proves the number on the private page. Only `private.py` adds it."""

from collections.abc import Callable

from flask import Blueprint, request, url_for
from werkzeug.utils import redirect

from services.registration.adapters.door import WAIT_SECONDS
from services.registration.desk import Desk, Standing
from services.registration.domain.complaints import Rejected
from services.registration.number_desk import NumberDesk
from services.registration.pages.frame import check_csrf
from services.registration.pages.own import PATH, Answer, spoken_with

_TOO_MANY = (
    "Many codes were typed from this connection. Please try again in an hour, or answer the text"
    " with YES."
)
_MOST = 40
Show = Callable[[Standing, str, int], Answer]
"""Shows the party's page with a sentence beside the code's field."""


def add_number(pages: Blueprint, desk: Desk, numbers: NumberDesk, show: Show) -> None:
    """Add the routes to the pages' blueprint."""

    @pages.post(f"{PATH}/number")
    def type_code(city: str, token: str) -> Answer:
        standing = desk.standing(token, city)
        return _done(standing, token, lambda: numbers.type_code(standing.party, _typed()))

    @pages.post(f"{PATH}/number/new")
    def ask_code(city: str, token: str) -> Answer:
        standing = desk.standing(token, city)
        return _done(standing, token, lambda: numbers.ask_anew(standing.party))

    def _done(standing: Standing, token: str, do: Callable[[], None]) -> Answer:
        try:
            check_csrf()
            if not desk.door.may_type(request.remote_addr or ""):
                answer = show(standing, spoken_with(standing).say(_TOO_MANY), 429)
                answer.headers["Retry-After"] = str(WAIT_SECONDS)
                return answer
            do()
        except Rejected as rejected:
            return show(standing, rejected.complaints[0].said(spoken_with(standing).say), 422)
        lang = request.args.get("lang")
        city = standing.city.slug
        own = url_for("pages.status", city=city, token=token, lang=lang, _anchor="number")
        return redirect(own, 303)


def _typed() -> str:
    return request.form.get("code", "")[:_MOST]
