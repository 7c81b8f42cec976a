"""What the account pages share: their means, their answers, the fields of their forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, make_response, render_template, request

from services.dispatch.desk.api_tokens import TokenBook
from services.dispatch.desk.entering import Entrance
from services.dispatch.desk.people import People
from services.dispatch.pages.keeper import DispatchKeeper
from services.dispatch.pages.provider import Provider
from shared.actor import current_actor
from shared.gate import origin_of
from shared.grants import ADMINISTRATOR, EVERYWHERE


@dataclass(frozen=True, slots=True)
class Means:
    """What the pages work with; `others` are the addresses of the other services by name."""

    keeper: DispatchKeeper
    entrance: Entrance
    people: People
    tokens: TokenBook
    provider: Provider | None
    url: str
    others: Mapping[str, str]

    @property
    def secure(self) -> bool:
        """Whether people come by TLS."""
        return self.url.startswith("https:")

    def link(self, path: str) -> str:
        """A full address, as it may be copied into a mail."""
        return self.url.rstrip("/") + path


def page(template: str, status: int = 200, **words: object) -> Response:
    """The page, kept by nobody."""
    answer = make_response(render_template(template, **words), status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def leading_on(means: Means, answer: Response) -> Response:
    """The page of a form whose answer may lead to another service: browsers ask before."""
    places = " ".join(sorted({origin_of(url) for url in means.others.values()}))
    answer.headers["Content-Security-Policy"] = (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
        f" form-action 'self' {places}; frame-ancestors 'none'"
    )
    return answer


def field(name: str) -> str:
    """A form's field, without what no field should hold."""
    return request.form.get(name, "").replace("\0", "")[:1000]


def faults_in(fields: Mapping[str, Sequence[str]], name: str) -> str:
    """What is wrong with one field, in one line."""
    return " ".join(fields.get(name, ()))


def moment(at: datetime | None) -> str:
    """A moment for lists, in UTC."""
    return at.strftime("%Y-%m-%d %H:%M UTC") if at else "never"


def menu() -> dict[str, object]:
    """What the frame of every page shows of who is signed in."""
    actor = current_actor()
    roles = {grant.role for grant in actor.grants}
    return {
        "me": actor,
        "manages": ADMINISTRATOR in roles,
        "audits": bool(roles & {ADMINISTRATOR, "auditor"}),
        "everywhere": EVERYWHERE,
        "moment": moment,
        "faults_in": faults_in,
    }
