"""The reasons that dispatchers choose from, as hosts may read them. Only the texts use it.

What a dispatcher wrote in own words stays as it was written, in whatever language.
"""

from textwrap import shorten

MOST = 70
"""So many characters of a reason fit a text message."""
_OVER = "the evening is over"
_UNSAID = frozenset((_OVER, "other", ""))
_SAID = {
    "en": {"storm": "a storm", "major incident": "a major incident"},
    "es": {"storm": "una tormenta", "major incident": "un incidente grave"},
}


def is_over(why: str) -> bool:
    """Whether it is no more than the usual end."""
    return _bare(why).casefold() == _OVER


def spoken_why(why: str, language: str) -> str:
    """The reason to be told, without a full stop; empty where there is none worth telling."""
    bare = _bare(why)
    if bare.casefold() in _UNSAID:
        return ""
    known = _SAID.get(language, _SAID["en"])
    return known.get(bare.casefold(), shorten(bare, MOST, placeholder=" ..."))


def _bare(why: str) -> str:
    return why.strip().rstrip(" .")
