"""A newer version is looked for once, told about, and never taken for the badge itself."""

import json
from typing import Any

import pytest

from backpack.verifier import Document, Documents, Report, Verdict, read, verify, wanted
from backpack.verifier.refreshing import NEWER, UNSURE
from tests.issuing import AT, MARIA, award, documents, issuer, renamed
from tests.verifier.asking import raw
from tests.verifier.signing import served
from tests.verifier.status.test_bitstring import signed

ADDRESS = "https://montalvo.example/refresh/1"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
HONEST = issuer().ob3(award(), carrier="bare")


def edition(name: str = "Open Science Foundations", **members: Any) -> dict[str, Any]:
    """An edition of one badge; all have the same id and issuer."""
    bare = {k: v for k, v in raw(HONEST).items() if k != "proof"} | {"name": name}
    service = {"id": ADDRESS, "type": "1EdTechCredentialRefresh"}
    bare["@context"] = [*bare["@context"], EXTENSIONS]
    return signed({**bare, "refreshService": service, **members})


def report(document: dict[str, Any], *answers: Document) -> Report:
    held = documents(HONEST).plus(*answers)
    return verify(read(json.dumps(document).encode()), held, (MARIA,), AT)


def test_a_newer_version_is_told_about_and_changes_nothing_else():
    found = report(edition(), served(ADDRESS, edition("Open Science, second edition")))
    assert found.notes[-1] == NEWER
    assert (found.verdict, found.credential.raw["name"]) == (Verdict.verified, "Open Science Foundations")
    assert ADDRESS in {used.url for used in found.documents}


def test_a_newer_version_may_hide_its_earner_anew():
    hidden = raw(issuer().ob3(award(salt="rock-salt"), carrier="bare"))["credentialSubject"]
    assert report(edition(), served(ADDRESS, edition("Second", credentialSubject=hidden))).notes[-1] == NEWER


def test_the_same_version_is_not_worth_a_word():
    assert report(edition(), served(ADDRESS, edition())).notes == report(edition()).notes


def test_an_older_version_is_not_a_newer_one():
    older = edition("First edition", validFrom="2024-01-01T00:00:00Z")
    assert not {NEWER, UNSURE} & set(report(edition(), served(ADDRESS, older)).notes)


SOMEBODY_ELSE_S = raw(issuer().ob3(award(recipient="joe@backpack.example"), carrier="bare"))[
    "credentialSubject"
]
OTHERS = {
    "forged": {**edition(), "name": "Doctor of Everything"},
    "of another badge": edition("Another", id="urn:uuid:another"),
    "of somebody else": edition("Another's", credentialSubject=SOMEBODY_ELSE_S),
    "over": edition("Over", validUntil="2026-01-01T00:00:00Z"),
    "not a badge": {"hello": "world"},
}


@pytest.mark.parametrize("what", OTHERS)
def test_a_newer_version_that_does_not_hold_is_only_remarked(what):
    found = report(edition(), served(ADDRESS, OTHERS[what]))
    assert (found.verdict, found.notes[-1]) == (Verdict.verified, UNSURE)


@pytest.mark.parametrize("status", [0, 401, 403, 404, 500])
def test_an_address_that_refuses_leaves_the_badge_as_it_is(status):
    found = report(edition(), Document(ADDRESS, status, problem=f"answered {status}"))
    assert (found.verdict, found.notes[-1]) == (Verdict.verified, UNSURE)


def test_the_newer_version_is_wanted_once_and_never_that_of_a_newer_version():
    credential = read(json.dumps(edition()).encode())
    further = {"id": f"{ADDRESS}/further", "type": "1EdTechCredentialRefresh"}
    newer = served(ADDRESS, edition("Newer", refreshService=further))
    assert wanted(credential, Documents()) == {ADDRESS}
    assert wanted(credential, Documents(newer)) == set()


def test_nobody_is_asked_for_a_newer_version_of_a_forgery():
    forged = json.dumps({**edition(), "name": "Doctor of Everything"}).encode()
    assert wanted(read(forged), Documents()) == set()
    assert wanted(read(renamed(HONEST).data), Documents()) == set()


def test_a_newer_version_needs_a_secure_address():
    service = {"id": "http://montalvo.example/refresh/1", "type": "1EdTechCredentialRefresh"}
    assert wanted(read(json.dumps(edition(refreshService=service)).encode()), Documents()) == set()
