"""Languages by code and by the words that people use for them. The roster uses it."""

import re
from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "en": "English",
    "es": "Spanish",
    "zh": "Chinese",
    "vi": "Vietnamese",
    "ko": "Korean",
    "tl": "Tagalog",
    "hy": "Armenian",
    "ar": "Arabic",
    "ru": "Russian",
    "fa": "Persian",
    "fr": "French",
    "ht": "Haitian Creole",
    "pt": "Portuguese",
    "ja": "Japanese",
    "de": "German",
    "it": "Italian",
    "pl": "Polish",
    "uk": "Ukrainian",
    "hi": "Hindi",
    "pa": "Punjabi",
    "ur": "Urdu",
    "bn": "Bengali",
    "so": "Somali",
    "am": "Amharic",
    "sw": "Swahili",
    "hmn": "Hmong",
    "om": "Oromo",
    "km": "Khmer",
    "lo": "Lao",
    "th": "Thai",
    "ne": "Nepali",
    "my": "Burmese",
    "el": "Greek",
    "he": "Hebrew",
    "ase": "American Sign Language",
}
_OTHERS: Mapping[str, str] = {
    "español": "es",
    "espanol": "es",
    "mandarin": "zh",
    "cantonese": "zh",
    "filipino": "tl",
    "farsi": "fa",
    "creole": "ht",
    "kreyol": "ht",
    "asl": "ase",
    "sign language": "ase",
    "français": "fr",
    "tiếng việt": "vi",
}
_BY_NAME = {name.lower(): code for code, name in NAMES.items()} | dict(_OTHERS)


def read_language(text: str) -> str:
    """The code that a word or code means; raises ValueError with a sentence."""
    plain = text.strip().lower()
    if plain in _BY_NAME:
        return _BY_NAME[plain]
    if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})?", plain):
        return plain
    raise ValueError(
        f"cannot hold “{text.strip()[:40]}”; write a language such as Spanish, or its code"
    )


def spoken(code: str) -> str:
    """The language itself, whatever its region: es for es-MX."""
    return code.strip().lower().partition("-")[0]


def say_language(code: str) -> str:
    """Its name, or the code where we know none."""
    return NAMES.get(code, NAMES.get(code.partition("-")[0], code))
