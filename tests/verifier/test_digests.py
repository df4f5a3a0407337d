"""What an issuer gave a digest of is held against it."""

import base64
import hashlib

import pytest
from base58 import b58encode

from backpack.verifier import Verdict
from backpack.verifier.digests import agrees
from tests.verifier.signing import badge, secured, served
from tests.verifier.test_costs import report

BODY = b'{"type": "object"}'
SCHEMA = "https://school.example/schema"


def sri(name, body=BODY):
    return f"{name}-{base64.b64encode(hashlib.new(name, body).digest()).decode()}"


def multihash(prefix, name, body=BODY):
    return "z" + b58encode(prefix + hashlib.new(name, body).digest()).decode()


@pytest.mark.parametrize("name", ["sha256", "sha384", "sha512"])
def test_a_digest_for_the_web_tells_the_bytes_from_others(name):
    assert agrees({"digestSRI": f"{sri(name)}?ct=application/json"}, BODY)
    assert agrees({"digestSRI": f"{sri(name, b'older')} {sri(name)}"}, BODY)
    assert not agrees({"digestSRI": sri(name)}, BODY + b" ")


def test_of_several_digests_the_strongest_count():
    assert not agrees({"digestSRI": f"{sri('sha256')} {sri('sha512', b'other')}"}, BODY)


@pytest.mark.parametrize(
    ("prefix", "name"), [(b"\x12\x20", "sha256"), (b"\x20\x30", "sha384"), (b"\x13\x40", "sha512")]
)
def test_so_does_a_multihash(prefix, name):
    assert agrees({"digestMultibase": multihash(prefix, name)}, BODY)
    assert not agrees({"digestMultibase": multihash(prefix, name, b"other")}, BODY)


def test_a_digest_that_nobody_can_read_does_not_agree_and_one_of_a_kind_that_we_do_not_know_says_nothing():
    assert not agrees({"digestMultibase": "0zero"}, BODY)
    assert agrees({"digestMultibase": multihash(b"\x1e\x20", "sha256"), "digestSRI": "md5-x"}, BODY)
    assert agrees({}, BODY)


@pytest.mark.parametrize(
    ("digest", "verdict"),
    [(sri("sha384"), Verdict.verified), (sri("sha384", b"other"), Verdict.unconfirmed)],
)
def test_a_schema_that_was_changed_since_leaves_it_open(digest, verdict):
    schema = {"id": SCHEMA, "type": "JsonSchema", "digestSRI": digest}
    found = report(secured(badge(credentialSchema=schema)), served(SCHEMA, BODY.decode()))
    assert found.verdict is verdict


def test_so_does_a_vocabulary_that_was_changed_since():
    own = served("https://school.example/words", {"@context": {"lock": "https://school.example/words#lock"}})
    related = [{"id": own.url, "digestSRI": sri("sha256", b"what it was")}]
    document = badge(
        **{"@context": [*badge()["@context"], own.url], "lock": "Yale", "relatedResource": related}
    )
    assert report(secured(document, documents=[own]), own).verdict is Verdict.unconfirmed
