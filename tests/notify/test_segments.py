"""In how many segments a text is sent and paid."""

import pytest

from services.notify.adapters.segments import GSM, UCS, segments_of

TABLE = [
    ("an empty text is still one", "", GSM, 0, 1),
    ("160 fit into one", "a" * 160, GSM, 160, 1),
    ("161 make two", "a" * 161, GSM, 161, 2),
    ("two hold 306", "a" * 306, GSM, 306, 2),
    ("307 make three", "a" * 307, GSM, 307, 3),
    ("a line end is in the alphabet", "a\r\nb", GSM, 4, 1),
    ("ñ é ü à are in the alphabet", "ñÑéÉüÜà¿¡" * 10, GSM, 90, 1),
    ("á is not", "á", UCS, 1, 1),
    ("í is not", "í", UCS, 1, 1),
    ("ó is not", "ó", UCS, 1, 1),
    ("ú is not", "ú", UCS, 1, 1),
    ("nor is a long dash", "7:10–7:40", UCS, 9, 1),
    ("nor a curly quote", "“hi”", UCS, 4, 1),
    ("nor a narrow cedilla", "ç", UCS, 1, 1),
    ("a wide one is", "Ç", GSM, 1, 1),
    ("€ takes two", "€" * 80, GSM, 160, 1),
    ("and is not divided", "a" * 152 + "€" + "a" * 153, GSM, 307, 3),
    ("brackets take two", "[]{}\\^~|", GSM, 16, 1),
    ("70 fit into one", "á" * 70, UCS, 70, 1),
    ("71 make two", "á" * 71, UCS, 71, 2),
    ("two hold 134", "á" * 134, UCS, 134, 2),
    ("135 make three", "á" * 135, UCS, 135, 3),
    ("an emoji takes two", "😀" * 35, UCS, 70, 1),
    ("36 emoji make two", "😀" * 36, UCS, 72, 2),
    ("and is not divided", "a" * 66 + "😀" + "b" * 67, UCS, 135, 3),
    ("a joined emoji is all its parts", "👩‍🚒", UCS, 5, 1),
    ("one Hebrew name turns it all", "שלום" + "a" * 67, UCS, 71, 2),
]


@pytest.mark.parametrize(
    ("name", "body", "encoding", "units", "segments"), TABLE, ids=[t[0] for t in TABLE]
)
def test_the_table_of_segments(
    name: str, body: str, encoding: str, units: int, segments: int
) -> None:
    found = segments_of(body)
    assert (found.encoding, found.units, found.segments) == (encoding, units, segments)


def test_what_forces_the_dearer_alphabet_is_named_once() -> None:
    assert segments_of("Se cancelará así").odd == "áí"
    assert segments_of("Se cancela").odd == ""
