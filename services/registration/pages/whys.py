"""Why visits are held or called off, as hosts may read it. Only the host's page uses it.

What dispatchers choose from is in the catalogue; what they write themselves stays as written.
"""

from services.registration.pages.language import Language

_OVER = "the evening is over"
_UNSAID = frozenset((_OVER, "other", ""))


def is_over(why: str) -> bool:
    """Whether it is no more than the usual end."""
    return _bare(why).casefold() == _OVER


def spoken_why(why: str, spoken: Language) -> str:
    """The reason without a full stop; empty where there is none worth telling."""
    bare = _bare(why)
    return "" if bare.casefold() in _UNSAID else spoken.say(bare)


def _bare(why: str) -> str:
    return why.strip().rstrip(" .")
