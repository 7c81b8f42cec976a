"""Catalogues of sentences, read from `.po` files at start. Pages of every service use it.

Reading the `.po` itself keeps a compile step, and its forgotten `.mo`, out of the house.
"""

from pathlib import Path

from babel.messages.pofile import read_po

NAMES = {"en": "English", "es": "Español"}
"""The languages that pages speak, each by its own name."""


def read_catalogue(folder: Path, code: str) -> dict[str, str]:
    """The language's sentences by the English ones; English needs none."""
    if code == "en":
        return {}
    with (folder / f"{code}.po").open("rb") as file:
        found = read_po(file, locale=code, abort_invalid=True)
    return {str(m.id): str(m.string) for m in found if m.id and m.string}
