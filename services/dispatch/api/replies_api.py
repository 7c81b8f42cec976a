"""`POST …/replies/{id}/seen`: a dispatcher has seen what a host wrote. Registered by `main`."""

from flask import Blueprint, Response, jsonify, request

from services.dispatch.adapters.postgres_ledger import PostgresBoards
from services.dispatch.adapters.postgres_replies import PostgresReplies
from shared.actor import current_actor
from shared.audit import record
from shared.clock import Clock
from shared.db import Pool
from shared.web import problem
from shared.work import begin


def make_replies_api(pool: Pool, clock: Clock) -> Blueprint:
    """The blueprint; `{"seen": false}` takes it back."""
    api = Blueprint("replies_api", __name__, url_prefix="/api/v1/cities/<city>")

    @api.post("/replies/<uuid:reply>/seen")
    def seen(city: str, reply: object) -> Response:
        given = request.get_json(silent=True)
        if not isinstance(given, dict) or not isinstance(given.get("seen", True), bool):
            errors = {"seen": ["Say true or false."]}
            return problem(422, "Unprocessable Content", "Some fields are wrong.", errors)
        now_seen: bool = given.get("seen", True)
        who = current_actor().name
        with begin(pool, clock) as work:
            when = work.now if now_seen else None
            applied = PostgresReplies(work.conn).see(city, str(reply), who, when)
            if applied:
                PostgresBoards(work.conn).changed(city, work.now)
                what = "host's text seen" if now_seen else "host's text not seen after all"
                record(work.conn, what, str(reply), city=city)
        return jsonify(applied=applied)

    return api
