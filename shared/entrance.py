"""How the services without accounts know who is signed in: by a pass that dispatch gave.

Their main modules set it up by `open_entrance`; `shared.gate` asks it.
"""

import secrets
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Flask, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from shared import passes
from shared.access import Caller
from shared.gate import refused_page, signed_token
from shared.passes import PassRefused

_NO_COOKIES = "Staff sign in by cookies, and your browser does not keep any. Please allow them."
_A_MONTH = 30 * 86_400


@dataclass(frozen=True, slots=True)
class PassKeeper:
    """The `Keeper` of a service; `dispatch_url` is where people sign in."""

    service: str
    secret: str
    dispatch_url: str
    secure: bool

    @property
    def key_cookie(self) -> str:
        """The cookie with the browser's key."""
        return f"porchlight_{self.service}_key"

    def person(self) -> Caller | None:
        """Whose pass the browser has."""
        text = request.cookies.get(passes.cookie_of(self.service), "")
        key = request.cookies.get(self.key_cookie, "")
        if not text or not key:
            return None
        try:
            return passes.verify(self.secret, text, self.service, key)
        except PassRefused:
            return None

    def program(self, token: str) -> Caller:
        """Whose signed token it is."""
        return signed_token(self.secret, token)

    def to_sign_in(self) -> AnyResponse:
        """To dispatch for a pass, and back here."""
        query = request.query_string.decode("latin-1")
        return self.to_dispatch(request.path + (f"?{query}" if query else ""))

    def to_dispatch(self, back: str, again: bool = False) -> AnyResponse:
        """The redirect to dispatch, with the lock of this browser's key."""
        key = request.cookies.get(self.key_cookie) or secrets.token_urlsafe(32)
        asked = {"service": self.service, "key": passes.lock_of(key), "back": back}
        asked |= {"again": "1"} if again else {}
        answer = redirect(f"{self.dispatch_url.rstrip('/')}/pass?{urlencode(asked)}")
        self.set(answer, self.key_cookie, key, _A_MONTH)
        return answer

    def set(self, answer: AnyResponse, name: str, value: str, seconds: int) -> None:
        """Set a cookie that scripts cannot read."""
        answer.set_cookie(
            name, value, max_age=seconds, httponly=True, samesite="Lax", secure=self.secure
        )
        answer.headers["Cache-Control"] = "no-store"


def open_entrance(app: Flask, keeper: PassKeeper) -> None:
    """Add `/enter`, where a pass is taken."""
    doors = Blueprint("entrance", __name__)

    @doors.get("/enter")
    def enter() -> AnyResponse:
        text = request.args.get("pass", "")
        back = _own(request.args.get("back", ""))
        key = request.cookies.get(keeper.key_cookie, "")
        if not key and "again" in request.args:
            return refused_page(_NO_COOKIES, 403)
        try:
            passes.verify(keeper.secret, text, keeper.service, key)
        except PassRefused:
            if "again" in request.args:
                return refused_page("Signing in took too long. Please open the page again.", 403)
            return keeper.to_dispatch(back, again=True)
        answer = redirect(back)
        keeper.set(answer, passes.cookie_of(keeper.service), text, passes.LIFE)
        return answer

    @doors.app_context_processor
    def staff() -> dict[str, object]:
        return {"signed_in": g.get("actor"), "dispatch_url": keeper.dispatch_url}

    app.register_blueprint(doors)


def _own(path: str) -> str:
    """The path, if it is one of this service."""
    parts = urlsplit(path)
    good = path.startswith("/") and not path.startswith("//") and not parts.netloc
    return path if good and "\\" not in path and path.isprintable() else "/"
