"""Reads telephone numbers and e-mail addresses. The composition root hands it to the handlers."""

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
            raise ValueError("not a telephone number") from error
        if number.extension or not phonenumbers.is_valid_number(number):
            raise ValueError("not a telephone number")
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

    def email(self, text: str) -> str:
        """The address, normalised, its domain not looked up; raises `ValueError`."""
        try:
            return validate_email(text, check_deliverability=False).normalized
        except EmailNotValidError as error:
            raise ValueError("not an e-mail address") from error
