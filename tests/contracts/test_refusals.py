"""What is not one of our facts is refused with an error that carries the bytes as they came."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from shared.contracts.envelope import decode
from shared.failures import Undecodable, UnknownType
from tests.contracts import golden_files

Change = Callable[[dict[str, Any]], object]
PARTY = "party.registered.v1"
OPTIONAL = {"materials", "why"}  # added to v1 before the first release

each_golden = pytest.mark.parametrize("fact", golden_files.NAMES)


def refused(raw: bytes) -> str:
    with pytest.raises(Undecodable) as caught:
        decode(raw)
    assert caught.value.raw == raw
    return str(caught.value)


def changed(change: Change, fact: str = PARTY) -> bytes:
    event = golden_files.plain(fact)
    change(event)
    return orjson.dumps(event)


def put(*path: str, value: object) -> Change:
    def change(event: dict[str, Any]) -> None:
        place = event
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return change


@each_golden
def test_an_unknown_attribute_is_refused(fact: str) -> None:
    assert "surprise" in refused(changed(put("surprise", value=1), fact))


@each_golden
def test_an_unknown_field_is_refused_at_every_depth(fact: str) -> None:
    for place in objects(golden_files.plain(fact)["data"]):
        event = golden_files.plain(fact)
        at(event["data"], place)["surprise"] = 1
        assert "surprise" in refused(orjson.dumps(event))


@each_golden
def test_a_missing_attribute_is_refused(fact: str) -> None:
    for name in golden_files.plain(fact).keys() - {"datacontenttype"}:
        refused(changed(lambda event, name=name: event.pop(name), fact))


@each_golden
def test_a_missing_field_is_refused_at_every_depth(fact: str) -> None:
    for place in objects(golden_files.plain(fact)["data"]):
        for name in at(golden_files.plain(fact)["data"], place).keys() - OPTIONAL:
            event = golden_files.plain(fact)
            del at(event["data"], place)[name]
            assert name in refused(orjson.dumps(event))


def test_a_party_said_before_there_were_materials_has_none() -> None:
    event = golden_files.plain(PARTY)
    del event["data"]["party"]["materials"]
    assert decode(orjson.dumps(event)).data.party.materials == ()


@each_golden
def test_a_field_of_a_wrong_type_is_refused_at_every_depth(fact: str) -> None:
    for place in objects(golden_files.plain(fact)["data"]):
        for name, value in at(golden_files.plain(fact)["data"], place).items():
            event = golden_files.plain(fact)
            at(event["data"], place)[name] = {"wrong": 1} if not isinstance(value, dict) else "x"
            refused(orjson.dumps(event))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("people",), -1),
        (("people",), 10**9),
        (("people",), None),
        (("people",), True),
        (("people",), "many"),
        (("no_visit",), "perhaps"),
        (("name",), 5),
        (("name",), "x" * 201),
        (("location_notes",), "x" * 1_000_000),
        (("wanted",), "police"),
        (("wanted",), [1]),
        (("place", "lat"), "NaN"),
        (("place", "lat"), 90.1),
        (("place", "lon"), -180.1),
        (("window", "opens"), "2027-08-04T01:30:00"),
        (("window", "opens"), "half past six"),
        (("window", "opens"), 1_817_343_000),
        (("host",), None),
        (("people",), "5"),
        (("people",), 5.7),
        (("no_visit",), "yes"),
        (("no_visit",), 1),
        (("place", "lat"), "34.1"),
        (("window", "opens"), "2029-01-01T00:00:00Z"),
        (("window", "opens"), "0001-01-01T00:00:00+23:59"),
    ],
    ids=repr,
)
def test_a_value_outside_its_range_is_refused(path: tuple[str, ...], value: object) -> None:
    assert path[-1] in refused(changed(put("data", "party", *path, value=value)))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("revision", "1"),
        ("revision", 1.5),
        ("revision", True),
        ("revision", None),
        ("time", "yesterday"),
        ("time", "2027-07-12T02:14:09"),
        ("time", 0),
        ("id", 5),
        ("data", []),
        ("data", None),
        ("specversion", "0.3"),
        ("time", "0001-01-01T00:00:00+23:59"),
        ("revision", -1),
        ("revision", 2**63),
        ("id", ""),
        ("id", "0198A4C2-7D01-7000-8000-000000000001"),
        ("subject", "a\x00b"),
        ("data", {"party": {"name": "a\x00b"}}),
        ("city", ""),
        ("datacontenttype", 5),
        ("source", "/notify"),
    ],
    ids=repr,
)
def test_an_attribute_of_a_wrong_kind_is_refused(name: str, value: object) -> None:
    refused(changed(put(name, value=value)))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"\x00",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        golden_files.raw(PARTY)[:-10],
        golden_files.raw(PARTY) + b"x",
        golden_files.raw(PARTY).replace(b"34.1689", b"NaN"),
        golden_files.raw(PARTY).replace(b"34.1689", b"Infinity"),
        golden_files.raw(PARTY).replace(b"34.1689", b"1e999"),
        golden_files.raw(PARTY).replace(b'"people": 60', b'"people": ' + b"9" * 5_000),
        golden_files.raw(PARTY).replace(b"Calle", b"\\ud800"),
    ],
    ids=lambda raw: repr(raw[:12]),
)
def test_bytes_that_are_no_envelope_are_refused(raw: bytes) -> None:
    refused(raw)


def test_a_type_that_nobody_knows_is_told_apart_from_rubbish() -> None:
    with pytest.raises(UnknownType, match=r"party\.exploded\.v9"):
        decode(changed(put("type", value="party.exploded.v9")))


def test_a_moment_with_an_offset_is_the_same_moment_in_utc() -> None:
    ours = decode(golden_files.raw(PARTY))
    there = decode(changed(put("time", value="2027-07-11T19:14:09.250-07:00")))
    assert there == ours


def objects(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where the objects within `value` are: () is the outermost."""
    if isinstance(value, list):
        return [p for i, child in enumerate(value) for p in objects(child, (*place, i))]
    if not isinstance(value, dict):
        return []
    return [place, *(p for k, child in value.items() for p in objects(child, (*place, k)))]


def at(value: Any, place: tuple[Any, ...]) -> dict[str, Any]:
    for step in place:
        value = value[step]
    found: dict[str, Any] = value
    return found
