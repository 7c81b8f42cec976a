"""Schema fields that take JSON's own types only. Only the API's schemas use it."""

from typing import Any

from marshmallow import fields

Words = dict[str, str | list[Any] | dict[Any, Any]]
_REQUIRED: Words = {"required": "This is needed.", "null": "This cannot be null."}
_TEXT: Words = {**_REQUIRED, "invalid": "This must be a text."}
_TRUTH: Words = {**_REQUIRED, "invalid": "This must be true or false."}
_WHOLE: Words = {**_REQUIRED, "invalid": "This must be a whole number."}
_NUMBER: Words = {**_REQUIRED, "invalid": "This must be a number."}
_TEXTS: Words = {**_REQUIRED, "invalid": "This must be a list of texts."}


class Text(fields.String):
    """A JSON string."""

    default_error_messages = _TEXT


class Truth(fields.Boolean):
    """true or false, nothing that only looks like it."""

    default_error_messages = _TRUTH

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if value is True or value is False:
            return value
        raise self.make_error("invalid", input=value)


class Whole(fields.Integer):
    """A JSON number without a fraction."""

    default_error_messages = _WHOLE

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value):
            raise self.make_error("invalid", input=value)
        return int(value)


class Number(fields.Float):
    """A JSON number."""

    default_error_messages = _NUMBER

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.make_error("invalid", input=value)
        return float(value)


class Texts(fields.List[Any]):
    """A list of JSON strings."""

    default_error_messages = _TEXTS

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Text, **kwargs)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.make_error("invalid", input=value)
        return value
