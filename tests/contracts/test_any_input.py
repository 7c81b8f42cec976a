"""Whatever bytes arrive, decoding gives a fact or refuses; whatever fact is said, it arrives."""

from datetime import UTC, datetime, timedelta

import orjson
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shared.contracts.city import CityConfigured, KickOff, Team
from shared.contracts.envelope import Envelope, decode, enclose, encode
from shared.contracts.party import Party, PartyAmended, PartyRegistered, PartyWithdrawn
from shared.contracts.route import RouteUpdated, Stop
from shared.contracts.values import Host, Place, Window
from shared.failures import Undecodable, UnknownType
from tests.contracts import golden_files

calmly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
NOW = datetime(2027, 7, 12, 2, 14, 9, 250_000, tzinfo=UTC)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def text(most: int, least: int = 0) -> st.SearchStrategy[str]:
    return st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
        min_size=least,
        max_size=most,
    )


moments = st.integers(-(10**15), 10**16).map(lambda us: NOW + timedelta(microseconds=us))
windows = st.tuples(moments, moments).map(sorted).map(lambda pair: Window(*pair))
places = st.builds(Place, st.floats(-90, 90), st.floats(-180, 180))
people = st.integers(0, 100_000)
parties = st.builds(
    Party,
    id=st.uuids().map(str),
    code=text(12),
    name=text(200),
    address=text(300),
    location_notes=text(300),
    place=st.none() | places,
    area=text(60),
    window=windows,
    people=people,
    children=people,
    wanted=st.lists(text(40), max_size=4).map(tuple),
    no_visit=st.booleans(),
    host=st.builds(Host, text(200), text(20), text(320), text(12), st.booleans()),
    status_url=text(500),
    received_at=moments,
    materials=st.lists(text(40), max_size=4).map(tuple),
)
texts = st.lists(text(12), max_size=3).map(tuple)
teams = st.builds(Team, text(60), text(200), texts, texts, texts, places, windows)
stops = st.builds(
    Stop, st.uuids().map(str), text(12), text(200), text(300), places, texts, moments, moments
)
cities = st.builds(
    CityConfigured,
    id=text(60),
    name=text(200),
    programme=text(200),
    zone=text(60),
    date=text(10),
    evening=windows,
    kick_off=st.builds(KickOff, text(200), places, windows),
    visitor_kinds=st.just(()),
    areas=st.just(()),
    teams=st.lists(teams, max_size=3).map(tuple),
    languages=texts,
    signature=text(200),
    settle_seconds=st.integers(0, 3600),
    configured_at=moments,
)
routes = st.builds(
    RouteUpdated, text(60), text(200), st.integers(1, 10**6), st.lists(stops, max_size=3).map(tuple)
)
facts = (
    st.builds(PartyRegistered, parties)
    | st.builds(PartyAmended, parties)
    | st.builds(PartyWithdrawn, parties)
    | cities
    | routes
)


def decoded(raw: bytes) -> Envelope | None:
    """The envelope, or None where it was refused as it should be."""
    try:
        return decode(raw)
    except (Undecodable, UnknownType):
        return None


@calmly
@given(st.binary())
@example(b"\xef\xbb\xbf{}")
def test_no_bytes_crash_decoding(raw: bytes) -> None:
    assert decoded(raw) is None


@calmly
@given(json_values)
def test_no_json_crashes_decoding(value: object) -> None:
    assert decoded(orjson.dumps(value)) is None


@calmly
@given(st.sampled_from(golden_files.NAMES), st.data())
def test_no_change_to_an_attribute_crashes_decoding(fact: str, data: st.DataObject) -> None:
    event = golden_files.plain(fact)
    event[data.draw(st.sampled_from(sorted(event)))] = data.draw(json_values)
    decoded(orjson.dumps(event))


@calmly
@given(st.sampled_from(golden_files.NAMES), st.data())
def test_no_change_to_a_field_crashes_decoding(fact: str, data: st.DataObject) -> None:
    event = golden_files.plain(fact)
    place = event["data"]
    while True:
        key = data.draw(st.sampled_from(sorted(place)))
        if not isinstance(place[key], dict) or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(json_values)
    decoded(orjson.dumps(event))


@calmly
@given(st.sampled_from(golden_files.NAMES), st.data())
def test_no_damaged_byte_crashes_decoding(fact: str, data: st.DataObject) -> None:
    raw = bytearray(golden_files.raw(fact))
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    decoded(bytes(raw))


@calmly
@given(facts, st.integers(1, 2**62), text(60, 1), text(60, 1))
def test_every_fact_that_is_said_arrives_as_it_was_said(
    fact: object, revision: int, city: str, subject: str
) -> None:
    said = enclose(fact, city=city, subject=subject, revision=revision, correlation="c", now=NOW)
    assert decode(encode(said)) == said
