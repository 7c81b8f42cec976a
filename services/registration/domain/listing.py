"""What a planner's list is asked for: words, filters, order, page. Pages and adapters use it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from services.registration.domain.geography import Box, read_box

PAGE = 50
SORTS = ("name", "address", "starts", "host", "area", "received", "changed")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Listing:
    """The filters, as an address carries them; empty text is 'any'."""

    q: str = ""
    state: str = ""
    area: str = ""
    beat: str = ""
    place: str = ""
    late: str = ""
    visit: str = ""
    wanted: str = ""
    language: str = ""
    materials: str = ""
    closure: str = ""
    confirmed: str = ""
    source: str = ""
    note: str = ""
    doubles: str = ""
    box: str = ""
    sort: str = "name"
    down: str = ""
    page: int = 1

    @property
    def within(self) -> Box | None:
        """What part of the map is asked for."""
        return read_box(self.box) if self.box else None

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set, without order and page."""
        return {
            name: text
            for name, text in self.address().items()
            if name not in ("sort", "down", "page")
        }

    def address(self, **changes: object) -> dict[str, str]:
        """The listing as an address' arguments, what is usual left out."""
        asked = replace(self, **changes)  # type: ignore[arg-type]  # callers name fields
        usual = Listing()
        found = {f.name: getattr(asked, f.name) for f in fields(asked)}
        return {k: str(v) for k, v in found.items() if v != getattr(usual, k)}


def read_listing(given: Mapping[str, str]) -> Listing:
    """The listing that an address asks for; what it does not understand is as usual."""
    texts = {f.name for f in fields(Listing) if f.name != "page"}
    values = {k: v.replace("\0", "").strip()[:_LONGEST] for k, v in given.items() if k in texts}
    page = given.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    if values.get("sort") not in SORTS:
        values.pop("sort", None)
    if not read_box(values.get("box", "")):
        values.pop("box", None)
    return Listing(**values, page=max(1, number))
