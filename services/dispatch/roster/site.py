"""All of the roster's pages in one blueprint. Registered by `main`."""

from flask import Blueprint

from services.dispatch.roster.opened import Opener
from services.dispatch.roster.printing import CodeFor, add_printing
from services.dispatch.roster.uploads import add_uploads
from services.dispatch.roster.views import make_roster_pages


def make_roster(opener: Opener, code_for: CodeFor | None = None) -> Blueprint:
    """The blueprint; `code_for` draws the code that opens a team's page, for its duty sheet."""
    pages = make_roster_pages(opener)
    add_uploads(pages, opener)
    add_printing(pages, opener, code_for)
    return pages
