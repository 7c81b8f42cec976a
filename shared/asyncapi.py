"""Makes the AsyncAPI 3 document of every fact: `python -m shared.asyncapi > docs/asyncapi.yaml`.

The routes table says who says and hears what, the marshmallow schemas what it looks like, the
golden files what an example is. Only people and the contract tests run it; no service imports it.
"""

import json
import sys
from inspect import getdoc
from pathlib import Path
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from shared.contracts.registry import FACTS
from shared.plain_yaml import to_yaml
from shared.routes import (
    ROUTES,
    SERVICES,
    facts_heard_by,
    group_of,
    publishers_heard_by,
    stream_of,
    subscribers_of,
)

VERSION = "1.0.0"  # of the set of facts: the minor rises with a new fact, the major never
GOLDEN = Path(__file__).parent.parent / "tests" / "contracts" / "golden"

_INFO = (
    "Facts that Porchlight's services tell one another. Each is a CloudEvents 1.0 event in JSON,"
    " structured mode, and holds the whole state of its subject at `revision`: a reader keeps the"
    " highest revision, so neither order nor repetition matters. Each publisher has one Redis"
    " Stream; each subscribing service reads it as one consumer group. A stream entry has the"
    " field `e` (the envelope's bytes, described here) and the field `n` (the publisher's gapless"
    " number). An entry with the field `gone` (`first-last`) says that the publisher no longer"
    " keeps those numbers."
)


def document() -> dict[str, Any]:
    """The whole document as plain values."""
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": "Porchlight facts",
            "version": VERSION,
            "description": _INFO,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/cloudevents+json",
        "servers": {"redis": _server()},
        "channels": {service: _channel(service) for service in _publishers()},
        "operations": {
            **{f"{service}.says": _says(service) for service in _publishers()},
            **{
                f"{service}.hears.{publisher}": _hears(service, publisher)
                for service in SERVICES
                for publisher in publishers_heard_by(service)
            },
        },
        "components": {
            "messages": {route.fact: _message(route.fact) for route in ROUTES},
            "schemas": {"Attributes": _attributes(), **_data_schemas()},
        },
    }


def _publishers() -> list[str]:
    return [service for service in SERVICES if subscribers_of(service)]


def _server() -> dict[str, Any]:
    return {
        "host": "{host}:{port}",
        "protocol": "redis",
        "description": "Redis 7 or Valkey 8 and later; the variable REDIS_URL names it.",
        "variables": {"host": {"default": "127.0.0.1"}, "port": {"default": "6379"}},
    }


def _channel(publisher: str) -> dict[str, Any]:
    said = [route.fact for route in ROUTES if route.publisher == publisher]
    return {
        "address": stream_of(publisher),
        "title": f"What {publisher} says",
        "description": f"A Redis Stream; read by the groups {_groups(publisher)}.",
        "messages": {fact: {"$ref": f"#/components/messages/{fact}"} for fact in said},
    }


def _groups(publisher: str) -> str:
    return ", ".join(f"`{group_of(service)}`" for service in subscribers_of(publisher))


def _says(service: str) -> dict[str, Any]:
    said = [route.fact for route in ROUTES if route.publisher == service]
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{service}"},
        "summary": f"{service} says a fact once the change that it tells of is committed.",
        "messages": _from_channel(service, said),
    }


def _hears(service: str, publisher: str) -> dict[str, Any]:
    heard = facts_heard_by(service)
    facts = [r.fact for r in ROUTES if r.publisher == publisher and r.fact in heard]
    return {
        "action": "receive",
        "channel": {"$ref": f"#/channels/{publisher}"},
        "summary": f"{service} applies these facts of {publisher}'s, each once.",
        "messages": _from_channel(publisher, facts),
    }


def _from_channel(publisher: str, facts: list[str]) -> list[dict[str, str]]:
    return [{"$ref": f"#/channels/{publisher}/messages/{fact}"} for fact in facts]


def _message(fact: str) -> dict[str, Any]:
    made, _ = FACTS[fact]
    return {
        "name": fact,
        "title": made.__name__,
        "summary": getdoc(made) or "",
        "contentType": "application/cloudevents+json",
        "correlationId": {
            "description": "The id of the request that began it all.",
            "location": "$message.payload#/correlationid",
        },
        "payload": _envelope(fact, made.__name__),
        "examples": [{"name": "golden", "payload": _golden(fact)}],
    }


def _envelope(fact: str, schema: str) -> dict[str, Any]:
    publisher = next(route.publisher for route in ROUTES if route.fact == fact)
    attributes = _attributes()["properties"]
    own = {
        "type": {"const": fact},
        "source": {"const": f"/{publisher}"},
        "data": {"$ref": f"#/components/schemas/{schema}"},
    }
    shared = {
        name: {"$ref": f"#/components/schemas/Attributes/properties/{name}"}
        for name in attributes
        if name not in own
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [*attributes, "data"],
        "properties": {**shared, **own},
    }


def _attributes() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "The CloudEvents attributes that every fact carries.",
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {"type": "string", "format": "uuid", "description": "UUIDv7 of this event."},
            "source": {"type": "string", "description": "The service that says it."},
            "type": {"type": "string", "description": "The fact and the version of its schema."},
            "subject": {"type": "string", "description": "The id of what the fact is about."},
            "time": {"type": "string", "format": "date-time", "description": "When, in UTC."},
            "datacontenttype": {"const": "application/json"},
            "city": {"type": "string", "description": "The short name of the city."},
            "revision": {"type": "integer", "description": "Higher is newer, for one subject."},
            "correlationid": {
                "type": "string",
                "description": "The id of the request that began it all.",
            },
        },
    }


def _data_schemas() -> dict[str, Any]:
    spec = APISpec("facts", "1", openapi_version="3.1.0", plugins=[MarshmallowPlugin()])
    for fact, schema in FACTS.values():
        if fact.__name__ not in spec.components.schemas:
            spec.components.schema(fact.__name__, schema=schema)
    found: dict[str, Any] = json.loads(json.dumps(spec.to_dict()["components"]["schemas"]))
    return found


def _golden(fact: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDEN / f"{fact}.json").read_text(encoding="utf-8"))
    return found


def text() -> str:
    """The document as YAML."""
    return "# Made by `python -m shared.asyncapi`; do not edit.\n" + to_yaml(document())


if __name__ == "__main__":
    sys.stdout.write(text())
