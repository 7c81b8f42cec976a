"""Drafts and forecasts as the API shows them. Only the API uses it."""

from typing import Any

from services.dispatch.adapters.policy_document import policy_json
from services.dispatch.preparing.checking import Promised
from services.dispatch.preparing.drafts import DraftShown


def draft_view(shown: DraftShown, *, whole: bool) -> dict[str, Any]:
    """A draft; `whole` adds routes (seconds from the evening's opening), reasons and effects."""
    draft = shown.draft
    view: dict[str, Any] = {
        "name": draft.name,
        "state": draft.state,
        "share": round(draft.share, 3),
        "words": draft.words,
        "by": draft.by,
        "asked_at": draft.asked_at,
        "made_at": draft.made_at,
        "wish": draft.wish,
        "changed_since": shown.since,
        "finalized_by": draft.finalized_by,
        "finalized_at": draft.finalized_at,
        "plan_version": draft.plan_version,
        "figures": draft.content.figures if draft.content else None,
    }
    if whole:
        view["policies"] = policy_json(draft.policies)
        content = draft.content
        view["effects"] = content.effects if content else ()
        view["routes"] = content.draft.routes if content else {}
        view["not_visited"] = content.left if content else ()
    return view


def promised_view(found: Promised) -> dict[str, Any]:
    """What can be promised."""
    figures = found.figures or {}
    return {
        "state": found.state,
        "words": found.words,
        "made_at": found.made_at,
        "changed_since": found.outdated,
        "asked": figures.get("asked"),
        "now": figures.get("now"),
        "others": figures.get("others", []),
    }
