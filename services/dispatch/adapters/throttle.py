"""Counts attempts to sign in, in Redis; alone, in memory, while Redis is away. The desk uses it."""

from collections.abc import Callable

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from shared.logs import log

FROM_ADDRESS = RateLimitItemPerMinute(60, 5, namespace="porchlight-address")
HERE_ON_ACCOUNT = RateLimitItemPerMinute(8, 10, namespace="porchlight-account-here")
ON_ACCOUNT = RateLimitItemPerHour(100, 1, namespace="porchlight-account")


class Throttle:
    """Attempts of one address, on one account, and of the one on the other."""

    def __init__(self, redis_url: str) -> None:
        patience: dict[str, float | str | bool] = {
            "socket_timeout": 1.0,
            "socket_connect_timeout": 1.0,
        }
        shared = storage_from_string(redis_url, wrap_exceptions=True, **patience)
        self._shared = MovingWindowRateLimiter(shared)
        self._own = MovingWindowRateLimiter(MemoryStorage())

    def attempt(self, account: str, address: str) -> bool:
        """Count one; false where there were too many and this one must not be looked at."""
        counted = [
            self._hit(FROM_ADDRESS, address),
            self._hit(HERE_ON_ACCOUNT, account, address),
            self._hit(ON_ACCOUNT, account),
        ]
        return all(counted)

    def succeeded(self, account: str, address: str) -> None:
        """Forget the account's failures at this address."""
        self._ask(lambda limiter: limiter.clear(HERE_ON_ACCOUNT, account, address))

    def _hit(self, item: RateLimitItem, *keys: str) -> bool:
        return self._ask(lambda limiter: limiter.hit(item, *keys)) is not False

    def _ask(self, question: Callable[[MovingWindowRateLimiter], bool | None]) -> bool | None:
        try:
            return question(self._shared)
        except StorageError as fault:
            log().warning("attempts to sign in are counted here alone", fault=str(fault))
            return question(self._own)
