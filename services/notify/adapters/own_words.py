"""Words that a city's staff has saved, as the words need them. `texts` and `wordings` use it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Source:
    """A template's text as it is written; `subject` is empty for a text message."""

    subject: str
    body: str
    version: str


Sources = Mapping[tuple[str, str, str], Source]
"""(template, channel, language) -> what holds in a city."""
OwnWords = Callable[[str], Sources]
"""City -> its own words."""

_NONE: Sources = MappingProxyType({})


def no_own_words(_city: str) -> Sources:
    """No city has words of its own."""
    return _NONE
