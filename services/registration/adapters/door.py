"""The door for new parties: counts them, holds odd ones back, refuses a flood. Edges use it.

Counts are kept in this process's memory, so that a registration costs no further round trip and
waits for no other server. A restart forgets them, which harms nobody.
"""

import math
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from services.registration.domain.party import Registration
from services.registration.domain.suspicion import (
    FormSigns,
    contacts_of,
    sign_of_form,
    sign_of_words,
)

FROM_ADDRESS = (20, 60)
WITH_CONTACT = (3, 10)
"""So many are entered as usual, and so many at most: an hour by address, a day by contact."""
TYPED = 30
"""So many codes are typed or asked for from one address in an hour."""
WAIT_SECONDS = 3600


class TooMany(Exception):
    """More than a host would register; the message may be shown."""

    def __init__(self) -> None:
        super().__init__(
            "Many parties were just registered with this contact or from this connection."
            " Please try again in an hour, or ask the city."
        )


class Door:
    """Holds the counts of one process, of which there are `workers`; `shut` False lets all in."""

    def __init__(self, *, guarded: bool = True, workers: int = 1) -> None:
        self._guarded = guarded
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        share = max(1, workers)
        self._hour = [RateLimitItemPerHour(math.ceil(n / share)) for n in FROM_ADDRESS]
        self._typed = RateLimitItemPerHour(math.ceil(TYPED / share), namespace="typed")
        self._day = [RateLimitItemPerDay(math.ceil(n / share)) for n in WITH_CONTACT]

    def sign(self, asked: Registration, origin: str, form: FormSigns | None = None) -> str:
        """Why the party is to be held back, or ''; raises `TooMany`."""
        found = sign_of_words(asked)
        if not self._guarded:
            return found or ("trap" if form and form.trap.strip() else "")
        address, contacts = _counted(origin), contacts_of(asked)
        if not self._fits(1, address, contacts):
            raise TooMany
        return (form and sign_of_form(form)) or found or self._crowd(address, contacts)

    def entered(self, asked: Registration, origin: str) -> None:
        """Count a party that was entered."""
        if not self._guarded:
            return
        for hour in self._hour:
            self._hit(hour, _counted(origin))
        for day in self._day:
            for contact in contacts_of(asked):
                self._hit(day, contact)

    def answered(self, origin: str) -> None:
        """Count that somebody was told of a party like his own, which tells of others' parties."""
        if self._guarded:
            self._hit(self._hour[1], _counted(origin))

    def may_type(self, origin: str) -> bool:
        """Count that a code was typed or asked for; False where that was too often."""
        address = _counted(origin) if self._guarded else ""
        return not address or self._limiter.hit(self._typed, address)

    def _crowd(self, address: str, contacts: tuple[str, ...]) -> str:
        if not all(self._limiter.test(self._day[0], contact) for contact in contacts):
            return "contact"
        return "" if self._fits(0, address, ()) else "crowd"

    def _fits(self, which: int, address: str, contacts: tuple[str, ...]) -> bool:
        hour, day = self._hour[which], self._day[which]
        free = not address or self._limiter.test(hour, address)
        return free and all(self._limiter.test(day, contact) for contact in contacts)

    def _hit(self, item: RateLimitItem, key: str) -> None:
        if key:
            self._limiter.hit(item, key)


def _counted(origin: str) -> str:
    """What an address counts as: a household's whole network in IPv6; '' where it tells nothing.

    Addresses that are not of the internet are a proxy's or this machine's, and would put a whole
    city into one count.
    """
    try:
        address: IPv4Address | IPv6Address = ip_address(origin)
    except ValueError:
        return ""
    if not address.is_global:
        return ""
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, 64), strict=False))
    return str(address)
