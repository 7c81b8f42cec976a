"""Packs what a service answers, where that is worth it and safe. `shared.web` uses it.

Scripts, styles and JSON are packed. Pages are not: many hold a form's secret token beside words
that strangers chose, and how well such a page packs would tell of the token. Nor is what may not be
stored, which is where secret links are, nor streams of events, which must not be held back.
"""

from flask import Flask, Response, request
from flask_compress import Compress

WORTH_PACKING = 800
_PACKED = frozenset(
    {
        *("application/json", "application/problem+json", "application/geo+json"),
        *("text/css", "text/javascript", "image/svg+xml"),
    }
)
# Browsers ask for the first two over TLS alone; the first is the quickest by far.
_WAYS = ["zstd", "br", "gzip"]


def add_packing(app: Flask) -> None:
    """Pack the application's answers in the way that a client understands best."""
    app.config.update(
        COMPRESS_REGISTER=False,
        COMPRESS_MIMETYPES=sorted(_PACKED),
        COMPRESS_MIN_SIZE=WORTH_PACKING,
        COMPRESS_ALGORITHM=_WAYS,
        COMPRESS_ALGORITHM_STREAMING=_WAYS,
    )
    packing = Compress(app)

    @app.after_request
    def pack(answer: Response) -> Response:
        if not _may_be_packed(answer):
            return answer
        etag, weak = answer.get_etag()
        if etag and not weak:  # Packed in another way it is the same, but not byte by byte.
            answer.set_etag(etag, weak=True)
        return packing.after_request(answer)


def _may_be_packed(answer: Response) -> bool:
    """Whole answers to whoever reads: a part of a file counts its bytes unpacked."""
    whole = request.method in ("GET", "HEAD") and answer.status_code in (200, 304)
    return whole and answer.mimetype in _PACKED and not answer.cache_control.no_store
