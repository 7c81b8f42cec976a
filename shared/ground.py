"""What a map stands on: the city's streets, or its own tiles. Pages with maps use it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

OSM = "© OpenStreetMap contributors"
_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:{place}; connect-src 'self'{place};"
    " worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Ground:
    """An installation's own map address, if it has one: a raster template or a style."""

    style_url: str = ""
    attribution: str = ""

    @property
    def policy(self) -> str:
        """The content policy that lets this address in and no other; empty for the usual one."""
        parts = urlsplit(self.style_url)
        if not parts.netloc:
            return ""
        return _POLICY.format(place=f" {parts.scheme}://{parts.netloc}")

    def beneath(self, streets_url: str, streets_source: str) -> "Beneath":
        """What a page's map is told, given the address of the city's streets (or none)."""
        raster = "{z}" in self.style_url
        if self.style_url:
            tiles, style = (self.style_url, "") if raster else ("", self.style_url)
            return Beneath("", tiles, style, self.attribution)
        return Beneath(
            streets_url, "", "", self.attribution or streets_source if streets_url else ""
        )


@dataclass(frozen=True, slots=True)
class Beneath:
    """At most one of the three addresses, and whose work it is."""

    streets: str
    tiles: str
    style: str
    attribution: str
