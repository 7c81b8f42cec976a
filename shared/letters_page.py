"""The page of a service's dead letters: to look at; the command line settles them.

Each web composition root adds it, and its table says for whom it is.
"""

from flask import Blueprint, Response, abort, make_response, render_template

from shared import dead_letters
from shared.db import Pool


def letters_page(service: str, pool: Pool) -> Blueprint:
    """The pages `/dead-letters` and `/dead-letters/ID` of `service`."""
    page = Blueprint("letters", __name__, url_prefix="/dead-letters")

    @page.get("")
    def listed() -> Response:
        with pool.connection() as conn:
            letters = dead_letters.dead(conn)
        return _shown(render_template("letters.html", service=service, letters=letters))

    @page.get("/<uuid:letter_id>")
    def one(letter_id: object) -> Response:
        with pool.connection() as conn:
            letter = dead_letters.find(conn, str(letter_id))
        if letter is None:
            abort(404, f"{service} has no such dead letter.")
        body = letter.body.decode("utf-8", "backslashreplace")
        return _shown(render_template("letter.html", service=service, letter=letter, body=body))

    return page


def _shown(html: str) -> Response:
    response = make_response(html)
    response.headers["Cache-Control"] = "no-store"
    return response
