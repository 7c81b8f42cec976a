"""`GET /api/v1/providers`: which providers take messages, in their order. Only main uses it."""

from flask import Blueprint, Response, jsonify

from services.notify.adapters.provider_status import Providers


def providers_api(providers: Providers) -> Blueprint:
    """The blueprint of the API."""
    api = Blueprint("providers_api", __name__, url_prefix="/api/v1")

    @api.get("/providers")
    def list_providers() -> Response:
        return jsonify(providers=providers.status())

    return api
