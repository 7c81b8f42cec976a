"""What a host meant by a text: a keyword, or something for a person to read. Pure; handlers ask.

Who wants to be left alone is understood widely, everything else narrowly: a wish to end messages
that is missed breaks the law, a plan that is changed by a guess breaks a promise. So "don't text
me" opts out, while "don't stop by" and "we stop at nine" do not; "listo" alone says that the
party is over, while "estamos listos" (ready) goes to staff; "si llueve" (if it rains) is no yes.
CANCEL is always an opt-out and never ends a party: the answer asks what was meant.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from services.notify.domain import keyword_words as w

MOST_WORDS = 14
"""A longer text says more than a keyword, so that somebody has to read it."""
MOST_MINUTES = 240


class Meaning(StrEnum):
    """What somebody meant."""

    STOP = "stop"
    CANCEL = "cancel"
    HELP = "help"
    START = "start"
    LATE = "late"
    MOVED = "moved"
    DONE = "done"
    NOBODY = "nobody"
    WHEN = "when"
    YES = "yes"
    NO = "no"
    THANKS = "thanks"
    OTHER = "other"


OPT_OUTS = frozenset({Meaning.STOP, Meaning.CANCEL})
OF_PARTY = frozenset(
    {
        *(Meaning.LATE, Meaning.MOVED, Meaning.DONE, Meaning.NOBODY),
        *(Meaning.WHEN, Meaning.YES, Meaning.NO),
    }
)
"""What is said about a party and makes sense only where it is known which one."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What was meant; `minutes` of a delay, where given; `language` of the words, or ""."""

    meaning: Meaning
    minutes: int | None = None
    language: str = ""


def understand(text: str) -> Understood:
    """What somebody meant by a text; whatever is not clear is `OTHER`."""
    if w.REACTION.match(text):
        return Understood(Meaning.OTHER)
    plain = plain_words(text)
    language = _language(plain)
    meaning = _by_sign(text) if not plain else _meaning(plain, text)
    minutes = minutes_in(plain) if meaning == Meaning.LATE else None
    return Understood(meaning, minutes, language)


def plain_words(text: str) -> str:
    """The text's words: lower case, without accents, punctuation, emoji; one space between."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("\0", " "))
    bare = "".join(c for c in apart if not unicodedata.combining(c) and c not in "'’‘`´")
    return " ".join(re.findall(r"[^\W\d_]+|\d+", bare))


def minutes_in(plain: str) -> int | None:
    """How many minutes somebody says; a time of day is none."""
    for pattern, minutes in w.HOURS:
        if pattern.search(plain):
            return minutes
    if found := w.TENS.search(plain):
        tens = {"veinti": 20, "treinta y": 30, "cuarenta y": 40, "cincuenta y": 50}
        first = found[1]
        return (w.NUMBERS.get(first) or tens[first]) + 5
    if re.search(r"\b(at|until|till|til|a las|hasta)( las)? \d", plain):
        return None
    numbers = [int(n) for n in re.findall(r"\b(\d{1,3}) ?(?=m\b|min|\b)", plain)]
    numbers += [w.NUMBERS[word] for word in plain.split() if word in w.NUMBERS]
    fitting = [n for n in numbers if 0 < n <= MOST_MINUTES]
    return max(fitting) if fitting and len(numbers) <= 2 else None


def _meaning(plain: str, text: str) -> Meaning:
    words = plain.split()
    bare = " ".join(word for word in words if word not in w.FILLER)
    if _stops(words, bare, plain):
        return Meaning.STOP
    if words[0] in w.CANCEL or bare in w.CANCEL:
        return Meaning.CANCEL
    if bare in w.HELP or (words[0] in w.HELP and plain in ("help me", "info please")):
        return Meaning.HELP
    if bare in w.START or w.START_PHRASES.search(plain):
        return Meaning.START
    if len(words) <= MOST_WORDS:
        return _of_party(plain, bare, text)
    return Meaning.OTHER


def _stops(words: list[str], bare: str, plain: str) -> bool:
    if w.UNLESS.search(plain):
        return False
    if bare in w.STOP or bare in w.STOP_PHRASES or plain in w.STOP_PHRASES:
        return True
    if words[0] in ("stop", "stopall") and words[1] not in w.NO_STOP_AFTER:
        return True
    return bool(w.OPT_OUT.search(plain))


def _of_party(plain: str, bare: str, text: str) -> Meaning:
    if w.WHEN_BEGINS.match(plain):
        return _when(plain)
    if "?" in text:
        return Meaning.OTHER
    told = ((Meaning.DONE, _without_thanks(plain), w.DONE, w.NOT_DONE),)
    for meaning, words, says, unless in (*((m, plain, s, u) for m, s, u in _TOLD), *told):
        if says.search(words) and not unless.search(plain):
            return meaning
    return _answer(plain, bare)


_TOLD = (
    (Meaning.NOBODY, w.NOBODY, w.NOT_NOBODY),
    (Meaning.LATE, w.LATE, w.NOT_LATE),
    (Meaning.MOVED, w.MOVED, w.NOT_MOVED),
)


def _without_thanks(plain: str) -> str:
    return re.sub(r"( (thank you|thanks|thx|gracias|everyone|all|ya|now))+$", "", plain)


def _when(plain: str) -> Meaning:
    short = len(plain.split()) <= 2
    if w.WHEN_ELSE.search(plain):
        return Meaning.OTHER
    return Meaning.WHEN if short or w.WHEN_ABOUT.search(plain) else Meaning.OTHER


def _answer(plain: str, bare: str) -> Meaning:
    if re.search(r"\b(but|pero|if|unless|except|aunque)\b", plain):
        return Meaning.OTHER
    first, _, rest = plain.partition(" ")
    answers = ((Meaning.YES, w.YES, w.AFFIRMS), (Meaning.NO, w.NO, w.REFUSES))
    for meaning, words, goes_on in answers:
        if {plain, bare} & words or _only(plain, words) or (first in words and goes_on.match(rest)):
            return meaning
    said = plain.split()
    polite = all(word in w.THANKS or word in w.FILLER for word in said)
    thanks = any(word in w.THANKS for word in said)
    return Meaning.THANKS if polite and thanks else Meaning.OTHER


def _only(plain: str, wanted: frozenset[str]) -> bool:
    """Whether every word is one of the wanted, or says nothing, and one is wanted."""
    said = [word for word in plain.split() if word not in w.FILLER]
    return bool(said) and all(word in wanted for word in said)


_SIGNS = (
    ("🛑⛔🚫", Meaning.STOP),
    ("👍✅✔👌💯", Meaning.YES),
    ("👎❌", Meaning.NO),
    ("🙏❤💙😀😊🙂🎉", Meaning.THANKS),
)


def _by_sign(text: str) -> Meaning:
    """What a text of pictures alone means, if all of them mean the same."""
    signs = [sign for sign in text if unicodedata.category(sign) == "So" or sign in "✔❤"]
    for known, meaning in _SIGNS:
        if signs and all(sign in known for sign in signs):
            return meaning
    return Meaning.OTHER


def _language(plain: str) -> str:
    words = plain.split()
    if not words:
        return ""
    return "es" if any(word in w.SPANISH for word in words) else "en"
