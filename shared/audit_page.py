"""The page of a service's audit log. Each web composition root adds it."""

from collections.abc import Mapping
from urllib.parse import quote

from flask import Blueprint, Response, make_response, render_template, request

from shared import audit
from shared.actor import current_actor
from shared.db import Pool


def audit_page(service: str, pool: Pool, elsewhere: Mapping[str, str], home: str = "") -> Blueprint:
    """The page `/audit` of `service`; `elsewhere` has the addresses of the others' by name.

    `home` is where a city's staff come from, an address with `{city}` in it.
    """
    pages = Blueprint("audit", __name__, url_prefix="/audit")

    @pages.get("")
    def listed() -> Response:
        wanted = _wanted()
        with pool.connection() as conn:
            found = audit.entries(conn, wanted, current_actor().cities)
            kinds = audit.kinds(conn)
        words: dict[str, object] = {
            "entries": found,
            "kinds": kinds,
            "wanted": wanted,
            "service": service,
        }
        words["back"] = home.format(city=quote(wanted.city, safe="")) if wanted.city else ""
        older = found[-1].id if len(found) == audit.PAGE else None
        page = render_template("audit.html", older=older, elsewhere=elsewhere, **words)
        answer = make_response(page)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return pages


def _wanted() -> audit.Wanted:
    given = {name: request.args.get(name, "").replace("\0", "")[:200] for name in _FILTERS}
    before = request.args.get("before", "")
    number = int(before) if before.isdecimal() and len(before) < 18 else None
    return audit.Wanted(**given, before=number)


_FILTERS = ("city", "what", "who", "day")
