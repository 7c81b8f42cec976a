"""The page behind "unsubscribe" in our e-mail, and its one-click twin (RFC 8058). Main uses it.

Looking at the address changes nothing, since mail scanners look at every link; only a POST does.
The address itself is the proof, so that neither cookie nor sign-in is asked for.
"""

from collections.abc import Callable

from flask import Blueprint, Response, make_response, render_template, request

from services.notify.adapters.leaving import LeaveLinks, Leaver, Letterhead
from services.notify.domain.wording import masked

Leave = Callable[[Leaver, Letterhead], None]
Head = Callable[[Leaver], Letterhead]


def leaving_pages(links: LeaveLinks, head: Head, leave: Leave) -> Blueprint:
    """The blueprint; `leave` notes it in the ledger."""
    pages = Blueprint("leaving", __name__, template_folder="templates")

    @pages.get("/u/<token>")
    def ask(token: str) -> Response:
        return _page(links.read(token), head, token, left=False)

    @pages.post("/u/<token>")
    def left(token: str) -> Response:
        leaver = links.read(token)
        if leaver:
            leave(leaver, head(leaver))
        if leaver and request.form.get("List-Unsubscribe"):
            return Response("You will get no more of these.\n", mimetype="text/plain")
        return _page(leaver, head, token, left=True)

    return pages


def _page(leaver: Leaver | None, head: Head, token: str, *, left: bool) -> Response:
    if leaver is None:
        found, shown = Letterhead(), ""
    else:
        found, shown = head(leaver), masked("email", leaver.address)
    words = {"head": found, "address": shown, "token": token, "left": left}
    answer = make_response(render_template("leaving.html", **words), 200 if leaver else 404)
    answer.headers["Cache-Control"] = "no-store"
    return answer
