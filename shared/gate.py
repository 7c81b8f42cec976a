"""Stands before every view of a service and lets in whom its table admits. Main modules set it up.

Sets `g.actor` and `g.caller`. Also refuses what another site makes a browser send.
"""

from typing import Protocol
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    g,
    make_response,
    render_template,
    request,
    url_for,
)
from flask_wtf.csrf import ValidationError, generate_csrf, validate_csrf
from werkzeug.wrappers import Response as AnyResponse

from shared.access import READS, Caller, Denied, Door, Row, Table, admit, row_for
from shared.actor import NOBODY
from shared.grants import EVERYWHERE
from shared.tokens import SCOPES, TokenRefused, verify
from shared.uploads import is_large, widen
from shared.web import problem

FORM_SECONDS = 12 * 3600
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")


class Keeper(Protocol):
    """How a service knows people and sends strangers to the sign-in."""

    def person(self) -> Caller | None:
        """Who is signed in, by what the browser brought."""
        ...

    def program(self, token: str) -> Caller:
        """Whose token it is; raises `TokenRefused`."""
        ...

    def to_sign_in(self) -> AnyResponse:
        """The redirect with which a stranger's page view is answered."""
        ...


def set_gate(
    place: Flask | Blueprint, table: Table, keeper: Keeper, origins: tuple[str, ...]
) -> None:
    """Put the gate before every view of `place`; `origins` are addresses of its own pages."""
    ours = frozenset(origin_of(address) for address in origins)
    rows: dict[str, Row | None] = {}

    @place.before_request
    def gate() -> AnyResponse | None:
        if request.url_rule is None:
            return None
        endpoint = request.url_rule.endpoint
        if endpoint not in rows:
            rows[endpoint] = row_for(table, endpoint)
        row = rows[endpoint]
        g.actor = NOBODY
        if row is not None and row.door in (Door.PUBLIC, Door.OWN, Door.SEALED):
            return None if row.door is Door.SEALED else refuse_forgery(ours)
        try:
            caller = _caller(keeper)
        except TokenRefused as refusal:
            return _unknown(str(refusal))
        found = admit(row, caller, request.method, request.view_args or {})
        if isinstance(found, Denied):
            return _denied(found, keeper)
        g.actor, g.caller = found, caller
        widen(endpoint)
        if caller and caller.is_program:
            return None
        return refuse_forgery(ours)

    if isinstance(place, Flask):
        place.jinja_env.globals["csrf_token"] = generate_csrf


def signed_token(secret: str, text: str) -> Caller:
    """The caller whose signed token it is; raises `TokenRefused`."""
    token = verify(secret, text)
    place = "every city" if token.city == EVERYWHERE else token.city
    return Caller("token", f"a token ({token.role}, {place})", token.grants, frozenset(SCOPES))


def origin_of(address: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()


def refuse_forgery(ours: frozenset[str]) -> Response | None:
    """A refusal if another site made the browser send this, or a form lacks its guard."""
    if request.method in READS:
        return None
    # Browsers say "null" where the page's policy is to send no referrer, as ours is.
    origin = request.headers.get("Origin", "null")
    if origin != "null" and origin.lower() not in ours | {origin_of(request.host_url)}:
        return problem(403, "Forbidden", "This request comes from another site.")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return problem(403, "Forbidden", "This request comes from another site.")
    if request.mimetype and request.mimetype not in _FORMS:
        return None
    token = request.headers.get("X-CSRFToken") or request.form.get("csrf_token")
    try:
        validate_csrf(token, time_limit=FORM_SECONDS)
    except ValidationError:
        return _stale_form()
    return None


def wants_page() -> bool:
    """Whether the request is a person's, to be answered by a page."""
    if request.path.startswith("/api/") or request.headers.get("Sec-Fetch-Mode") == "cors":
        return False
    accepted = request.accept_mimetypes
    return request.mimetype != "application/json" and (not accepted or accepted.accept_html)


def _caller(keeper: Keeper) -> Caller | None:
    """Who asks; a program's token may also come as the password of HTTP's basic sign-in."""
    try:
        given = request.authorization
    except ValueError as error:
        raise TokenRefused("This token is not valid.") from error
    if given is None:
        return keeper.person()
    token = given.password if given.type == "basic" else given.token
    return keeper.program(str(token or "").strip())


def _denied(denied: Denied, keeper: Keeper) -> AnyResponse:
    if denied.known:
        if not wants_page():
            return problem(403, "Forbidden", denied.why)
        return refused_page(denied.why, 403)
    if request.method in ("GET", "HEAD") and wants_page():
        return keeper.to_sign_in()
    return _send_again() or _unknown(denied.why)


def _send_again() -> Response | None:
    """What was sent with a pass that has ended, kept in a page that sends it after a sign-in."""
    if is_large():
        return None
    takes_passes = "entrance.enter" in current_app.view_functions
    if not (takes_passes and request.form and wants_page()) or request.files:
        return None
    signed_in = url_for("house.static", filename="signed-in.html")
    page = render_template(
        "send_again.html",
        fields=list(request.form.items(multi=True)),
        sign_in=url_for("entrance.enter", back=signed_in),
    )
    answer = make_response(page, 401)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _unknown(why: str) -> Response:
    answer = problem(401, "Unauthorized", why)
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _stale_form() -> Response:
    why = "This page was open for too long, or cookies are off. Please reload it and try again."
    return refused_page(why, 403) if wants_page() else problem(403, "Forbidden", why)


def refused_page(why: str, status: int) -> Response:
    """A page with one sentence on why there is no other."""
    return make_response(render_template("refused.html", why=why), status)
