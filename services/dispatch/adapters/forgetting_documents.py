"""Takes places and words of parties out of routes, proposals and drafts as they are stored.

Only `postgres_forgetting.py` uses it.
"""

from collections.abc import Mapping
from typing import Any

Groups = Mapping[str, frozenset[str]]
_WORDS = ("reason", "detail", "ways")


def without(document: Any, groups: Groups) -> Any:
    """The document without what these groups hold of these parties; the same if nothing."""
    if isinstance(document, list):
        return [without(part, groups) for part in document]
    if not isinstance(document, dict):
        return document
    party = document.get("party_id") or document.get("party")
    mine = groups.get(party, frozenset()) if isinstance(party, str) else frozenset()
    kept = {
        name: _emptied(part) if _is_told(name, part, groups) else without(part, groups)
        for name, part in document.items()
    }
    if "addresses" in mine and "address" in kept:
        kept |= {name: "" for name in ("name", "address", "ways") if name in kept}
        if isinstance(kept.get("place"), dict):
            kept["place"] = {name: round(degrees, 3) for name, degrees in kept["place"].items()}
    return _emptied(kept) if "notes" in mine else kept


def _is_told(name: str, part: Any, groups: Groups) -> bool:
    """Whether it is what the host of such a party was told, which stands under the party's id."""
    return isinstance(part, dict) and "notes" in groups.get(name, ())


def _emptied(part: dict[str, Any]) -> dict[str, Any]:
    return part | {name: "" for name in _WORDS if isinstance(part.get(name), str)}
