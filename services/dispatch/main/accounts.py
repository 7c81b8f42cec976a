"""Puts accounts together: the desk, the pages, the gate before every view. `web` uses it."""

from argon2 import PasswordHasher
from flask import Flask

from services.dispatch.main.desk import make_desk
from services.dispatch.main.parts import SERVICE
from services.dispatch.pages.accounts import make_accounts
from services.dispatch.pages.frame import Means
from services.dispatch.pages.keeper import COOKIE, DispatchKeeper
from services.dispatch.pages.provider import Provider, ProviderSettings
from services.dispatch.pages.staff import Cities
from services.dispatch.pages.streams import end_with_session
from services.dispatch.settings import Settings
from shared.access import Table
from shared.audit_page import audit_page
from shared.db import Pool
from shared.gate import set_gate
from shared.grants import read_roles
from shared.web import trust_proxies


def set_up_accounts(
    app: Flask,
    settings: Settings,
    pool: Pool,
    table: Table,
    cities: Cities,
    hasher: PasswordHasher | None = None,
) -> None:
    """Add the pages, and the gate before every view that `table` names."""
    desk = make_desk(settings, pool, hasher)
    others = {"registration": settings.registration_url, "notify": settings.notify_url}
    keeper = DispatchKeeper(desk.book, desk.tokens, settings.secret)
    app.config.update(
        SESSION_COOKIE_NAME="porchlight_dispatch_form",
        SESSION_COOKIE_SECURE=settings.url.startswith("https:"),
    )
    trust_proxies(app, settings.proxies)
    set_gate(app, table, keeper, (settings.url,))
    means = Means(
        keeper,
        desk.entrance,
        desk.people,
        desk.tokens,
        _provider(app, settings),
        settings.url,
        others,
    )
    app.register_blueprint(make_accounts(means, cities))
    app.register_blueprint(audit_page(SERVICE, pool, others))
    end_with_session(app, desk.book, COOKIE)


def _provider(app: Flask, settings: Settings) -> Provider | None:
    if not settings.oidc_issuer:
        return None
    found = ProviderSettings(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret,
        settings.oidc_claim,
        read_roles(settings.oidc_roles),
        settings.oidc_name,
    )
    return Provider(app, found)
