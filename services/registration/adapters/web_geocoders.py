"""Geocoders elsewhere: Census, Nominatim, Photon, Pelias over HTTP. Off unless an address is set.

They are asked only where the city's own addresses have no good answer, for a question carries what
somebody typed to whoever runs the server. Whatever goes wrong there is no proposal, and no error.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

from services.registration.domain.city import City
from services.registration.domain.geography import Point, km_between
from services.registration.domain.places import MOST_PROPOSALS, Kind, Proposal, ranked
from services.registration.ports import Geocoder
from shared.logs import log

_PATIENCE = httpx.Timeout(2.5, connect=1.0)
_AGENT = "Porchlight (a city's registration of block parties)"
_DEGREES_PER_KM = 1 / 111.32
Params = dict[str, str]


class Away(Exception):
    """The geocoder did not answer, or not so that it could be understood."""


def make_geocoder(url: str, own: Geocoder, patience: httpx.Timeout = _PATIENCE) -> Geocoder:
    """The city's own geocoder, followed by the one at `KIND+https://…` if there is one."""
    if not url:
        return own
    return InTurn(own, make_web_geocoder(url, patience))


def make_web_geocoder(url: str, patience: httpx.Timeout = _PATIENCE) -> "WebGeocoder":
    """The one at `KIND+https://…`."""
    kind, _, address = url.partition("+")
    return WebGeocoder(kind, address, patience)


class InTurn:
    """Asks the second geocoder where the first has no good answer."""

    def __init__(self, first: Geocoder, second: Geocoder) -> None:
        self._first = first
        self._second = second

    def propose(self, text: str, city: City) -> list[Proposal]:
        """The proposals of both, the best first."""
        found = self._first.propose(text, city)
        if found and found[0].is_good:
            return found
        return ranked([*found, *self._second.propose(text, city)])


class WebGeocoder:
    """A `Geocoder` on a server of this kind. Threads may share it."""

    def __init__(self, kind: str, url: str, patience: httpx.Timeout = _PATIENCE) -> None:
        self._kind = kind
        self._path, self._question, self._answers = _KINDS[kind]
        self._url = url.rstrip("/")
        self._client = httpx.Client(
            timeout=patience, headers={"User-Agent": _AGENT}, follow_redirects=False
        )

    def propose(self, text: str, city: City) -> list[Proposal]:
        """The server's answers that lie in the city; none where it does not answer in time."""
        try:
            return self.ask(text, city)
        except Away:
            return []

    def ask(self, text: str, city: City) -> list[Proposal]:
        """The server's answers that lie in the city; raises `Away`."""
        try:
            answer = self._client.get(self._url + self._path, params=self._question(text, city))
            answer.raise_for_status()
            found = [one for one in self._answers(answer.json()) if _in_city(one, city)]
        except (httpx.HTTPError, ValueError, LookupError, TypeError, AttributeError) as fault:
            # Not the fault's own words: they hold the address that was asked for.
            log().warning("a geocoder failed", kind=self._kind, fault=type(fault).__name__)
            raise Away from None
        return ranked(found)


def _in_city(one: Proposal, city: City) -> bool:
    return km_between(one.point, city.kick_off.place) <= city.radius_km


def _census_question(text: str, city: City) -> Params:
    whole = text if "," in text else f"{text}, {city.name}"
    return {"address": whole, "benchmark": "Public_AR_Current", "format": "json"}


def _census(body: Any) -> list[Proposal]:
    found = []
    for match in body["result"]["addressMatches"]:
        at = Point(float(match["coordinates"]["y"]), float(match["coordinates"]["x"]))
        # Interpolated along a range of house numbers: right to about a block.
        found.append(Proposal(str(match["matchedAddress"]), "address", at, 0.85))
    return found


def _nominatim_question(text: str, city: City) -> Params:
    at, reach = city.kick_off.place, city.radius_km * _DEGREES_PER_KM
    corners = (at.lon - reach, at.lat - reach, at.lon + reach, at.lat + reach)
    return {
        "q": text if "," in text else f"{text}, {city.name}",
        "format": "jsonv2",
        "limit": str(MOST_PROPOSALS),
        "addressdetails": "1",
        "viewbox": ",".join(f"{corner:.4f}" for corner in corners),
        "bounded": "1",
    }


def _nominatim(body: Any) -> list[Proposal]:
    found = []
    for place in body:
        exact = "house_number" in place.get("address", {})
        kind: Kind = "address" if exact else "street"
        at = Point(float(place["lat"]), float(place["lon"]))
        found.append(Proposal(str(place["display_name"]), kind, at, 0.9 if exact else 0.5))
    return found


def _photon_question(text: str, city: City) -> Params:
    at = city.kick_off.place
    where = {"lat": f"{at.lat:.4f}", "lon": f"{at.lon:.4f}"}
    return {"q": text, "limit": str(MOST_PROPOSALS), **where}


def _photon(body: Any) -> list[Proposal]:
    found = []
    for feature in body["features"]:
        known = feature["properties"]
        exact = bool(known.get("housenumber"))
        parts = (known.get("housenumber", ""), known.get("street", known.get("name", "")))
        label = " ".join(part for part in parts if part)
        # Photon is made for typing ahead: the address it finds need not be the one that was meant.
        quality = 0.75 if exact else 0.5
        found.append(Proposal(label, _kind(exact), _at(feature), quality))
    return found


def _pelias_question(text: str, city: City) -> Params:
    at = city.kick_off.place
    return {
        "text": text if "," in text else f"{text}, {city.name}",
        "size": str(MOST_PROPOSALS),
        "boundary.circle.lat": f"{at.lat:.4f}",
        "boundary.circle.lon": f"{at.lon:.4f}",
        "boundary.circle.radius": f"{city.radius_km:.0f}",
    }


def _pelias(body: Any) -> list[Proposal]:
    found = []
    for feature in body["features"]:
        known = feature["properties"]
        kinds: Mapping[str, Kind] = {"address": "address", "intersection": "intersection"}
        kind = kinds.get(str(known.get("layer")), "street")
        guessed = known.get("match_type") == "fallback" or kind == "street"
        quality = min(float(known.get("confidence", 0.5)), 0.5 if guessed else 0.95)
        found.append(Proposal(str(known["label"]), kind, _at(feature), quality))
    return found


def _kind(exact: bool) -> Kind:
    return "address" if exact else "street"


def _at(feature: Any) -> Point:
    lon, lat, *_ = feature["geometry"]["coordinates"]
    return Point(float(lat), float(lon))


_KINDS: Mapping[
    str, tuple[str, Callable[[str, City], Params], Callable[[Any], Sequence[Proposal]]]
] = {
    "census": ("/geocoder/locations/onelineaddress", _census_question, _census),
    "nominatim": ("/search", _nominatim_question, _nominatim),
    "photon": ("/api", _photon_question, _photon),
    "pelias": ("/v1/search", _pelias_question, _pelias),
}
