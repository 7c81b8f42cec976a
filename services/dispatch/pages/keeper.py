"""How dispatch knows who asks: a session's cookie, or a token. The pages and main use it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.dispatch.desk.api_tokens import PREFIX, TokenBook
from services.dispatch.desk.sessions import FULL, Known, Opened, SessionBook, Where
from shared.access import Caller
from shared.gate import signed_token
from shared.tokens import TokenRefused

COOKIE = "porchlight_session"


@dataclass(frozen=True, slots=True)
class DispatchKeeper:
    """The `Keeper` of dispatch."""

    book: SessionBook
    tokens: TokenBook
    secret: str

    def session(self) -> Known | None:
        """The session of the present request, half-way ones included."""
        return self.book.find(request.cookies.get(COOKIE, ""))

    def person(self) -> Caller | None:
        """Whoever is signed in all the way."""
        known = self.session()
        if known is None or known.session.stage != FULL:
            return None
        session = known.session
        return Caller(session.staff_id, session.name, known.grants, session=session.id)

    def program(self, token: str) -> Caller:
        """Whose token it is: one from the database, or a signed one."""
        if not token.startswith(PREFIX):
            return signed_token(self.secret, token)
        found = self.tokens.find(token)
        if found is None:
            raise TokenRefused("This token is not valid, has ended or was revoked.")
        return Caller(f"token {found.id}", found.name, found.grants, frozenset(found.scopes))

    def to_sign_in(self) -> AnyResponse:
        """The sign-in page, which leads back here."""
        query = request.query_string.decode("latin-1")
        back = request.path + (f"?{query}" if query else "")
        return redirect(url_for("accounts.sign_in", next=back if back != "/" else None))


def set_cookie(answer: AnyResponse, opened: Opened, secure: bool) -> AnyResponse:
    """The answer with the session's cookie."""
    session = opened.session
    answer.set_cookie(
        COOKIE,
        opened.secret,
        max_age=int((session.ends_at - session.made_at).total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=secure,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def where() -> Where:
    """Where the present request comes from."""
    return Where(request.remote_addr or "", request.headers.get("User-Agent", ""))


def safe_next(text: str) -> str:
    """The path to go on to, if it is one of ours; else the front page."""
    parts = urlsplit(text)
    plain = text.startswith("/") and not text.startswith(("//", "/\\")) and not parts.netloc
    return text if plain and text.isprintable() and "\\" not in text else "/"
