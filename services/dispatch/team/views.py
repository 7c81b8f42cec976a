"""The team page's addresses: link, page, state, taps, photos, position. Main adds it."""

import hashlib
from http import HTTPStatus
from typing import Any

import orjson
from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from services.dispatch.domain.field_notes import LARGEST_PHOTO
from services.dispatch.domain.shift_links import ShiftLink
from services.dispatch.field_desk import FieldDesk
from services.dispatch.fieldwork.links import LinkEnded, LinkUnknown
from services.dispatch.fieldwork.photos import TOO_LARGE, Upload
from services.dispatch.team.assets import WORKER, Assets, packed
from services.dispatch.team.bodies import read_batch, read_fix, read_photo_words
from services.dispatch.team.words import COOKIE, chosen
from shared.actor import Actor
from shared.failures import Refused
from shared.languages import NAMES
from shared.web import problem

PHONE = "team"
FOR_EVER = "public, max-age=31536000, immutable"
PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
Answer = Response | AnyResponse


def make_team_page(desk: FieldDesk, *, secure: bool) -> Blueprint:
    """The blueprint; `secure` where the page is reached by https."""
    pages = Blueprint("team", __name__, template_folder="templates")
    assets = Assets()
    _add_opening(pages, desk, secure)
    _add_page(pages, desk, assets, secure)
    _add_sending(pages, desk)

    @pages.get("/team/assets/<version>/<name>")
    def asset(version: str, name: str) -> Response:
        return assets.answer(name, FOR_EVER if version == assets.version else "no-cache")

    @pages.get("/team/worker.js")
    def worker() -> Response:
        answer = assets.answer(WORKER, "no-cache")
        answer.headers["Service-Worker-Allowed"] = "/team"
        return answer

    @pages.errorhandler(LinkEnded)
    def ended(error: LinkEnded) -> Answer:
        known = not isinstance(error, LinkUnknown)
        opening = request.path.startswith("/t/")
        return _ended(assets, 410 if known else 404 if opening else 401)

    return pages


def _add_opening(pages: Blueprint, desk: FieldDesk, secure: bool) -> None:
    @pages.get("/t/<token>")
    def open_link(token: str) -> Answer:
        if request.method == "HEAD" and desk.tokens.genuine(token):
            return Response(headers=PRIVATE)  # Whoever looks ahead is not a phone yet.
        secret, link = desk.open_link(token)
        # With a query the page is fetched anew, whatever another team left in this browser.
        answer = redirect(url_for("team.page", opened=1), 303)
        answer.set_cookie(
            PHONE,
            secret,
            expires=link.gone_at,
            path="/team",
            secure=secure,
            httponly=True,
            samesite="Lax",
        )
        answer.headers.update(PRIVATE)
        return answer


def _add_page(pages: Blueprint, desk: FieldDesk, assets: Assets, secure: bool) -> None:
    @pages.get("/team")
    def page() -> Answer:
        link, spoken = _phone(desk), chosen()
        body, _ = _state(desk, link)
        page = render_template(
            "team.html",
            state=body.decode(),
            words=orjson.dumps(spoken.sentences).decode(),
            version=assets.version,
            _=spoken.say,
            code=spoken.code,
            team=link.team_name,
            languages=NAMES,
        )
        answer = packed(page.encode(), "text/html", PRIVATE)
        if request.args.get("lang") in NAMES:
            age = 400 * 86_400
            answer.set_cookie(COOKIE, spoken.code, age, path="/team", secure=secure, samesite="Lax")
        return answer

    @pages.get("/team/state")
    def state() -> Response:
        body, tag = _state(desk, _phone(desk))
        heads = {"Cache-Control": "no-cache, private", "X-Now": desk.clock.now().isoformat()}
        answer = packed(body, "application/json", heads)
        answer.set_etag(tag, weak=True)
        answer.make_conditional(request)
        return answer


def _add_sending(pages: Blueprint, desk: FieldDesk) -> None:
    @pages.post("/team/taps")
    def taps() -> Response:
        link, now = _phone(desk), desk.clock.now()
        batch = read_batch(request.get_json(), link.tag, now)
        outcomes = [*batch.unread, *desk.take_taps(link, batch.taps, now)]
        say = chosen().say
        told = [{**_plain(o), "detail": say(o.detail)} for o in outcomes]
        return Response(orjson.dumps({"outcomes": told}), mimetype="application/json")

    @pages.post("/team/photos")
    def photo() -> Response:
        """The photo is the body, what is said of it the query: no form that a site could forge."""
        request.max_content_length = LARGEST_PHOTO
        link, spoken = _phone(desk), chosen()
        try:
            words = read_photo_words(request.args, desk.clock.now())
            new = desk.keep_photo(link, Upload(*_plain(words).values()), request.get_data())
        except RequestEntityTooLarge:
            return problem(413, "Content Too Large", spoken.say(TOO_LARGE))
        except Refused as refused:
            return problem(422, "Unprocessable Content", spoken.say(str(refused)), refused.fields)
        return make_response({"id": words.id, "new": new}, 201 if new else 200)

    @pages.post("/team/position")
    def position() -> Response:
        link = _phone(desk)
        kept = desk.hear_phone(link, read_fix(request.get_json(), desk.clock.now()))
        return make_response({"kept": kept})

    @pages.delete("/team/position")
    def forget() -> Response:
        link = _phone(desk)
        with desk.open() as at:
            at.positions.forget(link.city, link.team_id)
            at.changed(link.city)
        return Response(status=204)


def _phone(desk: FieldDesk) -> ShiftLink:
    """The link that this phone opened; from here on the team is who acts."""
    link = desk.recognise(request.cookies.get(PHONE, ""))
    g.actor = Actor(
        f"team:{link.team_id}", link.team_name, frozenset({"team"}), frozenset({link.city})
    )
    return link


def _state(desk: FieldDesk, link: ShiftLink) -> tuple[bytes, str]:
    """The state as JSON, and its tag: the same for as long as nothing but the time has changed."""
    now, city, team = desk.team_now(link)
    shown = {
        "shift": link.tag,
        "gone_at": link.gone_at,
        "on_duty": link.on_duty(now),
        "city": city,
        "team": team,
    }
    option = orjson.OPT_UTC_Z
    tag = hashlib.sha256(orjson.dumps(shown, option=option)).hexdigest()[:16]
    return orjson.dumps({**shown, "now": now, "tag": tag}, option=option), tag


def _plain(value: Any) -> dict[str, Any]:
    """A frozen value's fields by name."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def _ended(assets: Assets, status: int) -> Answer:
    spoken = chosen()
    sentence = spoken.say("This link has ended or was replaced. Please ask dispatch for a new one.")
    if request.path not in ("/team",) and not request.path.startswith("/t/"):
        answer = problem(status, HTTPStatus(status).phrase, sentence)
    else:
        page = render_template(
            "ended.html",
            sentence=sentence,
            _=spoken.say,
            code=spoken.code,
            version=assets.version,
        )
        answer = make_response(page, status)
    answer.headers.update(PRIVATE)
    return answer
