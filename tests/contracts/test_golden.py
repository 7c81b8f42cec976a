"""Every example of every version ever shipped is still understood, and is a valid CloudEvent."""

from dataclasses import FrozenInstanceError, fields
from datetime import timedelta

import orjson
import pytest
from cloudevents.core.formats.json import JSONFormat

from shared.contracts.envelope import decode, encode
from shared.contracts.registry import FACTS
from tests.contracts import golden_files

each_golden = pytest.mark.parametrize("fact", golden_files.NAMES)


@each_golden
def test_an_example_is_decoded_to_its_frozen_type(fact: str) -> None:
    envelope = decode(golden_files.raw(fact))
    assert envelope.type == fact
    assert type(envelope.data) is FACTS[fact][0]
    with pytest.raises(FrozenInstanceError):
        setattr(envelope.data, fields(envelope.data)[0].name, None)


@each_golden
def test_an_example_is_encoded_to_the_same_json_again(fact: str) -> None:
    assert orjson.loads(encode(decode(golden_files.raw(fact)))) == golden_files.plain(fact)


@each_golden
def test_an_example_is_a_cloud_event_to_the_reference_library(fact: str) -> None:
    envelope = decode(golden_files.raw(fact))
    event = JSONFormat().read(None, encode(envelope))
    assert (event.get_specversion(), event.get_id()) == ("1.0", envelope.id)
    assert (event.get_type(), event.get_source()) == (fact, envelope.source)
    assert (event.get_subject(), event.get_time()) == (envelope.subject, envelope.time)
    assert event.get_extension("city") == envelope.city
    assert event.get_extension("revision") == envelope.revision
    assert event.get_extension("correlationid") == envelope.correlation
    assert event.get_data() == golden_files.plain(fact)["data"]


@each_golden
def test_what_the_reference_library_writes_is_decoded_too(fact: str) -> None:
    event = JSONFormat().read(None, golden_files.raw(fact))
    assert decode(JSONFormat().write(event)) == decode(golden_files.raw(fact))


@each_golden
def test_an_example_is_in_utc(fact: str) -> None:
    assert decode(golden_files.raw(fact)).time.utcoffset() == timedelta()
