"""The envelopes in which pipelines hand records on: what is inside them, and what they are called.

An envelope is known by its members. Each row of `_ENVELOPES` is tried on any object that is no send
itself; envelopes may stand in one another, as a page of messages does.
"""

import ast
import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from models.providers import PROVIDERS
from models.values.text import display_text

_USUAL_LISTS = (
    "records", "Records", "messages", "items", "Items", "rows", "results", "result", "value", "hits",
    "edges", "nodes", "documents", "entries",
)  # fmt: skip
LISTS = tuple(
    dict.fromkeys((*(name for each in PROVIDERS for name in each.json_lists), *_USUAL_LISTS))
)
"""The names under which answers and envelopes keep lists of records."""
_DEEPEST = 6
"""How many envelopes may stand in one another."""
_LONGEST_CELL = 2**20
"""How many characters a cell with an object may have."""


class _Envelope(NamedTuple):
    """One kind of envelope."""

    has: frozenset[str]
    """The members by which it is known."""
    inside: str
    """The member that holds the record, or a list of records."""


_ENVELOPES = tuple(
    _Envelope(frozenset(has.split()), inside)
    for has, inside in (
        ("_airbyte_data", "_airbyte_data"),
        ("type record", "record"),  # Singer, Airbyte's protocol
        ("stream data emitted_at", "data"),
        ("action data sequence", "data"),  # Stitch
        ("before after op", "after"),  # Debezium
        ("schema payload", "payload"),  # Kafka Connect
        ("topic partition offset payload", "payload"),  # kcat
        ("topic partition offset value", "value"),
        ("offset value", "value"),
        ("key value", "value"),
        ("dynamodb", "dynamodb"),
        ("NewImage", "NewImage"),
        ("Item", "Item"),
        ("_source", "_source"),  # Elasticsearch
        ("_embedded", "_embedded"),  # HAL
        ("id createdTime fields", "fields"),  # Airtable
        ("kinesis", "kinesis"),
        ("json pairedItem", "json"),  # n8n
        ("json binary", "json"),
        ("json", "json"),
        ("node cursor", "node"),  # GraphQL
        ("node", "node"),
        ("type id attributes", "attributes"),  # JSON:API
        ("specversion data", "data"),  # CloudEvents
        ("detail detail-type", "detail"),  # EventBridge
        ("Sns", "Sns"),
        ("Type Message", "Message"),
        ("Message TopicArn", "Message"),
        ("messageId body", "body"),  # SQS
        ("MessageId Body", "Body"),
        ("message subscription", "message"),  # Pub/Sub
        ("message ackId", "message"),
        ("data messageId", "data"),
        ("headers body", "body"),
        ("event properties", "properties"),  # Segment
        ("statusCode body", "body"),
        ("message", "message"),  # Logstash, CloudWatch
        ("_raw", "_raw"),  # Splunk
        ("id payload", "payload"),
        ("id record", "record"),
        ("id data", "data"),
        ("id body", "body"),
        ("id object", "object"),
        ("row_to_json", "row_to_json"),
        ("to_json", "to_json"),
        ("json_agg", "json_agg"),
        ("jsonb_agg", "jsonb_agg"),
        ("json_build_object", "json_build_object"),
    )
)
_ASIDE = frozenset({
    "SCHEMA", "STATE", "ACTIVATE_VERSION", "BATCH", "LOG", "TRACE", "SPEC", "CATALOG", "CONTROL",
    "CONNECTION_STATUS", "DESTINATION_CATALOG",
})  # fmt: skip
"""The types of messages of Singer and Airbyte that hold no record."""
_ACTIONS = frozenset({"index", "create", "update", "delete"})
"""The lines of Elasticsearch's bulk format that say what to do with the next line."""
CELLS = frozenset(
    {"_airbyte_data", "_raw_data", "payload", "record", "record_content", "json", "data"}
)
"""Columns of a table that hold a whole record each."""
_TAGS: Mapping[str, Callable[[Any], Any]] = {
    "S": lambda value: value, "N": str, "BOOL": bool, "NULL": lambda value: None,
    "M": lambda value: {key: _untagged(each) for key, each in value.items()},
    "L": lambda value: [_untagged(each) for each in value],
    "SS": list, "NS": list, "BS": list, "B": lambda value: value,
}  # fmt: skip
"""How DynamoDB marks the type of each value."""
_EXTENDED = frozenset(
    {"$oid", "$date", "$numberLong", "$numberInt", "$numberDecimal", "$numberDouble"}
)
"""How MongoDB marks the type of a value."""


Test = Callable[[Mapping[str, Any]], bool]


