"""Messages as files in a folder, each written whole or not at all. The sandbox uses it."""

import os
from pathlib import Path

from services.notify.ports.senders import Text


def keep_file(folder: Path, name: str, content: bytes) -> None:
    """Write the file in one step; the same name again is the same file."""
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f".{name}.half"
    half.write_bytes(content)
    os.replace(half, folder / name)


def text_file(text: Text) -> bytes:
    """A text message as a small readable file."""
    return f"To: {text.to}\n\n{text.body}\n".encode()
