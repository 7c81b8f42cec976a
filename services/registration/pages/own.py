"""What routes under a private link share: path, headers, language. Only they use it."""

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.registration.desk import Change, Desk, Standing
from services.registration.handlers.parties import Asker, TooLate
from services.registration.pages.frame import check_csrf
from services.registration.pages.language import Language, chosen

PATH = "/<city>/party/<token>"
Answer = Response | AnyResponse
_PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


def changed(desk: Desk, city: str, token: str, change: Change) -> Answer:
    """Make the change and lead back to the party's page; raises `Rejected`."""
    check_csrf()
    try:
        desk.change(token, change, city)
    except TooLate:
        return to_page("pages.status", city, token)
    return to_page("pages.status", city, token)


def spoken_with(standing: Standing) -> Language:
    """The language in which the host reads."""
    return chosen(standing.city.languages, standing.party.details.host.language)


def status_url(city: str, token: str) -> str:
    """The party's page, in the language that was chosen."""
    return url_for("pages.status", city=city, token=token, lang=request.args.get("lang"))


def to_page(endpoint: str, city: str, token: str) -> Answer:
    """On to a page of the party."""
    return redirect(url_for(endpoint, city=city, token=token, lang=request.args.get("lang")), 303)


def private(response: Response) -> Response:
    """The answer, for this reader's eyes only."""
    for key, value in _PRIVATE.items():
        response.headers[key] = value
    return response


def the_host() -> Asker:
    """Whoever holds the link."""
    return Asker("host", request.remote_addr or "")
