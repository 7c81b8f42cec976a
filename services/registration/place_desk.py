"""What pages ask about places: proposals for an address, and what their maps are drawn from."""

from dataclasses import dataclass

from limits import RateLimitItemPerMinute
from limits.strategies import MovingWindowRateLimiter

from services.registration.domain.city import City
from services.registration.domain.places import Proposal
from services.registration.ports import Geocoder
from shared.counting import Counts
from shared.ground import Beneath, Ground
from shared.street_store import StreetStore

FROM_ADDRESS = RateLimitItemPerMinute(40, 1, namespace="places")


@dataclass(frozen=True, slots=True)
class Spots:
    """Proposals for an address; `limited` says that whoever asks has to wait a little."""

    proposals: list[Proposal]
    limited: bool = False


class PlaceDesk:
    """Geocoder, streets and ground of this installation; one for each process."""

    def __init__(
        self, geocoder: Geocoder, own: Geocoder, streets: StreetStore, ground: Ground
    ) -> None:
        self._geocoder = geocoder
        self._own = own
        self._limiter = MovingWindowRateLimiter(Counts())
        self.streets = streets
        self.ground = ground

    def propose(self, text: str, city: City) -> list[Proposal]:
        """Places that the text may mean, the best first; others' geocoders may be waited for."""
        return self._geocoder.propose(text, city) if text.strip() else []

    def propose_own(self, text: str, city: City) -> list[Proposal]:
        """The same from the city's own addresses, which takes no longer than a page does."""
        return self._own.propose(text, city) if text.strip() else []

    def propose_to(self, asker: str, text: str, city: City) -> Spots:
        """The same for a network address, which may ask only so often."""
        if not self._limiter.hit(FROM_ADDRESS, asker):
            return Spots([], limited=True)
        return Spots(self.propose(text, city))

    def beneath(self, city: City, lines_url: str) -> Beneath:
        """What a map of the city is told to stand on; `lines_url` is where its streets are."""
        known = self.streets.source(city.slug)
        address = f"{lines_url}?made={known.made}" if known else ""
        return self.ground.beneath(address, known.attribution if known else "")
