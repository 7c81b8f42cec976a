"""The form saved as it goes, and begun afresh. Only `site.py` adds it."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, current_app, make_response, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from services.registration.adapters.postgres_drafts import KEEP_HOURS
from services.registration.desk import Desk
from services.registration.domain.complaints import Rejected
from services.registration.draft_desk import DraftDesk
from services.registration.pages import form
from services.registration.pages.frame import check_csrf

COOKIE = "draft"
_NEVER_KEPT = frozenset(("sms_consent",))
"""Consent is given when the form is sent, never before and by no earlier visit."""
_MOST_FIELDS = 60
_LONGEST = 2000


def add_drafts(pages: Blueprint, desk: Desk, drafts: DraftDesk) -> None:
    """Add the routes to the pages' blueprint."""

    @pages.post("/<city>/draft")
    def save(city: str) -> AnyResponse:
        slug = desk.city(city).slug
        by_script = request.headers.get("Accept") == "application/json"
        try:
            check_csrf()
        except Rejected:
            return Response(status=422) if by_script else _to_form(slug)
        answer = Response(status=204) if by_script else _to_form(slug, saved="yes")
        return keep_sent(drafts, slug, answer)

    @pages.post("/<city>/afresh")
    def afresh(city: str) -> AnyResponse:
        slug = desk.city(city).slug
        try:
            check_csrf()
        except Rejected:
            return _to_form(slug)
        return forget(drafts, slug, _to_form(slug))


def found(drafts: DraftDesk, city: str) -> MultiDict[str, str] | None:
    """What this browser has begun in the city."""
    ticket = request.cookies.get(COOKIE, "")
    values = drafts.find(ticket, city) if ticket else None
    return MultiDict((name, text) for name in values for text in values[name]) if values else None


def keep_sent(drafts: DraftDesk, city: str, answer: AnyResponse) -> AnyResponse:
    """The answer, with what was sent kept for this browser."""
    return keep(drafts, city, dict(request.form.lists()), answer)


def keep(
    drafts: DraftDesk, city: str, values: Mapping[str, Sequence[str]], answer: AnyResponse
) -> AnyResponse:
    """The answer, with these values kept for this browser."""
    kept = {name: _short(texts) for name, texts in values.items() if _is_kept(name)}
    if len(kept) > _MOST_FIELDS:
        return answer
    ticket = drafts.keep(request.cookies.get(COOKIE, ""), city, kept)
    answer.set_cookie(
        COOKIE,
        ticket,
        max_age=KEEP_HOURS * 3600,
        path=f"/{city}",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
    return answer


def forget(drafts: DraftDesk, city: str, answer: AnyResponse) -> AnyResponse:
    """The answer, with nothing kept any more."""
    ticket = request.cookies.get(COOKIE, "")
    if ticket:
        drafts.drop(ticket)
        answer.delete_cookie(COOKIE, path=f"/{city}")
    return answer


def unstored(page: str, status: int = 200) -> Response:
    """A page that holds what somebody typed: no cache keeps it."""
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _is_kept(name: str) -> bool:
    return (name in form.field_names() or form.is_answer(name)) and name not in _NEVER_KEPT


def _short(texts: Sequence[str]) -> list[str]:
    return [text[:_LONGEST] for text in texts[:_MOST_FIELDS]]


def _to_form(city: str, saved: str | None = None) -> AnyResponse:
    lang = request.args.get("lang")
    return redirect(url_for("pages.register", city=city, lang=lang, saved=saved), 303)
