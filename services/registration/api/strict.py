"""Schema fields that take JSON's own types only, with our own words. Only the API's schemas use it."""

from typing import Any

from marshmallow import fields

_REQUIRED = {"required": "This is needed.", "null": "This cannot be null."}


class Text(fields.String):
    """A JSON string."""

    default_error_messages = {**_REQUIRED, "invalid": "This must be a text."}


class Truth(fields.Boolean):
    """true or false, nothing that only looks like it."""

    default_error_messages = {**_REQUIRED, "invalid": "This must be true or false."}

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if value is True or value is False:
            return value
        raise self.make_error("invalid", input=value)


class Whole(fields.Integer):
    """A JSON number without a fraction."""

    default_error_messages = {**_REQUIRED, "invalid": "This must be a whole number."}

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value):
            raise self.make_error("invalid", input=value)
        return int(value)


class Number(fields.Float):
    """A JSON number."""

    default_error_messages = {**_REQUIRED, "invalid": "This must be a number."}

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.make_error("invalid", input=value)
        return float(value)


class Texts(fields.List):
    """A list of JSON strings."""

    default_error_messages = {**_REQUIRED, "invalid": "This must be a list of texts."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Text, **kwargs)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.make_error("invalid", input=value)
        return value
