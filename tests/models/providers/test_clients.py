"""What is asked of the platforms' APIs, and how their answers are checked, is what they have published."""

import json
import types
from collections.abc import Iterator, Mapping
from typing import Any, Union, get_args, get_origin

import pytest
import yaml
from pydantic import BaseModel

from models.providers import PROVIDERS
from models.providers.client import Feed
from models.providers.goody import client as goody
from models.providers.sendoso import client as sendoso
from tests.support.terminal import ROOT

SAMPLES = ROOT / "tests" / "samples" / "openapi"
GOODY: dict[str, Any] = json.loads((SAMPLES / "goody.json").read_text("utf-8"))
SENDOSO: dict[str, Any] = yaml.safe_load((SAMPLES / "sendoso.yml").read_text("utf-8"))
JSON_TYPES = {str: "string", int: "integer", bool: "boolean", list: "array"}
UNPUBLISHED = {
    "status", "created_at", "touch", "recipient", "sender", "sent_via", "status_updates",
}  # fmt: skip
"""What Sendoso's own page names of a send and its OpenAPI file does not."""
FEEDS = [
    pytest.param(published, feed, id=feed.path)
    for published, client in ((GOODY, goody.CLIENT), (SENDOSO, sendoso.CLIENT))
    for feed in client.feeds
]


def resolved(published: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a schema refers to, with what stands beside the reference."""
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Any = published
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    return {**found, **{name: value for name, value in schema.items() if name != "$ref"}}


def without_none(annotation: Any) -> tuple[Any, bool]:
    """Return a type without None, and whether None was allowed."""
    if get_origin(annotation) in (Union, types.UnionType):
        others = [each for each in get_args(annotation) if each is not type(None)]
        assert len(others) == 1
        return others[0], True
    return annotation, False


def differences(
    published: Mapping[str, Any], model: type[BaseModel], schema: Mapping[str, Any], where: str
) -> Iterator[str]:
    """Yield what a model says otherwise than the published schema."""
    schema = resolved(published, schema)
    required = schema.get("required", ())
    for name, field in model.model_fields.items():
        place = f"{where}.{name}"
        if name not in schema["properties"]:
            if not (model is sendoso.Send and name in UNPUBLISHED):
                yield f"{place} is not published"
            continue
        told = resolved(published, schema["properties"][name])
        kind, may_be_null = without_none(field.annotation)
        if field.is_required() != (name in required):
            yield f"{place} is required in one of both"
        if told.get("nullable") and not may_be_null:
            yield f"{place} may be null"
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from differences(published, kind, told, place)
            continue
        if JSON_TYPES[get_origin(kind) or kind] != told["type"]:
            yield f"{place} is {told['type']}"
        if get_origin(kind) is list:
            (item,) = get_args(kind)
            yield from differences(published, item, told["items"], f"{place}[]")


def answer_of(published: Mapping[str, Any], feed: Feed) -> Mapping[str, Any]:
    operation = published["paths"][feed.path]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return resolved(published, schema)


@pytest.mark.parametrize(("published", "feed"), FEEDS)
def test_entries_are_checked_as_published(published: Mapping[str, Any], feed: Feed) -> None:
    answer = answer_of(published, feed)

    items = answer["properties"][feed.items]["items"]

    assert list(differences(published, feed.entry, items, feed.name)) == []


@pytest.mark.parametrize(("published", "feed"), FEEDS)
def test_lists_are_asked_for_as_published(published: Mapping[str, Any], feed: Feed) -> None:
    operation = published["paths"][feed.path]["get"]
    told = [resolved(published, each) for each in operation["parameters"]]
    parameters = {each["name"]: each["schema"] for each in told}

    assert {feed.page, feed.per_page} <= parameters.keys()
    assert parameters[feed.per_page]["maximum"] == feed.most
    assert not feed.after or parameters[feed.after]["format"] == "date-time"


@pytest.mark.parametrize(("published", "feed"), FEEDS)
def test_the_number_of_entries_is_where_it_is_published(
    published: Mapping[str, Any], feed: Feed
) -> None:
    found = answer_of(published, feed)
    for name in feed.total:
        found = resolved(published, found["properties"][name])

    assert found["type"] == "integer"


def published_entries(feed: Feed) -> list[Any]:
    """Return the entries of Goody's own examples of an answer."""
    content = GOODY["paths"][feed.path]["get"]["responses"]["200"]["content"]
    examples = content["application/json"]["examples"].values()
    return [item for each in examples for item in each["value"][feed.items]]


@pytest.mark.parametrize("feed", goody.CLIENT.feeds, ids=lambda feed: feed.path)
def test_the_platforms_own_examples_pass(feed: Feed) -> None:
    entries = published_entries(feed)

    assert entries
    for entry in entries:
        feed.entry.model_validate(entry)


@pytest.mark.parametrize(
    ("body", "missing"),
    [([], "data"), (None, "data"), ({"data": {}}, "data"), ({"orders": []}, "data")],
)
def test_an_answer_without_its_list_is_no_page(body: Any, missing: str) -> None:
    with pytest.raises(ValueError, match=f"no list under “{missing}”"):
        goody.CLIENT.feeds[0].answer(body)


def test_a_page_says_how_many_entries_there_are() -> None:
    orders = goody.CLIENT.feeds[1]

    assert orders.answer({"data": [1], "list_meta": {"total_count": 7}}) == ([1], 7, "")
    assert orders.answer({"data": [], "list_meta": {"total_count": -1}}).total is None
    assert orders.answer({"data": [], "list_meta": None}).total is None


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda each: each.key)
def test_a_client_asks_for_settings_that_its_platform_has(provider: Any) -> None:
    if provider.api is None:
        return
    assert provider.api.token in provider.settings
    assert not provider.api.renewal or "refresh_token" in provider.settings
    assert all(feed.path.startswith(f"{provider.api.prefix}/") for feed in provider.api.feeds)
