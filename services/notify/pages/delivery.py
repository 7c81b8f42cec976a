"""The page of a city's delivery: live or on trial, whom trial reaches, how providers do.

Only main uses it.
"""

from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.notify.adapters.delivery import Delivery
from services.notify.adapters.provider_status import Providers
from services.notify.domain.values import CHANNELS
from shared.actor import current_actor
from shared.failures import Refused

PROVIDER_NAMES = {
    "outbox": "Outbox page",
    "twilio": "Twilio",
    "sns": "AWS SNS",
    "ses": "AWS SES",
    "smtp": "Mail server",
}
WRONG_CODE = "That code is wrong or too old. Ask for a new one below."
Errors = Mapping[str, Sequence[str]]


def delivery_pages(delivery: Delivery, providers: Providers) -> Blueprint:
    """The blueprint of the page."""
    pages = Blueprint("delivery", __name__, template_folder="templates")
    pages.add_app_template_filter(lambda n: PROVIDER_NAMES.get(n, n), "provider_name")

    def show(city: str, errors: Errors | None = None) -> AnyResponse:
        found = delivery.read(city)
        if found is None:
            return make_response(render_template("missing.html"), 404)
        words = {
            "found": found,
            "providers": providers.status(),
            "errors": errors or {},
            "form": request.form,
            "may_add": current_actor().has(city, "notifier", "dispatcher"),
            "may_switch": current_actor().has(city),
        }
        return make_response(render_template("delivery.html", **words), 422 if errors else 200)

    @pages.get("/settings/<city>/delivery")
    def page(city: str) -> AnyResponse:
        return show(city)

    @pages.post("/settings/<city>/delivery/mode")
    def switch(city: str) -> AnyResponse:
        mode = request.form.get("mode", "")
        sure = mode == "trial" or request.form.get("sure") == "yes"
        if mode not in ("live", "trial") or not sure or delivery.read(city) is None:
            return show(city, {"mode": ["Tick the box to say that you mean it."]})
        delivery.switch(city, mode == "live", current_actor().name)
        return _back(city)

    @pages.post("/settings/<city>/delivery/numbers")
    def numbers(city: str) -> AnyResponse:
        if delivery.read(city) is None:
            return show(city)
        delivery.trust(city, request.form.get("trusting") == "yes", current_actor().name)
        return _back(city)

    _add_contacts(pages, delivery, show)
    return pages


def _add_contacts(
    pages: Blueprint, delivery: Delivery, show: Callable[[str, Errors | None], AnyResponse]
) -> None:
    @pages.post("/settings/<city>/delivery/contacts")
    def add(city: str) -> AnyResponse:
        if "again" in request.form:
            try:
                delivery.renew(city, request.form["again"], current_actor().name)
            except Refused as refusal:
                return show(city, {request.form["again"]: [str(refusal)]})
            return _back(city)
        channel = request.form.get("channel", "")
        if channel not in CHANNELS or delivery.read(city) is None:
            return show(city, {"channel": ["Please choose text message or e-mail."]})
        name = request.form.get("name", "").strip() or current_actor().name
        try:
            typed = request.form.get("address", "")
            delivery.add(city, channel, typed, name, current_actor().name)
        except Refused as refusal:
            return show(city, refusal.fields or {"address": [str(refusal)]})
        return _back(city)

    @pages.post("/settings/<city>/delivery/contacts/<contact_id>/verify")
    def verify(city: str, contact_id: str) -> AnyResponse:
        if not delivery.verify(city, contact_id, request.form.get("code", "")):
            return show(city, {contact_id: [WRONG_CODE]})
        return _back(city)

    @pages.post("/settings/<city>/delivery/contacts/<contact_id>/remove")
    def remove(city: str, contact_id: str) -> AnyResponse:
        delivery.remove(city, contact_id)
        return _back(city)


def _back(city: str) -> AnyResponse:
    return redirect(url_for("delivery.page", city=city), 303)
