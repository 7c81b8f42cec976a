"""Makes of plain words what goes out: letters on the common paper, texts by the segment.

Own words of a city and broadcasts come by it; the templates in files lay their letters out alone.
"""

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from services.notify.adapters.segments import segments_of

FOLDER: Final = Path(__file__).parent.parent / "templates"
_PAPER: Final = "own.html"


class Press:
    """Fulfils `Printing`."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._jinja = Environment(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            autoescape=select_autoescape(["html"]),
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def segments(self, body: str) -> int:
        return segments_of(body).segments

    def letter(self, programme: str, language: str, body: str, link: str = "") -> str:
        return self._jinja.get_template(_PAPER).render(
            programme=programme, language=language, paragraphs=paragraphs(body, link)
        )


def paragraphs(body: str, link: str) -> list[Markup]:
    """The plain text's paragraphs as safe HTML, the private link made a link."""
    found = []
    for part in filter(None, map(str.strip, body.split("\n\n"))):
        html = escape(part)
        if link.startswith(("http://", "https://")):
            anchor = Markup('<a href="{0}">{0}</a>').format(link)
            html = html.replace(escape(link), anchor)
        found.append(html.replace("\n", Markup("<br>")))
    return found
