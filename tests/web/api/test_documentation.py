"""The documentation is complete, true, and shown without a third party."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from starlette.testclient import TestClient

from backpack.demo.shapes import Issued
from tests.web.api.conftest import Program
from web.api import shapes
from web.api.openapi import document

DOCUMENT = document("https://backpack.example")
CONTRACT = {
    "/badges": {"get", "post"},
    "/arrivals/{arrival_id}": {"get"},
    "/badges/{badge_id}": {"get", "patch", "delete"},
    "/badges/{badge_id}/original": {"get"},
    "/badges/{badge_id}/report": {"get"},
    "/badges/{badge_id}/history": {"get"},
    "/badges/{badge_id}/check": {"post"},
    "/collections": {"get", "post"},
    "/collections/{collection_id}": {"get", "patch", "delete"},
    "/collections/{collection_id}/badges": {"put"},
    "/shares": {"get", "post"},
    "/shares/{share_id}": {"delete"},
    "/addresses": {"get", "post"},
    "/addresses/{address_id}": {"delete"},
    "/export": {"get"},
}


def _operations() -> Iterator[Any]:
    for path, methods in DOCUMENT["paths"].items():
        for method, told in methods.items():
            yield pytest.param(told, id=f"{method} {path}")


OPERATIONS = list(_operations())


def test_every_call_that_others_rely_on_is_there() -> None:
    there = {path.removeprefix("/api/v1"): set(methods) for path, methods in DOCUMENT["paths"].items()}
    assert {
        path: methods for path, methods in CONTRACT.items() if not methods <= there.get(path, set())
    } == {}


@pytest.mark.parametrize("told", OPERATIONS)
def test_every_call_is_explained(told: dict[str, Any]) -> None:
    assert told["summary"]
    assert told["description"]
    assert len(told["tags"]) == 1


@pytest.mark.parametrize("told", OPERATIONS)
def test_every_json_in_a_call_has_an_example_that_fits(told: dict[str, Any]) -> None:
    bodies = [*told["responses"].values(), told.get("requestBody", {})]
    for body in bodies:
        for kind, content in body.get("content", {}).items():
            if "json" in kind:
                examples = _examples(content)
                assert examples, f"{kind} without an example"
                assert [
                    example for example in examples if not _fits(content.get("schema", {}), example)
                ] == []


@pytest.mark.parametrize("told", [one for one in OPERATIONS if "security" in one.values[0]])
def test_every_call_by_token_tells_how_it_is_refused(told: dict[str, Any]) -> None:
    assert {"401", "422"} <= set(told["responses"])
    assert "WWW-Authenticate" in told["responses"]["401"]["headers"]


def test_every_call_by_token_says_so() -> None:
    open_calls = {told.values[0]["operationId"] for told in OPERATIONS if "security" not in told.values[0]}
    assert open_calls == {
        "get_oembed",
        "get_health",
        "get_readiness",
        "get_metrics",
        "verify_credential",
        "verify_presentation",
    }


def test_problems_are_documented_as_they_are_sent(anyone: TestClient) -> None:
    sent = anyone.get("/api/v1/badges").json()
    shown = DOCUMENT["paths"]["/api/v1/badges"]["get"]["responses"]["401"]["content"][
        "application/problem+json"
    ]
    assert sent == shown["example"]


def test_answers_are_as_documented(maria: Program, badge: Issued) -> None:
    there = maria.bring(badge)
    answers = {
        "Badge": maria.get(f"/api/v1/badges/{there}"),
        "Report": maria.get(f"/api/v1/badges/{there}/report"),
        "BadgePage": maria.get("/api/v1/badges"),
        "History": maria.get(f"/api/v1/badges/{there}/history"),
        "Share": maria.post("/api/v1/shares", json={"badge": there}),
        "Collection": maria.post("/api/v1/collections", json={"title": "x", "badges": [{"badge": there}]}),
        "Addresses": maria.get("/api/v1/addresses"),
        "Arrival": maria.post("/api/v1/badges", json={"text": "x"}),
    }
    fits = {
        name: _fits({"$ref": f"#/components/schemas/{name}"}, told.json()) for name, told in answers.items()
    }
    assert fits == dict.fromkeys(answers, True)


def test_the_document_is_served_with_its_own_address(anyone: TestClient) -> None:
    told = anyone.get("/api/openapi.json").json()
    assert told["servers"][0]["url"] == str(anyone.base_url)
    assert set(told["paths"]) == set(DOCUMENT["paths"])


def test_an_unknown_call_is_a_problem_too(maria: Program) -> None:
    for method, path, status in (("GET", "/api/v1/nothing", 404), ("DELETE", "/api/v1/badges", 405)):
        answer = maria.request(method, path)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_no_answer_is_kept_by_anyone_in_between(maria: Program) -> None:
    answers = [maria.get("/api/v1/badges"), maria.get("/api/v1/nothing"), maria.get("/api/v1/export")]
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
    assert {answer.headers["x-content-type-options"] for answer in answers} == {"nosniff"}
    assert not [answer for answer in answers if "access-control-allow-origin" in answer.headers]


def test_examples_invent_nobody() -> None:
    assert "example" in shapes.ADDRESS["email"]
    text = json.dumps(DOCUMENT)
    assert all(word not in text for word in (".com/b/", "localhost"))


def _examples(content: dict[str, Any]) -> list[Any]:
    if "example" in content:
        return [content["example"]]
    if "examples" in content:
        return [one["value"] for one in content["examples"].values()]
    schema = content["schema"]
    if "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return list(schema.get("examples", []))


def _fits(schema: dict[str, Any], example: Any) -> bool:
    whole = {**schema, "components": DOCUMENT["components"]}
    return jsonschema_rs.validator_for(whole).is_valid(example)
