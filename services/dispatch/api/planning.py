"""Endpoints of a planner under /api/v1: policies, edits, drafts, checks, forecast. For `main`."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from werkzeug.exceptions import BadRequest

from services.dispatch.adapters.policy_document import policy_json
from services.dispatch.api.draft_views import draft_view, promised_view
from services.dispatch.preparing import checking, drafts, edits, policies
from services.dispatch.preparing.office import Office
from shared.actor import current_actor
from shared.failures import Refused

HERE = "/cities/<city>"


def make_planning_api(office: Office) -> Blueprint:
    """The blueprint with all endpoints."""
    api = Blueprint("planning", __name__, url_prefix="/api/v1")
    _add_policies(api, office)
    _add_edits(api, office)
    _add_drafts(api, office)
    _add_checks(api, office)
    return api


def _add_policies(api: Blueprint, office: Office) -> None:
    @api.get(f"{HERE}/policies")
    def show_policies(city: str) -> Response:
        return jsonify(_policies(policies.show_policies(office, city)))

    @api.put(f"{HERE}/policies")
    def put_policies(city: str) -> Response:
        body = _body()
        if "policies" not in body:
            raise Refused("Policies are missing.", {"policies": ["Please give the policies."]})
        policies.change_policies(
            office, city, body["policies"], _who(), seen=_seen(body), whole=True
        )
        return jsonify(_policies(policies.show_policies(office, city)))


def _add_edits(api: Blueprint, office: Office) -> None:
    @api.get(f"{HERE}/edits")
    def list_edits(city: str) -> Response:
        return jsonify(edits.list_edits(office, city))

    @api.post(f"{HERE}/edits")
    def add_edit(city: str) -> tuple[Response, int]:
        body = _body()
        seen = _seen(body)
        document = {name: value for name, value in body.items() if name != "seen"}
        return jsonify(edits.add_edit(office, city, document, _who(), seen=seen)), 201

    @api.delete(f"{HERE}/edits/<edit>")
    def withdraw_edit(city: str, edit: str) -> Response:
        seen = _seen(request.args)
        version = edits.withdraw_edit(office, city, edit, _who(), seen=seen)
        return jsonify(version=version)


def _add_drafts(api: Blueprint, office: Office) -> None:
    @api.get(f"{HERE}/drafts")
    def list_drafts(city: str) -> Response:
        found = drafts.list_drafts(office, city)
        return jsonify(drafts=[draft_view(shown, whole=False) for shown in found])

    @api.post(f"{HERE}/drafts")
    def ask_draft(city: str) -> tuple[Response, int]:
        draft = drafts.ask_draft(office, city, _body(), _who())
        return _asked(city, draft.name)

    @api.get(f"{HERE}/drafts/compare")
    def compare_drafts(city: str) -> Response:
        first, second = request.args.get("a", ""), request.args.get("b", "")
        missing = {name: ["Please name a draft."] for name in "ab" if not request.args.get(name)}
        if missing:
            raise Refused("Two drafts are compared, a and b.", missing)
        return jsonify(drafts.compare_drafts(office, city, first, second))

    @api.get(f"{HERE}/drafts/<name>")
    def show_draft(city: str, name: str) -> Response:
        return jsonify(draft_view(drafts.show_draft(office, city, name), whole=True))

    @api.delete(f"{HERE}/drafts/<name>")
    def drop_draft(city: str, name: str) -> tuple[str, int]:
        drafts.drop_draft(office, city, name)
        return "", 204

    @api.post(f"{HERE}/drafts/<name>/rebase")
    def rebase_draft(city: str, name: str) -> tuple[Response, int]:
        drafts.rebase_draft(office, city, name, _who())
        return _asked(city, name)

    @api.post(f"{HERE}/drafts/<name>/finalize")
    def finalize_draft(city: str, name: str) -> Response:
        return jsonify(plan_version=drafts.finalize_draft(office, city, name, _who()))

    def _asked(city: str, name: str) -> tuple[Response, int]:
        answer = jsonify(draft_view(drafts.show_draft(office, city, name), whole=False))
        answer.headers["Location"] = url_for("planning.show_draft", city=city, name=name)
        return answer, 202


def _add_checks(api: Blueprint, office: Office) -> None:
    @api.get(f"{HERE}/plans")
    def list_plans(city: str) -> Response:
        return jsonify(plans=drafts.list_plans(office, city))

    @api.post(f"{HERE}/plans/check")
    def check_plan(city: str) -> Response:
        return jsonify(checking.check_plan(office, city, _body()))

    @api.get(f"{HERE}/forecast")
    def show_forecast(city: str) -> Response:
        return jsonify(promised_view(checking.forecast_now(office, city)))

    @api.post(f"{HERE}/forecast")
    def ask_forecast(city: str) -> tuple[Response, int]:
        checking.ask_forecast(office, city)
        return jsonify(promised_view(checking.forecast_now(office, city))), 202


def _policies(found: policies.PoliciesNow) -> dict[str, Any]:
    settled = found.settled
    return {
        "version": settled.version,
        "changed_by": settled.by,
        "changed_at": settled.at,
        "policies": policy_json(settled.policies),
        "effects": found.effects,
    }


def _body() -> Mapping[str, Any]:
    body = request.get_json()
    if not isinstance(body, Mapping):
        raise BadRequest("The body has to be a JSON object.")
    return body


def _seen(given: Mapping[str, Any]) -> int | None:
    """The version that the caller looked at, where he says so."""
    seen = given.get("seen")
    if isinstance(seen, str) and seen.isdecimal() and len(seen) < 19:
        return int(seen)
    if seen is None or (isinstance(seen, int) and not isinstance(seen, bool)):
        return seen
    raise Refused("This cannot be used; see the fields.", {"seen": ["A version number."]})


def _who() -> str:
    return current_actor().name
