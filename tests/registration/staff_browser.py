"""A planner's browser without JavaScript: reads a page's form as it stands and sends it changed."""

from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.entering import sign_in
from tests.registration.conftest import SECRET, Service


class _Fields(HTMLParser):
    """The values of all fields on a page, as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {key: value or "" for key, value in attrs}
        name = has.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in has:
            self.found[self._select] = [has.get("value", "")]
        elif tag == "textarea":
            self._area = name
            self.found[name] = [""]
        elif tag == "input" and name:
            ticked = "checked" in has or has.get("type") not in ("checkbox", "radio")
            self.found.setdefault(name, []).extend([has.get("value", "")] if ticked else [])

    def handle_endtag(self, tag: str) -> None:
        self._select = "" if tag == "select" else self._select
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[self._area][0] += data


def fields_of(page: str) -> dict[str, list[str]]:
    """What the page's forms would send."""
    parser = _Fields()
    parser.feed(page)
    return parser.found


def planner_of(service: Service, *roles: str, name: str = "Kim") -> FlaskClient:
    """A browser in which a planner of Pasadena, or who has `roles`, is signed in."""
    client = service.client
    sign_in(client, "registration", SECRET, *(roles or ("planner@pasadena",)), name=name)
    return client


def send_form(
    client: FlaskClient, path: str, to: str = "", page: str = "", **changes: Any
) -> TestResponse:
    """Send the form of `path`, or of the page given, with these fields changed."""
    data: dict[str, Any] = fields_of(page or client.get(path).text)
    names = {key.replace("__", "."): value for key, value in changes.items()}
    return client.post(to or path, data=data | names)
