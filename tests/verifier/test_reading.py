"""From bytes to credentials."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backpack.errors import Damaged, NothingInside, TooComplex, TooLarge, UnknownFormat, Unreadable
from backpack.verifier import Credential, Outcome, read, read_all, read_shown
from backpack.verifier.carriers import Unbaked, png
from backpack.verifier.reading import MAX_BYTES, MAX_CONTAINED, of_object
from tests.issuing import award, issuer
from tests.verifier.asking import check, raw
from tests.verifier.carriers.test_png import LITTLE, itxt, with_chunks

URL = "https://montalvo.example/badge/1"


def compact(payload: Any, header: Any = {"alg": "ES256"}, signature: str = "c2ln") -> str:  # noqa: B006
    parts = (json.dumps(p).encode() if not isinstance(p, bytes) else p for p in (header, payload))
    return ".".join([*(base64.urlsafe_b64encode(p).decode().rstrip("=") for p in parts), signature])


def presentation(*inside: Any) -> bytes:
    return json.dumps({"type": ["VerifiablePresentation"], "verifiableCredential": list(inside)}).encode()


@pytest.mark.parametrize(
    ("generation", "version"),
    [
        ("ob10", "1.0"),
        ("ob11", "1.1"),
        ("ob1_signed", "1.1"),
        ("ob2_hosted", "2.0"),
        ("ob2_signed", "2.0"),
        ("ob3", "3.0"),
        ("ob3_jwt", "3.0"),
    ],
)
@pytest.mark.parametrize("carrier", ["png", "svg", "bare"])
def test_every_generation_is_read_from_every_carrier(generation, version, carrier):
    found = read(getattr(issuer(), generation)(award(), carrier=carrier).data)
    assert (found.version, found.problems) == (version, ())


@pytest.mark.parametrize("carrier", ["png", "svg", "bare"])
def test_a_badge_of_the_first_days_is_known_by_its_address(carrier):
    badge = issuer().ob05(award(), carrier=carrier)
    found = read(badge.data)
    assert (found.version, found.address) == ("", badge.address)


def test_an_address_that_ends_as_texts_do_in_c_is_an_address():
    badge = issuer().ob05(award(), carrier="bare")
    assert read(badge.data + b"\0").address == badge.address


@pytest.mark.parametrize(
    "broken", [b'{"badge": 1,}', b"{\xff", b"eyJhbGciOiJSUzI1NiJ9.eyJiYWRnZSI6.AAAA", png.SIGNATURE + b"x"]
)
def test_what_is_broken_comes_with_a_way_out(broken):
    with pytest.raises(Unreadable) as refused:
        read(broken)
    assert refused.value.try_this == "Ask the issuer for the original file."


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("carrier", ["bare", "svg"])
def test_a_badge_that_an_editor_wrote_in_utf_16_is_read_and_it_is_said(order, carrier):
    text = issuer().ob3(award(), carrier=carrier).data.decode()
    if carrier == "svg":
        text = "<?xml version='1.0' encoding='UTF-16'?>" + text
    found = read(f"\ufeff{text}".encode(order))
    assert (found.version, found.problems) == ("3.0", ())
    assert found.notes == ("It is written in UTF-16, where the standards ask for UTF-8.",)


def test_of_two_badges_in_one_picture_both_are_read_and_the_newer_counts():
    new, old = issuer().ob3(award(), carrier="bare"), issuer().ob2_hosted(award(), carrier="bare")
    picture = with_chunks(itxt("openbadges", old.text), itxt("openbadgecredential", new.text))
    assert [c.version for c in read_all(picture)] == ["3.0", "2.0"]


def test_the_same_badge_twice_is_one_badge():
    badge = issuer().ob3(award(), carrier="bare")
    assert len(read_all(with_chunks(itxt(png.OB3, badge.text), itxt("openbadges", badge.text)))) == 1


def test_what_cannot_be_read_gives_way_to_what_can_and_it_is_said():
    badge = issuer().ob3(award(), carrier="bare")
    found = read(with_chunks(itxt(png.OB3, "{broken"), itxt("openbadges", badge.text)))
    assert found.version == "3.0"
    assert "could not be read" in found.notes[-1]


def test_a_presentation_is_opened():
    one, two = (issuer().ob3(award(number=n), carrier="bare") for n in (1, 2))
    found = read_all(presentation(raw(one), raw(two)))
    assert [c.id for c in found] == [raw(one)["id"], raw(two)["id"]]
    assert "presentation" in found[0].notes[0]


def test_of_what_a_picture_carries_that_which_counts_is_shown_and_of_a_presentation_all_of_it():
    one, two = (issuer().ob3(award(number=n), carrier="bare") for n in (1, 2))
    both = presentation(raw(one), raw(two))
    assert [c.id for c in read_shown(both)] == [raw(one)["id"], raw(two)["id"]]
    picture = with_chunks(itxt("openbadges", two.text), itxt(png.OB3, one.text))
    assert [c.id for c in read_shown(picture)] == [raw(one)["id"]]


def test_an_envelope_is_opened_wherever_it_stands():
    badge = issuer().ob3_jwt(award())
    enveloped = {
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+jwt,{badge.text}",
    }
    for data in (json.dumps(enveloped).encode(), presentation(enveloped), presentation(badge.text)):
        assert read(data).compact == badge.text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"@context": None}, "@context"),
        ({"@context": []}, "@context"),
        ({"@context": ["https://www.w3.org/ns/credentials/examples/v2"]}, "@context"),
        ({"id": issuer().ob3_jwt(award()).text}, "data:"),
        ({"credentialSubject": {"name": "Joe"}}, "claims of its own"),
    ],
)
def test_an_envelope_must_be_written_as_one(changes, says):
    badge = issuer().ob3_jwt(award())
    sound = {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+jwt,{badge.text}",
    }
    assert read(json.dumps(sound).encode()).problems == ()
    (told,) = read(json.dumps({**sound, **changes}).encode()).problems
    assert says in told


def test_a_signed_presentation_in_an_envelope_is_opened_too():
    badge = issuer().ob3_jwt(award())
    token = compact({"type": "VerifiablePresentation", "verifiableCredential": [badge.text]})
    enveloped = {"type": "EnvelopedVerifiablePresentation", "id": f"data:application/vp+jwt,{token}"}
    assert read(json.dumps(enveloped).encode()).compact == badge.text


def test_a_badge_is_found_in_a_record_in_a_record_in_a_presentation_each_in_an_envelope():
    def enveloped(kind: str, **members: Any) -> dict[str, Any]:
        whole = compact({"type": f"Verifiable{kind}", **members})
        return {"type": f"EnvelopedVerifiable{kind}", "id": f"data:application/vc+jwt,{whole}"}

    badge = enveloped("Credential", issuer="did:x:1", credentialSubject={"id": "did:x:maria"})
    for _ in range(2):
        kinds = ["VerifiableCredential", "ClrCredential"]
        badge = enveloped("Credential", type=kinds, credentialSubject={"verifiableCredential": [badge]})
    found = read(json.dumps(enveloped("Presentation", verifiableCredential=[badge])).encode())
    assert found.contained[0].contained[0].recipients[0].identity == "did:x:maria"


@pytest.mark.parametrize(
    "inside", ["https://montalvo.example/badge", "data:application/vc+jwt,", "", 5, None]
)
def test_an_envelope_holds_what_it_brings_along_and_nothing_from_elsewhere(inside):
    with pytest.raises(NothingInside):
        read(json.dumps({"type": "EnvelopedVerifiableCredential", "id": inside}).encode())


def test_a_jwt_of_data_model_1_1_is_completed_by_its_claims():
    inner = {"type": ["VerifiableCredential", "OpenBadgeCredential"], "credentialSubject": {"id": "did:x:1"}}
    claims = {"iss": "did:x:issuer", "jti": "urn:x:1", "nbf": 0, "exp": 86400}
    found = read(compact({"vc": inner, **claims}).encode())
    assert found.raw["issuer"] == "did:x:issuer"
    assert found.raw["expirationDate"] == "1970-01-02T00:00:00Z"
    assert found.id == "urn:x:1"


def test_claims_that_are_no_times_or_texts_complete_nothing():
    inner = {"type": ["VerifiableCredential"], "issuer": "did:x:1"}
    found = read(compact({"vc": inner, "iss": 7, "nbf": True, "exp": "soon"}).encode())
    assert found.raw == inner


@pytest.mark.parametrize(
    ("data", "kind", "says"),
    [
        (b"", NothingInside, "This file is empty."),
        (b" \n", NothingInside, "This file is empty."),
        (b"just words", UnknownFormat, "not a kind of file"),
        (b"[1, 2]", UnknownFormat, "not a kind of file"),
        (b"PK\x03\x04", UnknownFormat, "not a kind of file"),
        (b"\xff\xd8\xff\xe0", UnknownFormat, "cannot carry a badge"),
        (b"GIF89a", UnknownFormat, "cannot carry a badge"),
        (b"\x00\x00\x00\x20ftypavif", UnknownFormat, "cannot carry a badge"),
        (b"{}", NothingInside, "no badge"),
        (b'{"name": "x", "type": "Person"}', NothingInside, "no badge"),
        (b'{"a": 1, "a": 2}', Damaged, "twice"),
        (b'{"a": ', Damaged, "not readable as JSON"),
        (b"\xff\xfe{", UnknownFormat, "not a kind of file"),
        (b'{"type": "BadgeClass", "name": "x"}', NothingInside, "not an award to anyone"),
        (b'{"type": ["Achievement"], "name": "x"}', NothingInside, "not an award to anyone"),
        (b'{"type": "Issuer", "name": "x"}', NothingInside, "describes an issuer"),
        (b'{"id": "https://a.example/1", "revoked": true}', NothingInside, "has taken this badge back"),
        (
            b'{"revoked": true, "revocationReason": "Found out"}',
            NothingInside,
            "taken this badge back: Found out",
        ),
        (presentation(), NothingInside, "no badge in this presentation"),
        (presentation(7), Damaged, "neither an object nor a signed text"),
        (compact({"iss": "me"}).encode(), NothingInside, "no badge"),
        (compact([1]).encode(), NothingInside, "not a badge"),
        (compact(b"words").encode(), NothingInside, "content cannot be read"),
        (compact({}, signature="").encode(), Damaged, "signature is missing"),
        (compact({}, header=b"{\xff").encode(), UnknownFormat, "not a kind of file"),
        (compact({}).rpartition(".")[0].encode(), Damaged, "signature is missing"),
        (f"{compact({})}~disclosure~".encode(), NothingInside, "no badge"),
        (with_chunks(itxt("openbadges", "<html>")), NothingInside, "What is written here"),
        (b" " * (MAX_BYTES + 1), TooLarge, "8 MB"),
    ],
)
def test_what_is_no_badge_is_told_in_a_sentence(data, kind, says):
    with pytest.raises(kind, match=says):
        read(data)


@pytest.mark.parametrize("text", [issuer().ob3_jwt(award(), carrier="bare").text, URL])
def test_the_mark_with_which_some_editors_begin_a_text_is_passed_over(text):
    assert read(b"\xef\xbb\xbf" + text.encode()) == read(text.encode())


@pytest.mark.parametrize("data", [b"\xff\xfe\x00\xd8", b"\xfe\xff\x00", "\ufeff\ufeffx".encode("utf-16-be")])
def test_what_only_begins_like_utf_16_is_of_no_kind_that_we_know(data):
    with pytest.raises(UnknownFormat):
        read(data)


def test_a_picture_that_cannot_carry_a_badge_says_where_the_original_is():
    with pytest.raises(UnknownFormat) as raised:
        read(b"\xff\xd8\xff\xe0 jpeg")
    assert raised.value.try_this == "Social sites often remove it; ask the issuer for the original file."


def test_a_signed_badge_without_algorithm_is_read_and_left_to_the_judges():
    assert read(issuer().ob3_jwt(award()).text.encode()).compact
    payload = raw(issuer().ob3(award(), carrier="bare"))
    assert read(compact(payload, {"alg": "none"}, "").encode()).version == "3.0"


def test_credentials_are_not_opened_without_end():
    nested: dict[str, Any] = {"type": "VerifiablePresentation", "verifiableCredential": []}
    for _ in range(9):
        nested = {"type": "VerifiablePresentation", "verifiableCredential": [nested]}
    with pytest.raises(TooComplex):
        read(json.dumps(nested).encode())


@pytest.mark.parametrize("kind", ["ClrCredential", "VerifiablePresentation"])
def test_of_too_many_credentials_none_is_lost_without_a_word(kind):
    inside = {"verifiableCredential": [{"type": "VerifiableCredential"}] * (MAX_CONTAINED + 1)}
    with pytest.raises(TooComplex, match="more than 200 credentials"):
        read(json.dumps({"type": kind, **inside, "credentialSubject": {}}).encode())


def test_a_picture_of_too_many_badges_is_refused():
    one = b'<b:assertion verify="https://montalvo.example/%d"/>'
    inside = b"".join(one % number for number in range(MAX_CONTAINED + 1))
    picture = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:b="http://openbadges.org">%s</svg>'
    assert len(read_all(picture % inside.replace(one % 0, b""))) == MAX_CONTAINED
    with pytest.raises(TooComplex):
        read_all(picture % inside)


def test_the_address_beside_an_old_badge_must_be_its_own():
    badge = issuer().ob2_hosted(award(), carrier="svg")
    said = badge.data.replace(f'verify="{badge.address}"'.encode(), b'verify="https://evil.example/1"')
    assert "evil.example" in read(said).problems[-1]
    assert check("structure", replace(badge, data=said)).outcome is Outcome.failed


def beside_address(text: str) -> bytes:
    inside = f'<o:assertion verify="{URL}"><![CDATA[{text}]]></o:assertion>'
    return f'<svg xmlns:o="http://openbadges.org">{inside}</svg>'.encode()


@pytest.mark.parametrize("generation", ["ob3", "ob2_signed"])
def test_a_signed_badge_may_stand_beside_another_address_but_it_is_said(generation):
    badge = getattr(issuer(), generation)(award())
    assert URL in read(beside_address(badge.text)).notes[-1]
    assert check("structure", replace(badge, data=beside_address(badge.text))).outcome is Outcome.passed


def test_the_address_in_a_picture_helps_a_badge_of_the_first_days():
    badge = issuer().ob05(award())
    text = badge.documents[str(badge.address)].body.decode()
    found = read(beside_address(text))
    assert (found.version, found.address) == ("0.5", URL)


def answer_to(ask: Callable[[], tuple[Credential, ...]]) -> object:
    """What was read, or the sentence that says why nothing was."""
    try:
        return ask()
    except Unreadable as error:
        return error.says


MEMBERS = """type @context id credentialSubject achievement issuer badge recipient verify verification issuedOn expires
identifier evidence result alignment image criteria name @value @language identityHash hashed salt credentialStatus
validFrom proof verifiableCredential narrative creator"""
VALUES = """VerifiableCredential OpenBadgeCredential Assertion ClrCredential VerifiablePresentation did:key:z6M
https://www.w3.org/ns/credentials/v2 https://w3id.org/openbadges/v2 https://montalvo.example/1 2026-01-01
2026-01-01T00:00:00Z sha256$c0ffee hosted signed EnvelopedVerifiableCredential"""
WORDS, TEXTS = (st.sampled_from(words.split()) for words in (MEMBERS, VALUES))
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 10**12)
    | st.floats(allow_nan=False)
    | TEXTS
    | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=5), inner, max_size=8)
    ),
    max_leaves=40,
)


@settings(max_examples=150)
@given(st.dictionaries(WORDS | st.text(max_size=5), ANYTHING, max_size=12))
def test_any_json_at_all_is_read_or_refused_in_a_sentence(value):
    assert answer_to(lambda: of_object(value, Unbaked("", "json"), None))


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_any_bytes_at_all_are_read_or_refused_in_a_sentence(data):
    for prefix in (b"", png.SIGNATURE, LITTLE[:-12], b"{", b"<svg ", b"eyJhbGciOiJub25lIn0."):
        assert answer_to(partial(read_all, prefix + data))
