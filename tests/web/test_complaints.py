"""What is wrong with a request is told in our words, and never repeats what was sent."""

from datetime import datetime
from typing import Annotated, Any, Literal

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from web.complaints import complaint


class Item(BaseModel):
    name: Annotated[str, Field(min_length=2, max_length=4, pattern=r"\S")] = "ab"


class Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")

    count: Annotated[int, Field(ge=1, le=3)] = 1
    when: AwareDatetime | None = None
    day: datetime | None = None
    kind: Literal["link", "world"] = "link"
    yes: bool = True
    share: float = 0.5
    items: Annotated[list[Item], Field(max_length=1)] = []
    must: str


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "“must” is missing."),
        ({"must": "x", "expire_at": "secret"}, "There is no field “expire_at” here."),
        ({"must": 5}, "“must” must be text."),
        ({"must": "x", "count": 0}, "“count” must be at least 1."),
        ({"must": "x", "count": 4}, "“count” must be at most 3."),
        ({"must": "x", "count": "secret"}, "“count” must be a whole number."),
        ({"must": "x", "share": "secret"}, "“share” must be a number."),
        ({"must": "x", "yes": "secret"}, "“yes” must be true or false."),
        ({"must": "x", "kind": "secret"}, "“kind” must be 'link' or 'world'."),
        (
            {"must": "x", "when": "2026-01-01T00:00:00"},
            "“when” needs a time zone: end it in Z, or in +01:00 and the like.",
        ),
        (
            {"must": "x", "day": "secret"},
            "“day” must be a date with a time and a time zone, like 2026-12-31T00:00:00Z.",
        ),
        ({"must": "x", "items": {}}, "“items” must be a list."),
        ({"must": "x", "items": ["secret"]}, "“items”, item 1 must be an object."),
        (
            {"must": "x", "items": [{"name": "a"}]},
            "“items”, item 1, “name” is too short: at least 2 characters.",
        ),
        (
            {"must": "x", "items": [{"name": "secret"}]},
            "“items”, item 1, “name” is too long: at most 4 characters.",
        ),
        ({"must": "x", "items": [{"name": "  "}]}, "“items”, item 1, “name” must not be blank."),
        ({"must": "x", "items": [{}, {}]}, "“items” is too long: at most 1."),
        ("secret", "The body must be an object."),
    ],
)
def test_each_fault_has_its_sentence(sent: Any, says: str) -> None:
    assert complaint(_found(sent)) == says


def test_a_body_that_is_not_json_is_called_so() -> None:
    assert (
        complaint({"type": "json_invalid", "loc": ("body", 7), "ctx": {"error": "x"}})
        == "The body is not JSON."
    )


def test_a_fault_nobody_foresaw_still_names_its_place() -> None:
    assert complaint({"type": "url_parsing", "loc": ("query", "next")}) == "“next” cannot be used as it is."


def test_our_own_rules_speak_for_themselves() -> None:
    found = {
        "type": "value_error",
        "loc": ("body", "note"),
        "ctx": {"error": ValueError("must not contain NUL")},
    }
    assert complaint(found) == "“note”: must not contain NUL."


def _found(sent: Any) -> dict[str, Any]:
    with pytest.raises(ValidationError) as caught:
        Sent.model_validate(sent)
    first = caught.value.errors()[0]
    return {**first, "loc": ("body", *first["loc"])}
