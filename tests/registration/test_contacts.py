"""Telephone numbers and e-mail addresses, and the short way of reading ordinary ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.registration.adapters.contacts import Contacts

CONTACTS = Contacts()
_digits = some.text("0123456789", min_size=3, max_size=3)


def _or_nothing(read: object, text: str) -> str:
    assert callable(read)
    try:
        return str(read(text))
    except ValueError:
        return ""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("626-555-0123", "+16265550123"),
        ("(626) 555 0123", "+16265550123"),
        ("+1 626 555 0123", "+16265550123"),
        ("6265550123", "+16265550123"),
        ("+44 20 7946 0958", "+442079460958"),
        ("626-555-0123 ext 5", ""),
        ("123-456-7890", ""),
        ("911", ""),
        ("٦٢٦٥٥٥٠١٢٣", "+16265550123"),
    ],
)
def test_numbers_become_e164(text: str, number: str) -> None:
    assert _or_nothing(CONTACTS.phone, text) == number


@given(_digits, _digits, _digits, some.sampled_from("0123456789"))
def test_the_short_way_reads_numbers_as_the_library_does(a: str, b: str, c: str, d: str) -> None:
    text = f"({a}) {b}-{c}{d}"
    assert _or_nothing(CONTACTS.phone, text) == _or_nothing(CONTACTS.any_phone, text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ana@example.org", "ana@example.org"),
        ("ana@EXAMPLE.org", "ana@example.org"),
        ("José@ejemplo.mx", "José@ejemplo.mx"),
        ("ana", ""),
        ("ana@localhost", ""),
        ("a@b@c.org", ""),
        ("ana@example..org", ""),
        ("<script>@example.org", ""),
    ],
)
def test_addresses_are_normalised_or_refused(text: str, address: str) -> None:
    assert _or_nothing(CONTACTS.email, text) == address


@given(
    some.from_regex(r"[A-Za-z0-9_.+-]{1,70}", fullmatch=True),
    some.from_regex(r"[a-z0-9.-]{1,40}\.(com|edu|gov|net|org|us)", fullmatch=True),
)
def test_the_short_way_reads_addresses_as_the_library_does(local: str, domain: str) -> None:
    text = f"{local}@{domain}"
    assert _or_nothing(CONTACTS.email, text) == _or_nothing(CONTACTS.any_email, text)
