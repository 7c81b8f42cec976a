"""QR codes of links, as SVG for pages and print and as text for a terminal. Edges use it."""

import io

import segno


def svg_of(url: str) -> str:
    """The code as an SVG element without style attributes, which our pages do not allow."""
    code = segno.make_qr(url, error="m")
    return str(code.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None, dark="#000"))


def text_of(url: str) -> str:
    """The code in half blocks."""
    out = io.StringIO()
    segno.make_qr(url, error="l").terminal(out, border=2, compact=True)
    return out.getvalue()
