"""Reads telephone numbers and e-mail addresses. The composition root hands it to the handlers.

Ordinary ones are recognised by one pattern; the libraries, which cost a registration a quarter of
its time, read the rest. A test holds both ways to the same answers.
"""

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email

_AMERICAN = re.compile(r"(?:\+?1[ .-]?)?\(?(\d{3})\)?[ .-]?(\d{3})[ .-]?(\d{4})", re.ASCII)
_ORDINARY = re.compile(
    r"(?=.{3,64}@)[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*"
    r"@(?:[a-z0-9]{1,30}(?:-[a-z0-9]{1,30})?\.){1,3}(?:com|edu|gov|net|org|us)"
)


def _assigned() -> re.Pattern[str]:
    """The library's own pattern of numbers in use in the United States."""
    known = phonenumbers.PhoneMetadata.metadata_for_region("US")
    fixed = known.fixed_line if known else None
    return re.compile((fixed and fixed.national_number_pattern) or r"(?!)")


_ASSIGNED = _assigned()


class Contacts:
    """A `ContactReader`; numbers without a country are read as of `region`."""

    def __init__(self, region: str = "US") -> None:
        self._region = region

    def phone(self, text: str) -> str:
        """The number in E.164; raises `ValueError`."""
        plain = _AMERICAN.fullmatch(text) if self._region == "US" else None
        digits = "".join(plain.groups()) if plain else ""
        return f"+1{digits}" if _ASSIGNED.fullmatch(digits) else self.any_phone(text)

    def any_phone(self, text: str) -> str:
        """The number as the library reads it; raises `ValueError`."""
        try:
            number = phonenumbers.parse(text, self._region)
        except phonenumbers.NumberParseException as error:
            raise ValueError("not a telephone number") from error
        if number.extension or not phonenumbers.is_valid_number(number):
            raise ValueError("not a telephone number")
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

    def email(self, text: str) -> str:
        """The address, normalised, its domain not looked up; raises `ValueError`."""
        return text if _ORDINARY.fullmatch(text) else self.any_email(text)

    def any_email(self, text: str) -> str:
        """The address as the library reads it; raises `ValueError`."""
        try:
            return validate_email(text, check_deliverability=False).normalized
        except EmailNotValidError as error:
            raise ValueError("not an e-mail address") from error
