"""By which way a host is told: one a message, the other in reserve. Pure; handlers call it."""

from dataclasses import dataclass

from services.notify.domain.values import EMAIL, NOWHERE, Address, Party, addresses_of

MAIL_FIRST = frozenset({"received", "link", "thanks"})
"""What has time and a private link to keep; everything else goes to the pocket first."""


@dataclass(frozen=True, slots=True)
class Way:
    """An address to be used; `in_reserve` until the way before it has failed for good."""

    address: Address
    in_reserve: bool = False

    @property
    def nowhere(self) -> bool:
        """Whether there is no way at all."""
        return self.address.channel == NOWHERE


def ways_of(template: str, party: Party) -> tuple[Way, ...]:
    """The ways to the host in the order in which they are tried, at least one."""
    found = sorted(addresses_of(party), key=lambda a: (a.channel == EMAIL) != _mail_first(template))
    if not found:
        return (Way(Address(NOWHERE, "")),)
    return tuple(Way(address, in_reserve=place > 0) for place, address in enumerate(found))


def _mail_first(template: str) -> bool:
    return template in MAIL_FIRST
