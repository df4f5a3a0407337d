"""The two promises of the verifier, over every way of signing: no change survives, and nothing it is fed breaks it."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backpack.errors import Unreadable
from backpack.verifier import Documents, read, verify, wanted
from tests.issuing import AT
from tests.verifier.proofs.test_vc_jwt import token
from tests.verifier.signing import OB3, SUITES, V2, badge, controller, method, secured, served, signer
from tests.verifier.test_strict_json import VALUES

WEB = "did:web:school.example"
DID_DOCUMENT = "https://school.example/.well-known/did.json"
LISTED = controller(WEB, *(method(WEB, signer(kind), kind) for kind in ("ed25519", "p256", "p384")))
STRANGE: list[Any] = [
    None,
    True,
    0,
    -1.5,
    "",
    "x",
    "https://x.example/",
    [],
    [[]],
    [None],
    {},
    {"id": 5},
    {"@value": []},
]


def rich(suite: str) -> dict[str, Any]:
    """A badge with a bit of everything, signed by its suite."""
    terms = ["https://w3id.org/security/suites/ed25519-2020/v1"] if suite == "Ed25519Signature2020" else []
    document = badge(WEB)
    document["@context"] = [V2, OB3, *terms]
    document["validUntil"] = "2030-01-01T00:00:00Z"
    document["evidence"] = [{"id": "https://school.example/work", "type": ["Evidence"], "name": "A gate"}]
    subject = document["credentialSubject"]
    subject["identifier"] = [
        {
            "type": "IdentityObject",
            "hashed": True,
            "identityHash": "sha256$c0ffee",
            "identityType": "emailAddress",
            "salt": "s",
        }
    ]
    subject["result"] = [{"type": "Result", "resultDescription": "urn:uuid:r1", "value": "A"}]
    achievement = subject["achievement"]
    achievement["alignment"] = [
        {"type": ["Alignment"], "targetName": name, "targetUrl": "https://skills.example/1"}
        for name in ("Steel", "Heat")
    ]
    achievement["image"] = {"id": "https://school.example/gate.png", "type": "Image", "caption": "A gate"}
    achievement["resultDescription"] = [
        {"id": "urn:uuid:r1", "type": ["ResultDescription"], "name": "Mark", "resultType": "LetterGrade"}
    ]
    return secured(document, suite, verificationMethod=f"{WEB}#{SUITES[suite]}")


SIGNED = {suite: rich(suite) for suite in SUITES}


def is_valid(document: Any, key_document: Any = LISTED) -> bool:
    """The verdict on a document, or False where it cannot even be read."""
    documents = Documents(served(DID_DOCUMENT, key_document))
    try:
        credential = read(
            json.dumps(document).encode() if not isinstance(document, str) else document.encode()
        )
    except Unreadable:
        return False
    wanted(credential, documents)
    return verify(credential, documents, None, AT).valid


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every member and item in a JSON value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield (*path, key)
        yield from places(inner, (*path, key))


def at(document: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        document = document[key]
    return document


def put(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(document)
    at(changed, path[:-1])[path[-1]] = value
    return changed


def without(document: Any, path: tuple[Any, ...]) -> Any:
    changed = copy.deepcopy(document)
    del at(changed, path[:-1])[path[-1]]
    return changed


def says_the_same(one: Any, other: Any) -> bool:
    """Whether two values differ at most in what JSON-LD reads alike: one or a list of one, null or nothing, order."""
    return _plain(one) == _plain(other)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: _plain(inner) for key, inner in value.items()}
        return tuple(sorted((key, inner) for key, inner in kept.items() if inner != ()))
    several = value if isinstance(value, list) else [value]
    found = sorted(
        {repr(_plain(one) if isinstance(one, dict | list) else one) for one in several if one is not None}
    )
    return tuple(found)


@pytest.mark.parametrize("suite", SIGNED)
def test_what_was_signed_is_valid(suite):
    assert is_valid(SIGNED[suite])


@pytest.mark.parametrize("suite", SIGNED)
def test_no_member_can_be_taken_out(suite):
    document = SIGNED[suite]
    paths = [path for path in places(document) if path != ("proof", "created")]
    survivors = [path for path in paths if is_valid(without(document, path))]
    assert survivors == []


@pytest.mark.parametrize("suite", SIGNED)
def test_no_text_can_be_changed(suite):
    document = SIGNED[suite]
    texts = [path for path in places(document) if isinstance(at(document, path), str)]
    assert [path for path in texts if is_valid(put(document, path, f"{at(document, path)}x"))] == []


@pytest.mark.parametrize("suite", SIGNED)
def test_nothing_can_be_added(suite):
    document = SIGNED[suite]
    objects = [(), *(path for path in places(document) if isinstance(at(document, path), dict))]
    words = ("description", "name", "id", "endorsement", "validUntil", "credentialStatus", "unheard", "@id")
    added = [(*path, word) for path in objects for word in words if word not in at(document, path)]
    assert [path for path in added if is_valid(put(document, path, "urn:uuid:added"))] == []


@pytest.mark.parametrize("suite", SIGNED)
def test_no_value_can_be_replaced_by_one_that_says_something_else(suite):
    document = SIGNED[suite]
    changes = [put(document, path, value) for path in places(document) for value in STRANGE]
    assert [one for one in changes if is_valid(one) and not says_the_same(one, document)] == []


@settings(max_examples=150)
@given(st.sampled_from(sorted(SIGNED)), st.data(), VALUES)
def test_nor_by_anything_else_that_json_can_say(suite, data, value):
    document = SIGNED[suite]
    changed = put(document, data.draw(st.sampled_from(list(places(document)))), value)
    assert not is_valid(changed) or says_the_same(changed, document)


@settings(max_examples=150)
@given(st.sampled_from(sorted(SIGNED)), st.data())
def test_a_strange_document_of_the_issuer_breaks_nothing(suite, data):
    path = data.draw(st.sampled_from(list(places(LISTED))))
    is_valid(SIGNED[suite], put(LISTED, path, data.draw(st.sampled_from(STRANGE))))
    is_valid(token("ES256", kid="p256"), put(LISTED, path, data.draw(st.sampled_from(STRANGE))))


@settings(max_examples=150)
@given(st.data())
def test_a_strange_token_breaks_nothing(data):
    from backpack.verifier.encodings import base64url, to_base64url

    parts = token("ES256", kid="key-1").split(".")
    which = data.draw(st.sampled_from([0, 1]))
    said = json.loads(base64url(parts[which]))
    path = data.draw(st.sampled_from(list(places(said))))
    parts[which] = to_base64url(json.dumps(put(said, path, data.draw(st.sampled_from(STRANGE)))).encode())
    assert not is_valid(".".join(parts))


@pytest.mark.parametrize("suite", [suite for suite in SIGNED if "jcs" not in suite])
def test_what_json_ld_reads_alike_is_valid_alike(suite):
    document = copy.deepcopy(SIGNED[suite])
    document["type"].reverse()
    document["credentialSubject"]["achievement"]["tag"].reverse()
    document["credentialSubject"]["achievement"]["type"] = ["Achievement"]
    document["description"] = None
    assert is_valid(document)
    assert says_the_same(document, SIGNED[suite])
