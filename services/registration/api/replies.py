"""`GET /api/v1/cities/{city}/replies`: what hosts wrote back, for staff. Only main uses it."""

from flask import Blueprint, Response, jsonify

from services.registration.adapters.postgres_replies import replies_in
from shared.db import Pool


def make_replies(pool: Pool) -> Blueprint:
    """The blueprint; it stands behind the gate."""
    api = Blueprint("replies", __name__)

    @api.get("/api/v1/cities/<city>/replies")
    def listed(city: str) -> Response:
        with pool.connection() as conn:
            answer = jsonify(replies=replies_in(conn, city))
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return api