def records(value: Any, is_send: Test, is_row: Test, depth: int = 0) -> Iterator[Any]:
    """Yield the records in a JSON value, out of the pages and envelopes around them.

    Args:
        value: An object, an array of them, or an envelope.
        is_send: Whether an object is a send of a platform's API, whatever other members it has.
        is_row: Whether it has the members of a row of sends.
        depth: How many envelopes are around *value*.
    """
    if isinstance(value, list):
        for item in value:
            if isinstance(item, list | dict) and depth < _DEEPEST:
                yield from records(item, is_send, is_row, depth + 1)
            else:
                yield item
        return
    if not isinstance(value, dict):
        yield value
        return
    value = _plain_values(value)
    if _is_aside(value) and not is_send(value):
        return
    inner = None if depth >= _DEEPEST or is_send(value) else _inside(value)
    if inner is None or (is_row(value) and not _is_of_sends(inner, is_send)):
        yield value
    else:
        yield from records(inner, is_send, is_row, depth + 1)


def _is_of_sends(inner: Any, is_send: Test) -> bool:
    """Whether what is inside an object that looks like a row are the sends that it is about."""
    first = inner[0] if isinstance(inner, list) and inner else inner
    return isinstance(inner, list) or (isinstance(first, dict) and is_send(first))


def _is_aside(value: Mapping[str, Any]) -> bool:
    """Whether this is a message of a pipeline that holds no record."""
    if len(value) == 1 and not _ACTIONS.isdisjoint(value):
        return True
    kind = value.get("type")
    return isinstance(kind, str) and kind in _ASIDE


def envelope_name(value: object) -> str:
    """Return the members of an object that is no send, for a sentence; empty if it is not an object."""
    if not isinstance(value, dict):
        return ""
    return ", ".join(f"“{display_text(name, 40)}”" for name in list(value)[:4])


def parsed_cell(text: str) -> Any:
    """Return the object or list that a cell holds, as JSON or as Python writes it; None if it is a text.

    Raises:
        ValueError: If it begins like an object and cannot be read.
    """
    if len(text) > _LONGEST_CELL:
        raise ValueError("an object that is too large to be read")
    for read in (json.loads, ast.literal_eval):
        try:
            value = read(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
        return value if isinstance(value, dict | list) else None
    inner = text[1:].lstrip()
    if inner[:1] in ('"', "{") or (text[0] == "{" and inner[:1] == "'"):
        raise ValueError("an object that cannot be read")
    return None


def _inside(value: Mapping[str, Any]) -> Any:
    """Return what is inside an envelope; None if *value* is none that is known."""
    for name in LISTS:
        if isinstance(value.get(name), list):
            return value[name]
    for envelope in _ENVELOPES:
        if envelope.has <= value.keys() and (inner := _opened(value[envelope.inside])) is not None:
            if envelope.inside == "attributes" and isinstance(inner, dict):
                return {"id": value["id"], **inner}
            return inner
    for name in LISTS:
        if isinstance(value.get(name), dict):
            return value[name]
    if len(value) == 1:
        (only,) = value.values()
        return only if isinstance(only, dict | list) else None
    return None


def _opened(value: Any) -> Any:
    """Return the object or list in *value*, which may be written as JSON or base64; None if there is none."""
    if isinstance(value, dict | list):
        return value
    if not isinstance(value, str) or len(value) > 16 * _LONGEST_CELL:
        return None
    text = value.strip()
    if text[:1] not in ("{", "["):
        try:
            text = base64.b64decode(text, validate=True).decode().strip()
        except (binascii.Error, UnicodeError, ValueError):
            return None
    try:
        found = json.loads(text, parse_float=str) if text[:1] in ("{", "[") else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None


def _plain_values(value: dict[str, Any]) -> dict[str, Any]:
    """Return an object without the marks of types that DynamoDB or MongoDB give its values."""
    inner = [each for each in value.values() if isinstance(each, dict) and len(each) == 1]
    if not inner:
        return value
    marks = {next(iter(each)) for each in inner}
    if len(inner) == len(value) and marks <= _TAGS.keys():
        return {key: _untagged(each) for key, each in value.items()}
    return {key: _unmarked(each) for key, each in value.items()} if marks & _EXTENDED else value


def _untagged(value: Any) -> Any:
    if isinstance(value, dict) and len(value) == 1:
        ((tag, inner),) = value.items()
        if tag in _TAGS:
            try:
                return _TAGS[tag](inner)
            except (AttributeError, TypeError):
                return None
    return value


def _unmarked(value: Any) -> Any:
    """Return a value without MongoDB's marks, at any depth."""
    if isinstance(value, list):
        return [_unmarked(each) for each in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and next(iter(value)) in _EXTENDED:
        return _unmarked(next(iter(value.values())))
    return {key: _unmarked(each) for key, each in value.items()}
