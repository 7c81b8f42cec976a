"""The port `Darkroom` on Pillow: trusts little, and keeps only the picture."""

import io
import threading

from PIL import Image, ImageOps, UnidentifiedImageError

from services.dispatch.domain.field_notes import LONGEST_EDGE, Picture
from shared.failures import Refused

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = {"JPEG": 80_000_000, "PNG": 30_000_000, "WEBP": 30_000_000}
"""A JPEG is decoded at a fraction of its size, the others in full (four bytes a pixel)."""
QUALITY = 80


class PillowDarkroom:
    """Develops one photo at a time: two large ones at once would double the memory needed."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()

    def develop(self, upload: bytes) -> Picture:
        """The picture, upright, at most 1600 pixels long; raises `Refused`."""
        with self._one_at_a_time:
            try:
                return _developed(upload)
            except UnidentifiedImageError as error:
                raise _refused("This is not a photo. Please send a JPEG, PNG or WebP.") from error
            except (OSError, ValueError, SyntaxError, EOFError, MemoryError) as error:
                raise _refused("The photo is damaged. Please take it again.") from error
            except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
                raise _too_many_pixels() from error


def _developed(upload: bytes) -> Picture:
    with Image.open(io.BytesIO(upload), formats=FORMATS) as image:
        if image.width * image.height > MOST_PIXELS[image.format or "PNG"]:
            raise _too_many_pixels()
        image.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
        upright = ImageOps.exif_transpose(image)
        plain = Image.new("RGB", upright.size, "white")
        seen = upright.convert("RGBA") if _has_alpha(upright) else upright.convert("RGB")
        plain.paste(seen, mask=seen if seen.mode == "RGBA" else None)
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return Picture(out.getvalue(), *plain.size)


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def _too_many_pixels() -> Refused:
    return _refused("The photo has too many pixels. Please send a smaller one.")


def _refused(sentence: str) -> Refused:
    return Refused(sentence, {"photo": [sentence]})
