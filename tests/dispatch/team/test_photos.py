"""Photos: they come out without their place, large ones small, bad ones refused in a sentence."""

import io
import struct
import uuid
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest
from PIL import Image

from services.dispatch.adapters.darkroom import PillowDarkroom
from services.dispatch.field_ports import Darkroom
from shared.failures import Refused

Sent = Callable[..., httpx.Response]
PHOTOS = "/api/v1/cities/pasadena/photos"


def photo(size: tuple[int, int] = (2400, 1200), kind: str = "JPEG", **over: object) -> bytes:
    """A photo with everything in it that tells who took it and where."""
    image = Image.new("RGB", size, "navy")
    image.paste("gold", (0, 0, size[0] // 2, size[1] // 2))
    exif = Image.Exif()
    exif[0x010F] = "TELLTALE-MAKER"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (34.0, 8.0, 24.0), "W", (118.0, 4.0, 48.0)
    exif[0x0112] = over.get("turned", 1)
    out = io.BytesIO()
    image.save(out, kind, exif=exif, comment=b"TELLTALE-COMMENT")
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A small PNG that says it is very large."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    packed = zlib.compress(bytes(200_000))
    chunks = chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.fixture
def sent(phone: httpx.Client) -> Sent:
    """Sends a photo as the page would."""

    def send(body: bytes, **over: str) -> httpx.Response:
        now = datetime.now(UTC).isoformat()
        words = {"id": str(uuid.uuid4()), "party": "p1", "at": now, "sent_at": now, **over}
        heads = {"Content-Type": "image/jpeg"}
        return phone.post("/team/photos", params=words, content=body, headers=heads)

    return send


def test_a_photo_comes_out_without_its_place_and_small(sent: Sent, client: httpx.Client) -> None:
    body = photo()
    assert b"TELLTALE" in body
    assert Image.open(io.BytesIO(body)).getexif().get_ifd(0x8825)
    answer = sent(body, caption="The block")
    assert answer.status_code == 201
    (kept,) = client.get(PHOTOS).json()["photos"]
    assert (kept["width"], kept["height"], kept["caption"]) == (1600, 800, "The block")
    jpeg = client.get(f"{PHOTOS}/{kept['id']}.jpg").content
    out = Image.open(io.BytesIO(jpeg))
    assert (out.format, out.size) == ("JPEG", (1600, 800))
    assert not out.getexif()
    assert b"TELLTALE" not in jpeg
    assert b"Exif" not in jpeg
    assert [key for key in out.info if not key.startswith(("jfif", "progress"))] == []


def test_a_photo_is_published_only_when_approved(sent: Sent, client: httpx.Client) -> None:
    number = str(uuid.uuid4())
    sent(photo((300, 200)), id=number)
    approved = {"approved": "true"}
    assert client.get(PHOTOS, params=approved).json()["photos"] == []
    assert client.post(f"{PHOTOS}/{number}/approval").status_code == 204
    (found,) = client.get(PHOTOS, params=approved).json()["photos"]
    assert found["approved_at"]
    assert client.delete(f"{PHOTOS}/{number}/approval").status_code == 204
    assert client.get(PHOTOS, params=approved).json()["photos"] == []
    assert client.post(f"{PHOTOS}/nothing/approval").status_code == 404
    assert client.get(f"{PHOTOS}/nothing.jpg").status_code == 404


def test_the_same_photo_twice_is_one(sent: Sent, client: httpx.Client) -> None:
    number, body = str(uuid.uuid4()), photo((300, 200))
    assert [sent(body, id=number).status_code for _ in range(2)] == [201, 200]
    assert len(client.get(PHOTOS).json()["photos"]) == 1


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"<html>no photo</html>", 422, "This is not a photo."),
        (b"GIF89a" + bytes(40), 422, "This is not a photo."),
        (photo((400, 300))[:3000], 422, "The photo is damaged."),
        (bomb(30_000, 30_000), 422, "The photo has too many pixels."),
        (bomb(7_000, 7_000), 422, "The photo has too many pixels."),
        (b"\xff\xd8" + bytes(8 * 1024 * 1024), 413, "larger than 8 MB"),
        (bytes(9 * 1024 * 1024), 413, "larger than 8 MB"),
    ],
    ids=["page", "gif", "cut", "bomb", "large png", "just too large", "far too large"],
)
def test_a_hostile_upload_is_refused_in_a_sentence(
    sent: Sent, client: httpx.Client, body: bytes, status: int, words: str
) -> None:
    answer = sent(body)
    assert answer.status_code == status
    assert words in answer.json()["detail"]
    assert client.get(PHOTOS).json()["photos"] == []


def test_the_sentence_is_in_the_phone_s_language(phone: httpx.Client, sent: Sent) -> None:
    phone.get("/team", params={"lang": "es"})
    assert "Esto no es una foto" in sent(b"nothing").json()["detail"]


def test_a_photo_without_number_or_file_is_refused(sent: Sent, phone: httpx.Client) -> None:
    assert sent(photo((30, 20)), id="no").status_code == 422
    assert sent(photo((30, 20)), at="2026-08-04T19:00:00").status_code == 422
    assert sent(b"").status_code == 422


@pytest.fixture
def darkroom() -> Darkroom:
    return PillowDarkroom()


def test_a_turned_photo_comes_out_upright(darkroom: Darkroom) -> None:
    picture = darkroom.develop(photo((400, 200), turned=6))
    assert (picture.width, picture.height) == (200, 400)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_formats_become_jpegs(darkroom: Darkroom, kind: str) -> None:
    picture = darkroom.develop(photo((320, 240), kind))
    assert Image.open(io.BytesIO(picture.jpeg)).format == "JPEG"


def test_what_is_transparent_becomes_white(darkroom: Darkroom) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    pixel = Image.open(io.BytesIO(darkroom.develop(out.getvalue()).jpeg)).getpixel((5, 5))
    assert pixel == (255, 255, 255)


def test_an_empty_upload_is_no_photo(darkroom: Darkroom) -> None:
    with pytest.raises(Refused, match="not a photo"):
        darkroom.develop(b"")
