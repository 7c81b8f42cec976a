"""The `web` role of registration."""

from flask import Blueprint, Flask

from services.registration.adapters.contacts import Contacts
from services.registration.adapters.door import Door
from services.registration.adapters.export_desk import ExportDesk
from services.registration.adapters.import_desk import ImportDesk
from services.registration.adapters.links import Links
from services.registration.adapters.outlines import OutlineMemory
from services.registration.adapters.postgres_cities import CityMemory
from services.registration.adapters.postgres_geocoder import PostgresGeocoder
from services.registration.adapters.postgres_numbers import Numbers
from services.registration.adapters.web_geocoders import make_geocoder
from services.registration.api.parties import make_parties
from services.registration.api.private import make_private
from services.registration.api.replies import make_replies
from services.registration.api.smorest import make_api
from services.registration.city_desk import CityDesk
from services.registration.desk import Desk
from services.registration.draft_desk import DraftDesk
from services.registration.errors import answer_refusals
from services.registration.link_desk import LinkDesk
from services.registration.main.access import ACCESS
from services.registration.main.parts import SERVICE, settings_for
from services.registration.number_desk import NumberDesk
from services.registration.pages.exports import make_exports, make_open_data
from services.registration.pages.held import make_held
from services.registration.pages.imports import make_imports
from services.registration.pages.programmes import make_programmes
from services.registration.pages.public import make_public
from services.registration.pages.requests import make_requests
from services.registration.pages.retention import make_retention
from services.registration.pages.sessions import FormSessions
from services.registration.pages.settings import make_settings
from services.registration.pages.site import make_pages
from services.registration.pages.staff import make_staff_changes
from services.registration.pages.staff_lists import make_staff_lists
from services.registration.pages.staff_places import make_staff_places
from services.registration.place_desk import PlaceDesk
from services.registration.purge_desk import PurgeDesk
from services.registration.request_desk import RequestDesk
from services.registration.settings import Settings
from services.registration.staff_desk.bulk import BulkDesk
from services.registration.staff_desk.doubles import DoublesDesk
from services.registration.staff_desk.held import HeldDesk
from services.registration.staff_desk.lists import StaffDesk
from shared.audit_page import audit_page
from shared.clock import SystemClock
from shared.db import Pool, open_pool
from shared.entrance import PassKeeper, open_entrance
from shared.gate import set_gate
from shared.ground import Ground
from shared.letters_page import letters_page
from shared.serving import serve
from shared.street_store import StreetStore
from shared.web import make_app, trust_proxies

PROCESSES = ("reader", "relay", "worker")


def make_web(settings: Settings, pool: Pool) -> Flask:
    """The web application."""
    app = make_app(
        "services.registration.pages",
        secret=settings.secret_key,
        pool=pool,
        redis_url=settings.redis_url,
        expects=PROCESSES,
    )
    trust_proxies(app, settings.proxies)
    app.session_interface = FormSessions()
    app.config["SESSION_COOKIE_SECURE"] = settings.url.startswith("https:")
    links = Links(settings.secret_key, settings.url)
    clock, contacts = SystemClock(), Contacts()
    outlines = OutlineMemory(pool)
    numbers = Numbers(settings.secret_key)
    door = Door(guarded=settings.guarded, workers=settings.web_workers)
    desk = Desk(pool, clock, CityMemory(pool), contacts, links, outlines, door, numbers=numbers)
    app.extensions["desk"] = desk
    app.extensions["places"] = PlaceDesk(
        make_geocoder(settings.geocoder_url, PostgresGeocoder(pool)),
        StreetStore(pool),
        Ground(settings.map_style_url, settings.map_attribution),
    )
    drafts = DraftDesk(pool, clock, settings.secret_key)
    link_desk = LinkDesk(pool, clock, contacts)
    api = make_api(app)
    api.register_blueprint(make_parties(desk))
    api.register_blueprint(make_private(desk))
    staff = StaffDesk(pool, clock, contacts, links, outlines, numbers=numbers)
    doubles = DoublesDesk(staff, contacts)
    app.register_blueprint(
        make_pages(desk, drafts, link_desk, doubles, NumberDesk(pool, clock, numbers))
    )
    exports = ExportDesk(pool, staff.scope)
    app.register_blueprint(make_open_data(desk, exports))
    own = (
        make_staff_lists(desk, staff, BulkDesk(staff), doubles),
        make_staff_changes(desk, staff, BulkDesk(staff), doubles),
        make_staff_places(desk, staff),
        make_replies(pool),
        make_held(desk, HeldDesk(pool, clock, links, contacts)),
        make_imports(desk, ImportDesk(pool, clock)),
        make_exports(desk, exports, clock),
        *_make_city_pages(app, desk, pool, contacts),
    )
    _add_staff_pages(app, settings, pool, own)
    answer_refusals(app)
    return app


def _make_city_pages(
    app: Flask, desk: Desk, pool: Pool, contacts: Contacts
) -> tuple[Blueprint, ...]:
    """What residents ask for and everybody sees is added; what staff need for it is returned."""
    clock = SystemClock()
    requests = RequestDesk(pool, clock, contacts)
    app.register_blueprint(make_public(desk, pool))
    app.register_blueprint(make_programmes(desk, requests))
    return (
        make_settings(CityDesk(pool, clock, desk.cities), desk),
        make_retention(desk, PurgeDesk(pool, clock, desk.cities, desk.links)),
        make_requests(desk, requests),
    )


def _add_staff_pages(
    app: Flask, settings: Settings, pool: Pool, own: tuple[Blueprint, ...]
) -> None:
    """What only staff may see, behind the gate; hosts' requests do not pass it."""
    secure = settings.url.startswith("https:")
    keeper = PassKeeper(SERVICE, settings.secret_key, settings.dispatch_url, secure)
    open_entrance(app, keeper)
    others = {"dispatch": settings.dispatch_url, "notify": settings.notify_url}
    log = audit_page(SERVICE, pool, others, home="/staff/{city}/parties")
    for pages in (letters_page(SERVICE, pool), log, *own):
        set_gate(pages, ACCESS, keeper, (settings.url,))
        app.register_blueprint(pages)


def web() -> None:
    """Serve the form, the hosts' pages and the API."""
    settings = settings_for("web")

    def make() -> Flask:
        most = settings.web_threads + 1
        return make_web(settings, open_pool(settings.database_url, most=most, name="web"))

    serve(
        make,
        bind=settings.bind,
        port=settings.port,
        threads=settings.web_threads,
        workers=settings.web_workers,
    )
