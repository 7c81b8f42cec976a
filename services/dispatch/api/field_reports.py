"""`/api/v1/cities/{city}/field-notes`, `…/photos`: what teams brought back, for staff."""

import orjson
from flask import Blueprint, Response, abort, request

from services.dispatch.field_desk import FieldDesk
from shared.actor import current_actor
from shared.failures import Refused


def make_report_api(desk: FieldDesk) -> Blueprint:
    """The blueprint."""
    api = Blueprint("field_reports", __name__, url_prefix="/api/v1/cities/<city>")

    @api.get("/field-notes")
    def notes(city: str) -> Response:
        with desk.open(city) as at:
            return _answer({"notes": at.notebook.notes(city)})

    @api.get("/photos")
    def photos(city: str) -> Response:
        with desk.open(city) as at:
            found = at.gallery.photos(city)
        if request.args.get("approved") == "true":
            found = [photo for photo in found if photo.approved_at]
        return _answer({"photos": found})

    @api.get("/photos/<photo>.jpg")
    def picture(city: str, photo: str) -> Response:
        with desk.open(city) as at:
            jpeg = at.gallery.jpeg(city, photo)
        if jpeg is None:
            abort(404, description="There is no such photo.")
        return Response(
            jpeg, mimetype="image/jpeg", headers={"Cache-Control": "private, max-age=3600"}
        )

    @api.post("/photos/<photo>/approval")
    def approve(city: str, photo: str) -> Response:
        return _decide(city, photo, approved=True)

    @api.delete("/photos/<photo>/approval")
    def disapprove(city: str, photo: str) -> Response:
        return _decide(city, photo, approved=False)

    def _decide(city: str, photo: str, *, approved: bool) -> Response:
        by = current_actor().name
        with desk.open(city) as at:
            if not at.gallery.approve(city, photo, by, at.now if approved else None):
                abort(404, description="There is no such photo.")
        return Response(status=204)

    return api


def make_tracker_api(desk: FieldDesk) -> Blueprint:
    """Which device travels with which team."""
    api = Blueprint("trackers", __name__, url_prefix="/api/v1/cities/<city>/trackers")

    @api.get("")
    def assigned(city: str) -> Response:
        with desk.open(city) as at:
            found = at.trackers.assigned(city)
        return _answer({"trackers": [{"device": device, "team": team} for device, team in found]})

    @api.put("/<path:device>")
    def assign(city: str, device: str) -> Response:
        body = request.get_json()
        team = body.get("team") if isinstance(body, dict) else None
        with desk.open(city) as at:
            if team not in {known.id for known in at.roster.teams(city)}:
                raise Refused("There is no such team.", {"team": ["There is no such team."]})
            at.trackers.assign(city, device, team)
        return Response(status=204)

    @api.delete("/<path:device>")
    def drop(city: str, device: str) -> Response:
        with desk.open(city) as at:
            if not at.trackers.drop(city, device):
                abort(404, description="This device travels with no team.")
        return Response(status=204)

    return api


def _answer(body: object) -> Response:
    text = orjson.dumps(body, option=orjson.OPT_UTC_Z)
    headers = {"Cache-Control": "no-store"}
    return Response(text, headers=headers, mimetype="application/json")
