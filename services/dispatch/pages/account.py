"""My account: password, second factor, sessions. Only `accounts.py` adds it."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, Response, redirect, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.dispatch.desk.own_account import OwnAccount
from services.dispatch.desk.sessions import Opened
from services.dispatch.pages.frame import Means, field, page
from services.dispatch.pages.keeper import set_cookie, where
from shared.actor import current_actor
from shared.failures import Refused


def add_account(pages: Blueprint, means: Means) -> None:
    """Add the routes to the pages' blueprint."""

    @pages.get("/account")
    def account() -> Response:
        return _shown(_mine(means), done=session.pop("done", ""))

    @pages.post("/account/password")
    def change_password() -> AnyResponse:
        if field("new") != field("again"):
            wrong = {"again": ["This is not the same password."]}
            return _shown(_mine(means), 422, form="password", fault="Please check.", fields=wrong)
        return _changed(
            means,
            "password",
            lambda own: own.change_password(field("current"), field("new")),
            "Your password is changed. You are signed out everywhere else.",
        )

    @pages.post("/account/second-factor/off")
    def switch_off() -> AnyResponse:
        done = "The second factor is off."
        return _changed(means, "factor", lambda own: own.switch_off(field("current")), done)

    @pages.post("/account/recovery-codes")
    def renew_recovery() -> AnyResponse:
        own = _mine(means)
        try:
            codes = own.renew_recovery(field("current"))
        except Refused as refused:
            return _shown(own, 422, form="factor", fault=str(refused), fields=refused.fields)
        return page("recovery.html", codes=codes, renewed=True)

    _add_sessions(pages, partial(_mine, means))
    _add_enrolment(pages, means, partial(_mine, means))


def _mine(means: Means) -> OwnAccount:
    known = means.keeper.session()
    if known is None:
        raise Refused("Please sign in again.")
    return OwnAccount(means.entrance, known, where())


def _shown(own: OwnAccount, status: int = 200, **words: object) -> Response:
    grants = current_actor().grants
    return page(
        "account.html",
        status,
        **{"person": own.person(), "grants": grants, "left": own.recovery_left()},
        **{"sessions": own.sessions(), "here": own.known.session.id, "fields": {}} | words,
    )


def _changed(
    means: Means, form: str, change: Callable[[OwnAccount], Opened], done: str
) -> AnyResponse:
    own = _mine(means)
    try:
        opened = change(own)
    except Refused as refused:
        return _shown(own, 422, form=form, fault=str(refused), fields=refused.fields)
    session.clear()
    session["done"] = done
    return set_cookie(redirect(url_for(".account"), 303), opened, means.secure)


def _add_sessions(pages: Blueprint, mine: Callable[[], OwnAccount]) -> None:
    @pages.post("/account/sessions/<session_id>/end")
    def end_session(session_id: str) -> AnyResponse:
        session["done"] = "That browser is signed out." if mine().end_session(session_id) else ""
        return redirect(url_for(".account"), 303)

    @pages.post("/account/sessions/end-others")
    def end_others() -> AnyResponse:
        mine().end_others()
        session["done"] = "You are signed out everywhere else."
        return redirect(url_for(".account"), 303)


def _add_enrolment(pages: Blueprint, means: Means, mine: Callable[[], OwnAccount]) -> None:
    """Switching the second factor on: its secret waits, sealed, in the form's cookie."""

    def enrol(own: OwnAccount, fault: str = "") -> Response:
        sealed = session.setdefault("totp", means.entrance.codes.new())
        codes = means.entrance.codes
        label = own.person().email
        status = 422 if fault else 200
        words = {"picture": codes.picture(sealed, label), "words": codes.words(sealed)}
        return page("enrol.html", status, fault=fault, **words)

    @pages.get("/account/second-factor")
    def second_factor() -> AnyResponse:
        own = mine()
        if own.person().has_totp:
            return redirect(url_for(".account"))
        return enrol(own)

    @pages.post("/account/second-factor")
    def switch_on() -> AnyResponse:
        own = mine()
        if own.person().has_totp:
            return redirect(url_for(".account"), 303)
        try:
            opened, codes = own.switch_on(session.get("totp", ""), field("code"))
        except Refused as refused:
            return enrol(own, str(refused))
        session.clear()
        return set_cookie(page("recovery.html", codes=codes), opened, means.secure)
