"""The blueprint of all pages about staff. Only main registers it."""

from flask import Blueprint

from services.dispatch.pages.account import add_account
from services.dispatch.pages.frame import Means, menu
from services.dispatch.pages.sign_in import add_invitation, add_provider, add_sign_in
from services.dispatch.pages.staff import Cities, add_staff, add_tokens


def make_accounts(means: Means, cities: Cities) -> Blueprint:
    """The pages; `cities` gives slug and name of every city."""
    pages = Blueprint(
        "accounts",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/accounts-static",
    )
    pages.context_processor(menu)
    add_sign_in(pages, means)
    add_invitation(pages, means)
    add_provider(pages, means)
    add_account(pages, means)
    add_staff(pages, means, cities)
    add_tokens(pages, means, cities)
    return pages
