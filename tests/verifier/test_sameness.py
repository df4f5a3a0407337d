"""Two files are the same badge when the credential in them is: the signed text, the object, or its address."""

import hashlib
import json

from backpack.verifier import Credential, read
from backpack.verifier.sameness import credential_text, read_this
from tests.issuing import award, issuer
from tests.verifier.carriers.test_png import itxt, with_chunks


def test_a_token_is_its_own_text_an_object_one_spelling_and_a_link_its_address():
    assert credential_text(Credential("3.0", "jwt", raw={"a": 1}, compact="e.y.s")) == b"e.y.s"
    assert credential_text(Credential("3.0", "json", raw={"b": "é", "a": 1})) == '{"a":1,"b":"é"}'.encode()
    assert credential_text(Credential("", "url", address="https://x.example/")) == b"https://x.example/"


def test_however_an_object_is_written_its_text_has_one_spelling():
    one = read(b'{"type": "Assertion", "recipient": {}, "a": "\xc3\xa9"}')
    other = read(b'{"a": "\\u00e9", "recipient": {},  "type":"Assertion"}')
    assert credential_text(one) == credential_text(other)


def test_of_several_badges_in_a_file_the_one_that_is_meant_is_read_else_the_one_that_counts():
    new, old = issuer().ob3(award(), carrier="bare"), issuer().ob2_hosted(award(), carrier="bare")
    picture = with_chunks(itxt("openbadges", old.text), itxt("openbadgecredential", new.text))
    spelled = json.dumps(json.loads(old.text), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert read_this(picture, hashlib.sha256(spelled.encode()).hexdigest()).version == "2.0"
    assert read_this(picture, "0" * 64).version == "3.0"
