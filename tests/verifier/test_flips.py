"""Whatever the suite, nothing signed can be altered: members of documents, bits of tokens, many times and by chance."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache, reduce
from importlib import resources
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backpack.errors import Unreadable
from backpack.verifier import Credential, Document, Documents, Verdict, read, verify
from backpack.verifier.canonical.standards import standard_names
from backpack.verifier.fields import many
from tests import issuing
from tests.issuing import AT, MARIA, award, documents, issuer
from tests.verifier.proofs.test_data_integrity import EARLY, JWS2020, detached, signed
from tests.verifier.proofs.test_ecdsa_sd_2023 import WHOLE, document, without_description
from tests.verifier.proofs.test_vc_jwt import ALGORITHMS, did_document, token
from tests.verifier.signing import OB3, V2, badge, secured, served, signer
from tests.verifier.test_mutations import changed, mutations, paths

SECURITY = "https://w3id.org/security/v2"
CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
OTHER = signer("ed25519", "another issuer")
IDENTITY = {"type": "IdentityObject", "hashed": False, "identityHash": MARIA, "identityType": "emailAddress"}
EMBEDDED = {
    "eddsa-rdfc-2022": lambda: signed("eddsa-rdfc-2022"),
    "eddsa-jcs-2022": lambda: signed("eddsa-jcs-2022"),
    "ecdsa-rdfc-2019 P-256": lambda: signed("ecdsa-rdfc-2019"),
    "ecdsa-rdfc-2019 P-384": lambda: signed("ecdsa-rdfc-2019", "p384"),
    "ecdsa-jcs-2019 P-256": lambda: signed("ecdsa-jcs-2019"),
    "ecdsa-jcs-2019 P-384": lambda: signed("ecdsa-jcs-2019", "p384"),
    "Ed25519Signature2020": lambda: signed("Ed25519Signature2020"),
    "Ed25519Signature2018": lambda: detached("Ed25519Signature2018", "EdDSA", signer(), EARLY, SECURITY),
    "JsonWebSignature2020": lambda: detached(
        "JsonWebSignature2020", "ES256", signer("p256"), [*EARLY, JWS2020]
    ),
    "EcdsaSecp256r1Signature2019": lambda: detached(
        "EcdsaSecp256r1Signature2019", "ES256", signer("p256"), EARLY
    ),
    "ecdsa-sd-2023, all of it shown": lambda: WHOLE.shown(document()),
    "ecdsa-sd-2023, a part of it shown": lambda: WHOLE.shown(without_description()),
}
COMPACT = {
    "Open Badges 1, JWS": lambda: _issued("ob1_signed"),
    "Open Badges 2, JWS": lambda: _issued("ob2_signed"),
    **{f"VC-JWT {name}": (lambda name=name: _token(name)) for name in ALGORITHMS},
}


@pytest.mark.parametrize("suite", EMBEDDED)
@settings(max_examples=80)
@given(data=st.data())
def test_no_member_of_a_signed_document_can_be_altered(suite: str, data: st.DataObject) -> None:
    whole, altered = _altered(suite)
    assert verdict(json.dumps(whole)) is Verdict.verified
    one = altered[data.draw(st.integers(0, len(altered) - 1))]
    assert verdict(json.dumps(one)) is not Verdict.verified


@pytest.mark.parametrize("kind", COMPACT)
@settings(max_examples=80)
@given(data=st.data())
def test_no_bit_of_a_signed_text_can_be_flipped(kind: str, data: st.DataObject) -> None:
    text, held = _made(kind)
    assert verdict(text, held) is Verdict.verified
    place = data.draw(st.integers(0, len(text) * 8 - 1))
    assert verdict(flipped(text, place), held) is not Verdict.verified


def test_no_part_of_a_badge_goes_by_another_word_that_published_vocabularies_have_for_it() -> None:
    whole = secured(endorsed())
    assert [one for one in renamed(whole) if misleads(one, whole)] == []


def test_nothing_moves_between_two_places_that_tell_of_one_thing() -> None:
    for whole in (secured(endorsed()), secured(graded())):
        assert [one for one in moved(whole) if misleads(one, whole)] == []


@pytest.mark.parametrize("member", ["validUntil", "credentialStatus"])
def test_an_end_or_a_status_cannot_hide_where_somebody_endorses_the_badge(member: str) -> None:
    status = {"id": "urn:status", "type": "BitstringStatusListEntry", "statusPurpose": "revocation"}
    whole = secured(endorsed(validUntil="2025-06-01T00:00:00Z", credentialStatus=status))
    del whole["credentialStatus" if member == "validUntil" else "validUntil"]
    whole = secured({name: value for name, value in whole.items() if name != "proof"})
    assert verdict(json.dumps(whole)) is not Verdict.verified
    for one in moved(whole):
        assert verdict(json.dumps(one)) is not Verdict.verified


def test_nothing_is_named_a_second_time_beside_itself() -> None:
    whole = secured(graded())
    assert [one for one in doubled(whole) if misleads(one, whole)] == []


def test_no_part_of_a_record_hides_under_another_word_or_in_another_place() -> None:
    words = words_of_records()
    whole = secured(record(), documents=words)
    for altered in (renamed(whole), moved(whole), doubled(whole)):
        assert [one for one in altered if misleads(one, whole, Documents(*words))] == []


def record() -> dict[str, Any]:
    """A record of two badges, one of which was given by somebody else, and of how they belong together."""
    plain = json.loads(issuing.record(secured(badge()), secured(by_another(), by=OTHER)))
    plain["issuer"] = {"id": signer().did, "type": "Profile", "name": "School of Crafts"}
    plain["credentialSubject"] |= {
        "id": "did:example:maria",
        "identifier": IDENTITY,
        "association": {
            "type": "Association",
            "associationType": "precedes",
            "sourceId": "urn:welding",
            "targetId": "urn:other",
        },
    }
    return {**plain, "@context": [V2, CLR, OB3]}


def by_another() -> dict[str, Any]:
    """A badge that shares nothing with the others."""
    plain = badge(OTHER.did, id="urn:other")
    achievement = {**plain["credentialSubject"]["achievement"], "id": "https://other.example/forging"}
    subject = {"type": "AchievementSubject", "identifier": IDENTITY, "achievement": achievement}
    return {**plain, "credentialSubject": subject}


def words_of_records() -> list[Document]:
    """The published vocabulary of records, out of the package that a test may read."""
    path = resources.files("openbadgeslib.ob3.contexts") / "clr_context_2.0.1.json"
    return [served(CLR, path.read_text())]


def graded() -> dict[str, Any]:
    """A badge with a result, what that means, and a page that says both what it is and what it takes."""
    plain = badge()
    subject = plain["credentialSubject"]
    subject["result"] = {
        "type": "Result",
        "resultDescription": "urn:grade",
        "value": "50",
        "achievedLevel": "urn:pass",
    }
    subject["identifier"] = IDENTITY
    level = {"id": "urn:pass", "type": "RubricCriterionLevel", "name": "Just passed"}
    grade = {"id": "urn:grade", "type": "ResultDescription", "name": "Grade", "resultType": "Percent"}
    subject["achievement"] |= {
        "criteria": {"id": subject["achievement"]["id"], "narrative": "Weld a joint that holds."},
        "alignment": {"type": "Alignment", "targetName": "TIG", "targetUrl": "https://skills.example/tig"},
        "resultDescription": {**grade, "requiredValue": "40", "rubricCriterionLevel": level},
    }
    return plain


def endorsed(**members: Any) -> dict[str, Any]:
    """A badge by whoever also made what it is for, with an endorsement of it."""
    plain = badge(**members)
    subject = {"id": plain["id"], "type": "EndorsementSubject", "endorsementComment": "Well made."}
    praise = badge(
        type=["VerifiableCredential", "EndorsementCredential"], id="urn:praise", credentialSubject=subject
    )
    achievement = plain["credentialSubject"]["achievement"]
    achievement["creator"] = {
        "id": plain["issuer"]["id"],
        "type": "Profile",
        "url": "https://school.example/",
    }
    achievement["image"] = {"id": "https://school.example/welding.png", "type": "Image"}
    evidence = {"id": "https://school.example/joint", "type": "Evidence", "name": "A joint", "genre": "Film"}
    return {**plain, "evidence": evidence, "endorsement": secured(praise)}


def misleads(altered: Any, whole: Any, held: Documents | None = None) -> bool:
    """Whether it counts as verified, and says something else."""
    return verdict(json.dumps(altered), held) is Verdict.verified and told(altered) != told(whole)


def told(whole: Any) -> Any:
    return without_raw(read(json.dumps(whole).encode()))


def without_raw(credential: Credential) -> Credential:
    return replace(credential, raw={}, contained=tuple(map(without_raw, credential.contained)))


def renamed(whole: Any) -> Iterator[Any]:
    """Every member and type by every other name that published contexts have for what it stands for."""
    for path in paths(whole):
        if "proof" in path or "@context" in path:
            continue
        *place, name = path
        value = inside(whole, path)
        if isinstance(value, str) and "type" in path[-2:]:
            yield from (changed(whole, path, other) for other in other_names(value))
        for other in other_names(name) if isinstance(name, str) else ():
            if other not in inside(whole, place):
                yield changed(changed(whole, (*place, other), value), path, KeyError)


def other_names(name: str) -> set[str]:
    found = {
        other for address, names in standard_names().items() if name in names for other in (address, *names)
    }
    found |= {f"https://schema.org/{name}", f"schema:{name}"}
    return found - {name, *({"OpenBadgeCredential", "AchievementCredential"} & found)}


def moved(whole: Any) -> Iterator[Any]:
    """Every member moved to every other object of the same id, which takes on the types or does not."""
    things = [
        path for path in ((), *paths(whole)) if isinstance(inside(whole, path), dict) and "proof" not in path
    ]
    for here, there in permutations(things, 2):
        one, other = inside(whole, here), inside(whole, there)
        if "id" not in one or one["id"] != other.get("id"):
            continue
        for name in one.keys() - {"id", "type", "@context", "proof"}:
            for kinds in ([], one.get("type", [])):
                kind = [*many(other.get("type")), *many(kinds)]
                altered = changed(changed(whole, (*there, "type"), kind), (*there, name), one[name])
                yield changed(altered, (*here, name), KeyError)


def doubled(whole: Any) -> Iterator[Any]:
    """Every thing beside itself, before or after: by its id alone, with its types, or told of once more."""
    for path in paths(whole):
        one = inside(whole, path)
        if not isinstance(one, dict) or "proof" in path:
            continue
        one = {"id": "_:thing", **one}
        for other in ({"id": one["id"]}, {"id": one["id"], "type": one.get("type", [])}, one):
            yield from (changed(whole, path, both) for both in ([one, other], [other, one]))


def inside(whole: Any, path: Iterable[Any]) -> Any:
    return reduce(lambda place, key: place[key], path, whole)


def flipped(text: str, place: int) -> bytes:
    """The same with one bit the other way round."""
    data = bytearray(text.encode())
    data[place // 8] ^= 1 << place % 8
    return bytes(data)


def verdict(data: str | bytes, held: Documents | None = None) -> Verdict:
    """What the verifier says of these bytes; what cannot be read is no badge."""
    try:
        found = read(data.encode() if isinstance(data, str) else data)
    except Unreadable:
        return Verdict.not_a_badge
    return verify(found, held or Documents(), None, AT).verdict


@cache
def _altered(suite: str) -> tuple[Any, list[Any]]:
    whole = EMBEDDED[suite]()
    return whole, [one for one in mutations(whole) if one != whole]


@cache
def _made(kind: str) -> tuple[str, Documents]:
    return COMPACT[kind]()


def _issued(generation: str) -> tuple[str, Documents]:
    badge = getattr(issuer(), generation)(award(), carrier="bare")
    return badge.text, documents(badge)


def _token(algorithm: str) -> tuple[str, Documents]:
    return token(algorithm), Documents(did_document(ALGORITHMS[algorithm]))
