"""Redis clients with short timeouts and no retries of their own: the loops around them retry."""

from typing import Any, TypeAlias

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

# redis-py types every answer as the union of all protocols; we speak only one of them.
Redis: TypeAlias = Any
RedisError = redis.RedisError
ResponseError = redis.ResponseError


def open_redis(url: str, *, timeout: float = 3.0) -> Redis:
    """A client that speaks bytes; raises `RedisError` within `timeout` seconds of silence."""
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=2,
        socket_timeout=timeout,
        socket_keepalive=True,
        health_check_interval=25,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
    )
