"""A schema and fields that take JSON's own types only. Only the API's schemas use it."""

from typing import Any

from marshmallow import RAISE, Schema, fields

Words = dict[str, str | list[Any] | dict[Any, Any]]
_REQUIRED: Words = {"required": "This is needed.", "null": "This cannot be null."}
_TEXT: Words = {**_REQUIRED, "invalid": "This must be a text."}
_TRUTH: Words = {**_REQUIRED, "invalid": "This must be true or false."}
_WHOLE: Words = {**_REQUIRED, "invalid": "This must be a whole number."}
_NUMBER: Words = {**_REQUIRED, "invalid": "This must be a number."}
_OBJECT = {"unknown": "There is no such field.", "type": "This must be an object."}
_TEXT_BY_CODE: Words = {**_REQUIRED, "invalid": "This must be an object of texts."}
_TEXTS: Words = {**_REQUIRED, "invalid": "This must be a list of texts."}


class _Strict:
    """A field whose plain values, which are of one type of JSON, load as they are."""

    kind: type

    def is_plain(self, value: object) -> bool:
        """Whether loading would give back the same value; None is left to marshmallow."""
        return type(value) is self.kind


class Text(_Strict, fields.String):
    """A JSON string."""

    kind = str
    default_error_messages = _TEXT


class Truth(_Strict, fields.Boolean):
    """true or false, nothing that only looks like it."""

    kind = bool
    default_error_messages = _TRUTH

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if value is True or value is False:
            return value
        raise self.make_error("invalid", input=value)


class Whole(_Strict, fields.Integer):
    """A JSON number without a fraction."""

    kind = int
    default_error_messages = _WHOLE

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value):
            raise self.make_error("invalid", input=value)
        return int(value)


class Number(_Strict, fields.Float):
    """A JSON number."""

    kind = float
    default_error_messages = _NUMBER

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.make_error("invalid", input=value)
        return float(value)


class Texts(_Strict, fields.List[Any]):
    """A list of JSON strings."""

    kind = list
    default_error_messages = _TEXTS

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Text, **kwargs)

    def is_plain(self, value: object) -> bool:
        return isinstance(value, list) and all(type(item) is str for item in value)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.make_error("invalid", input=value)
        return value


class TextByCode(_Strict, fields.Dict):
    """A JSON object of JSON strings."""

    kind = dict
    default_error_messages = _TEXT_BY_CODE

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(keys=Text(), values=Text(), **kwargs)

    def is_plain(self, value: object) -> bool:
        return isinstance(value, dict) and all(type(item) is str for item in value.values())

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if not self.is_plain(value):
            raise self.make_error("invalid", input=value)
        return value


class StrictSchema(Schema):
    """An object of the fields above and of nothing else.

    Where every value is plain, the object is taken as it is; marshmallow, which costs ten times as
    much, reads the others and says what is wrong. A test holds both ways to the same answers.
    """

    error_messages = _OBJECT

    class Meta:
        unknown = RAISE

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        taken = self.load_fields.items()
        self._checks = {name: field.is_plain for name, field in taken if isinstance(field, _Strict)}
        required = {name for name, field in taken if field.required}
        self._needed: set[str] = set() if self.partial else required

    def load(self, data: Any, **kwargs: Any) -> Any:
        return dict(data) if self.is_plain(data) else super().load(data, **kwargs)

    def is_plain(self, data: object) -> bool:
        """Whether loading would give back the same object."""
        if not isinstance(data, dict) or not self._needed <= data.keys():
            return False
        checks = self._checks
        return all(name in checks and checks[name](value) for name, value in data.items())
