"""Reads telephone numbers and e-mail addresses of a roster's people. Composition roots use it."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email


class Contacts:
    """A `ContactReader`; numbers without a country are read as of `region`."""

    def __init__(self, region: str = "US") -> None:
        self._region = region

    def phone(self, text: str) -> str:
        """The number in E.164; raises `ValueError`."""
        try:
            number = phonenumbers.parse(text, self._region)
        except phonenumbers.NumberParseException as error:
            raise ValueError(_NO_NUMBER) from error
        if number.extension or not phonenumbers.is_valid_number(number):
            raise ValueError(_NO_NUMBER)
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

    def email(self, text: str) -> str:
        """The address, normalised, its domain not looked up; raises `ValueError`."""
        try:
            return validate_email(text, check_deliverability=False).normalized
        except EmailNotValidError as error:
            raise ValueError("must be a full address, such as ana@example.org") from error


_NO_NUMBER = "must be a telephone number, such as (626) 555-0137, without an extension"
