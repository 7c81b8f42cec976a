"""Texts that people paste and robots send, and a walk that puts them into every form there is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

HOSTILE = {
    "html": '<script>alert(1)</script><img src=x onerror="alert(1)">',
    "attribute": "\" autofocus onfocus=alert(1) x='",
    "sql": "Robert'); drop table parties; --",
    "header": "a@b.example\r\nBcc: everybody@example.org\r\n\r\nHello",
    "nul": "a\x00b",
    "right-to-left": "\u202eabc\u202c \u0639\u0631\u0628",
    "zero-width": "a\u200bb\u200d\ufeffc",
    "template": "{{ 7*7 }} {% for x in y %} ${7*7} %s %(x)s {0} #{1}",
    "formula": '=HYPERLINK("http://x.example";"1")',
    "formula at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "surrogate": "emoji 👩‍👩‍👧‍👦 \U0001f3f3\ufe0f",
    "path": "../../../../etc/passwd%00",
    "number": "9" * 400,
}
RAW = ("<script>alert(1)", "<img src=x", '" autofocus onfocus=')
"""What must never stand in a page."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a page: where it leads and the names of its fields."""

    page: str
    action: str
    fields: tuple[str, ...]


class _Forms(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.found: list[Form] = []
        self._action = ""
        self._fields: list[str] = []
        self._posts = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._action = given.get("action") or self.page
            self._posts = (given.get("method") or "get").lower() == "post"
            self._fields = []
        elif tag in ("input", "select", "textarea", "button") and given.get("name"):
            self._fields.append(str(given["name"]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._posts:
            names = tuple(dict.fromkeys(self._fields))
            self.found.append(Form(self.page, self._action, names))


def pages_of(app: Flask, known: dict[str, object]) -> Iterator[str]:
    """The address of every page that can be opened with the values known."""
    for rule in app.url_map.iter_rules():
        shown = "GET" in (rule.methods or ()) and not rule.endpoint.endswith("static")
        if shown and rule.arguments <= known.keys():
            yield _path(rule, known)


def forms_of(client: FlaskClient, pages: Iterator[str]) -> list[Form]:
    """Every form of these pages, each action once."""
    found: dict[str, Form] = {}
    for page in pages:
        answer = client.get(page)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            parser = _Forms(page)
            parser.feed(answer.text)
            found |= {form.action: form for form in parser.found if form.action not in found}
    return list(found.values())


def fill(client: FlaskClient, form: Form, text: str) -> int:
    """Send the form with the text in every field but its guard; returns the answer's status."""
    guard = re.search(r'name="csrf_token" value="([^"]+)"', client.get(form.page).text)
    values = dict.fromkeys(form.fields, text) | {"csrf_token": guard[1] if guard else ""}
    return client.post(form.action, data=values).status_code


def raw_in(client: FlaskClient, pages: Iterator[str]) -> list[str]:
    """Pages on which a hostile text stands as markup."""
    return [
        page
        for page in pages
        if (answer := client.get(page)).mimetype == "text/html"
        and any(raw in answer.text for raw in RAW)
    ]


def _path(rule: Rule, known: dict[str, object]) -> str:
    _, path = rule.build({name: known[name] for name in rule.arguments}) or ("", "")
    return path
