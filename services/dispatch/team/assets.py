"""The page's scripts and styles, packed once at start. Only `views.py` beside it uses it."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from flask import Response, abort, request

from services.dispatch.team.bundle import join

_FOLDER = Path(__file__).parent / "static"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
PAGE, WORKER = "page.js", "worker.js"
WORTH_PACKING = 800


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, as it is and packed."""

    body: bytes
    packed: bytes
    type: str


class Assets:
    """All files; their addresses carry a version, so that a phone never asks twice for one."""

    def __init__(self) -> None:
        found = {path.name: path.read_bytes() for path in sorted(_FOLDER.iterdir())}
        scripts = {name for name in found if name.endswith(".js") and name != WORKER}
        modules = {name.removesuffix(".js"): found.pop(name).decode() for name in scripts}
        found[PAGE] = join(modules, "page").encode()
        self._kept = {name: _packed(name, found[name]) for name in sorted(found)}
        whole = hashlib.sha256(b"".join(asset.body for asset in self._kept.values()))
        self.version = whole.hexdigest()[:12]

    def answer(self, name: str, cached: str) -> Response:
        """The file as an answer."""
        asset = self._kept.get(name)
        if asset is None:
            abort(404)
        return packed(asset.body, asset.type, {"Cache-Control": cached}, asset.packed)


def packed(
    body: bytes, type_: str, headers: dict[str, str], ready: bytes | None = None
) -> Response:
    """The body, packed if that is worth it and the phone can unpack it."""
    heads = {**headers, "Vary": "Accept-Encoding"}
    if len(body) < WORTH_PACKING or not request.accept_encodings["gzip"]:
        return Response(body, mimetype=type_, headers=heads)
    heads["Content-Encoding"] = "gzip"
    return Response(ready or gzip.compress(body, 6), mimetype=type_, headers=heads)


def _packed(name: str, body: bytes) -> Asset:
    return Asset(body, gzip.compress(body, 9), _TYPES[Path(name).suffix])
