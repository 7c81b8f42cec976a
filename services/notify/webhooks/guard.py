"""Keeps a webhook from being flooded, by size and number of requests. The webhooks use it."""

from flask import Response, request
from limits import RateLimitItemPerMinute
from limits.strategies import MovingWindowRateLimiter

from shared.counting import Counts
from shared.web import problem

LARGEST = 64 * 1024
A_MINUTE = 6_000
"""A storm of 1,500 texts gives some 4,500 receipts; a provider comes again to what is refused."""


class Guard:
    """Counts the requests of each address."""

    def __init__(self, a_minute: int = A_MINUTE) -> None:
        self._item = RateLimitItemPerMinute(a_minute)
        self._limiter = MovingWindowRateLimiter(Counts())

    def refusal(self) -> Response | None:
        """The answer to a request that is too large or one too many; None where it is neither."""
        request.max_content_length = LARGEST
        if (request.content_length or 0) > LARGEST:
            return problem(413, "Content Too Large", "This is larger than any receipt.")
        if not self._limiter.hit(self._item, request.remote_addr or ""):
            answer = problem(429, "Too Many Requests", "Please come again in a minute.")
            answer.headers["Retry-After"] = "60"
            return answer
        return None
