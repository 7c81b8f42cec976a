"""Keeps compiled templates in memory, as each test builds an application anew. `conftest.py` asks.

Compiling took half of an application's start: two hundred templates of messages are tried there.
"""

from functools import partialmethod

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket


class CompiledTemplates(BytecodeCache):
    """A cache for all environments of the process; each configuration has templates of its own."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def get_bucket(
        self, environment: Environment, name: str, filename: str | None, source: str
    ) -> Bucket:
        """The bucket of the template as this environment compiles it."""
        own = (
            type(environment).__qualname__,
            str(getattr(environment.autoescape, "__qualname__", environment.autoescape)),
            environment.undefined.__qualname__,
            *sorted(environment.extensions),
        )
        return super().get_bucket(environment, "|".join((name, *own)), filename, source)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket, if its template was compiled before."""
        if code := self._code.get(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._code[bucket.key] = bucket.bytecode_to_string()


def keep_compiled_templates() -> None:
    """From now on no environment of this process compiles a template twice."""
    cache = CompiledTemplates()
    wrapped = partialmethod(Environment.__init__, bytecode_cache=cache)
    Environment.__init__ = wrapped  # type: ignore[assignment]  # the only way into Flask's own
