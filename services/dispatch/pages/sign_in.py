"""Sign-in, second factor, invitation, sign-out, and the pass to other services. Main adds it."""

from flask import Blueprint, Response, abort, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.dispatch.desk.entering import NotLetIn, TooMany
from services.dispatch.desk.sessions import CODE, Opened
from services.dispatch.pages.frame import Means, field, leading_on, page
from services.dispatch.pages.keeper import COOKIE, safe_next, set_cookie, where
from services.dispatch.pages.provider import ProviderFailed
from shared import passes
from shared.actor import current_actor
from shared.audit import record
from shared.failures import Refused

WAIT = "There were too many attempts. Please wait ten minutes and try again."


def add_sign_in(pages: Blueprint, means: Means) -> None:
    """Add the routes to the pages' blueprint."""

    @pages.get("/sign-in")
    def sign_in() -> AnyResponse:
        if means.keeper.person():
            return redirect(safe_next(request.args.get("next", "")), 303)
        return _form(means)

    @pages.post("/sign-in")
    def enter() -> AnyResponse:
        try:
            opened = means.entrance.by_password(field("email"), field("password"), where())
        except TooMany:
            return _form(means, WAIT, 429)
        except NotLetIn as no:
            return _form(means, str(no), 422)
        return _entered(means, opened)

    _add_code(pages, means)
    _add_leaving(pages, means)


def _add_code(pages: Blueprint, means: Means) -> None:
    @pages.get("/sign-in/code")
    def code() -> AnyResponse:
        return _code_form(means) if _half_way(means) else redirect(url_for(".sign_in"))

    @pages.post("/sign-in/code")
    def enter_code() -> AnyResponse:
        try:
            secret = request.cookies.get(COOKIE, "")
            opened = means.entrance.by_code(secret, field("code"), where())
        except TooMany:
            return _form(means, WAIT, 429)
        except NotLetIn as no:
            return _code_form(means, str(no), 422) if _half_way(means) else _form(means, str(no))
        return _entered(means, opened)


def _add_leaving(pages: Blueprint, means: Means) -> None:
    @pages.post("/sign-out")
    def sign_out() -> AnyResponse:
        known = means.keeper.session()
        if known:
            with means.entrance.pool.connection() as conn:
                means.entrance.book.end(conn, known.session.staff_id, known.session.id)
                record(conn, "signed out")
        session.clear()
        answer = redirect(url_for(".sign_in"), 303)
        for name in (COOKIE, *(passes.cookie_of(service) for service in means.others)):
            answer.delete_cookie(name, httponly=True, samesite="Lax", secure=means.secure)
        return answer

    @pages.get("/pass")
    def give_pass() -> AnyResponse:
        target = means.others.get(request.args.get("service", ""))
        key = request.args.get("key", "")
        if target is None or not key.isalnum():
            abort(404, "There is no such service.")
        service = request.args["service"]
        actor = current_actor()
        text = passes.issue(means.keeper.secret, actor, service, key)
        return redirect(passes.entrance(target, text, request.args))


def add_invitation(pages: Blueprint, means: Means) -> None:
    """Add the routes of one-time links."""

    @pages.get("/invitation/<token>")
    def invitation(token: str) -> AnyResponse:
        return _invitation_form(means, token)

    @pages.post("/invitation/<token>")
    def accept(token: str) -> AnyResponse:
        if field("password") != field("again"):
            return _invitation_form(means, token, {"again": ["This is not the same password."]})
        try:
            opened = means.entrance.accept(
                token, field("name"), field("email"), field("password"), where()
            )
        except NotLetIn:
            return _invitation_form(means, token)
        except Refused as refused:
            return _invitation_form(means, token, refused.fields)
        return _entered(means, opened)


def add_provider(pages: Blueprint, means: Means) -> None:
    """Add the routes of sign-in by the provider, where one is configured."""

    @pages.get("/sign-in/provider")
    def to_provider() -> AnyResponse:
        if means.provider is None:
            abort(404, "No provider is configured.")
        session["next"] = safe_next(request.args.get("next", ""))
        try:
            return means.provider.leave(means.link(url_for(".from_provider")))
        except ProviderFailed as failed:
            return _form(means, str(failed), 502)

    @pages.get("/sign-in/provider/back")
    def from_provider() -> AnyResponse:
        if means.provider is None:
            abort(404, "No provider is configured.")
        further = safe_next(session.pop("next", ""))
        try:
            vouched = means.provider.returned()
            opened = means.entrance.by_provider(
                means.people.vouched_for(
                    vouched.subject, vouched.email, vouched.name, vouched.grants
                ),
                where(),
            )
        except (ProviderFailed, NotLetIn) as failed:
            return _form(means, str(failed), 403)
        return _entered(means, opened, further)


def _entered(means: Means, opened: Opened, further: str = "") -> AnyResponse:
    """On to the second factor, or to where the person wanted to go; with a new form's guard."""
    further = further or safe_next(field("next"))
    session.clear()
    if opened.session.stage == CODE:
        answer = redirect(url_for(".code", next=further), 303)
    else:
        answer = redirect(further, 303)
    return set_cookie(answer, opened, means.secure)


def _half_way(means: Means) -> bool:
    known = means.keeper.session()
    return known is not None and known.session.stage == CODE


def _further() -> str:
    return safe_next(request.form.get("next") or request.args.get("next", ""))


def _form(means: Means, fault: str = "", status: int = 200) -> Response:
    words = {"fault": fault, "email": field("email"), "next": _further()}
    return leading_on(means, page("sign_in.html", status, provider=means.provider, **words))


def _code_form(means: Means, fault: str = "", status: int = 200) -> Response:
    return leading_on(means, page("code.html", status, fault=fault, next=_further()))


def _invitation_form(
    means: Means, token: str, fields: dict[str, list[str]] | None = None
) -> Response:
    known = means.entrance.invited(token)
    if known is None:
        return page("invitation_ended.html", 404)
    words = {"name": field("name") or known.name, "email": known.email or field("email")}
    status = 422 if fields else 200
    answer = page("invitation.html", status, known=known, fields=fields or {}, **words)
    return leading_on(means, answer)
