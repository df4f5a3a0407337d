"""Whether the issuer took a badge back."""

from dataclasses import replace

import pytest

from backpack.demo.shapes import Issued
from backpack.demo.signing import compact_jws
from backpack.verifier import Check, Documents, Outcome, Verdict, read, wanted
from backpack.verifier.checks import revocation as revocation_check
from tests.issuing import answer_of, answering, award, documents, issuer, without
from tests.verifier.asking import case, check, report

GENERATIONS = ["ob10", "ob11", "ob1_signed", "ob2_hosted", "ob2_signed", "ob3", "ob3_jwt"]


def badge(generation: str = "ob3", standing: str = "good", **facts: object) -> Issued:
    # The issuer remembers what it took back: another standing is another award.
    number = ["good", "revoked", "silent", "suspended"].index(standing) + 40
    found: Issued = getattr(issuer(), generation)(award(standing=standing, **{"number": number, **facts}))
    return found


def revocation(issued: Issued) -> Check:
    return check("revocation", issued)


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_badge_that_stands_passes(generation):
    assert revocation(badge(generation)).outcome is Outcome.passed


def test_where_it_was_looked_up_is_told():
    hosted, signed = badge("ob2_hosted"), badge("ob2_signed")
    found = revocation(hosted)
    assert (found.message, found.detail) == ("The issuer still serves it.", {"Source": hosted.address})
    found = revocation(signed)
    assert found.message == "It is not in the issuer's list of withdrawn badges."
    assert found.detail == {"Source": list_of(signed)}


@pytest.mark.parametrize("generation", [*GENERATIONS, "ob05"])
def test_a_badge_that_was_taken_back_is_revoked(generation):
    taken = badge(generation, "revoked")
    found = report(taken)
    assert found.verdict is Verdict.revoked
    told = next(one for one in found.checks if one.verdict is Verdict.revoked)
    assert told.detail["Source"] in taken.documents


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_silent_issuer_leaves_it_unknown(generation):
    assert revocation(badge(generation, "silent")).outcome is Outcome.unknown


def test_no_way_to_see_it_is_skipped_and_still_verified():
    found = report(issuer().ob3(award()))
    assert next(c for c in found.checks if c.id == "revocation").outcome is Outcome.skipped
    assert found.verdict is Verdict.verified


@pytest.mark.parametrize("generation", ["ob2_hosted", "ob2_signed", "ob1_signed"])
def test_the_issuer_s_reason_is_told(generation):
    assert "Awarded in error" in revocation(badge(generation, "revoked", reason="Awarded in error")).message


TAKEN_BACK = [
    True,
    [True],
    "true",
    "True",
    1,
    "1",
    {"@value": True},
    {"@value": "true", "@type": "xsd:boolean"},
]


@pytest.mark.parametrize("said", [*({"revoked": v} for v in TAKEN_BACK), {"obi:revoked": True}])
@pytest.mark.parametrize("generation", ["ob10", "ob11", "ob2_hosted"])
def test_a_hosted_badge_that_says_it_is_revoked_is_revoked(generation, said):
    issued = badge(generation)
    gone = answering(issued, str(issued.address), {"id": issued.address, **said})
    whole = answering(issued, str(issued.address), {**answer_of(issued, str(issued.address)), **said})
    assert [report(one).verdict for one in (gone, whole)] == [Verdict.revoked] * 2


def test_a_hosted_badge_whose_address_says_so_is_revoked_wherever_else_it_says_it_is():
    issued, other = badge("ob2_hosted"), "https://montalvo.example/another"
    whole = {**answer_of(issued, str(issued.address)), "id": other}
    moved = answering(answering(issued, other, whole), str(issued.address), whole)
    assert report(moved).verdict is Verdict.verified
    gone = answering(moved, str(issued.address), {"id": other, "revoked": True})
    assert report(gone).verdict is Verdict.revoked


@pytest.mark.parametrize("body", [b"", {"revoked": True}, {"detail": "Gone"}])
def test_a_hosted_badge_is_revoked_where_the_address_that_it_says_it_has_says_so(body):
    issued, other = badge("ob2_hosted"), "https://montalvo.example/another"
    moved = answering(issued, str(issued.address), {**answer_of(issued, str(issued.address)), "id": other})
    assert report(answering(moved, other, body, status=410)).verdict is Verdict.revoked


@pytest.mark.parametrize("generation", ["ob05", "ob10", "ob11"])
def test_an_old_badge_that_says_whether_it_stands_in_words_of_its_own_is_not_sound(generation):
    issued = badge(generation)

    def saying(word: object) -> Issued:
        return answering(
            issued, str(issued.address), {**answer_of(issued, str(issued.address)), "revoked": word}
        )

    assert [report(saying(word)).verdict for word in ("yes", "2025-03-14")] == [Verdict.invalid] * 2
    assert {report(saying(word)).verdict for word in (False, "false", 0, "0", "", None)} == {Verdict.verified}


def test_a_bare_address_that_answers_gone_is_revoked():
    issued = issuer().ob05(award(), carrier="bare")
    assert report(answering(issued, str(issued.address), b"", status=410)).verdict is Verdict.revoked


def listing(issued: Issued, *entries: object) -> Issued:
    """The badge whose issuer's list of withdrawn badges holds this."""
    return answering(
        issued, list_of(issued), {**answer_of(issued, list_of(issued)), "revokedAssertions": entries}
    )


def list_of(issued: Issued) -> str:
    return next(url for url in issued.documents if "revo" in url)


@pytest.mark.parametrize(
    "shape", [lambda i: i, lambda i: {"id": i}, lambda i: {"uid": i, "revocationReason": "x"}]
)
def test_a_list_may_name_badges_in_several_ways(shape):
    issued = badge("ob2_signed")
    own = read(issued.data).id
    assert revocation(listing(issued, "urn:uuid:other", shape(own))).verdict is Verdict.revoked
    assert revocation(listing(issued, "urn:uuid:other", {"uid": "x"}, 7)).outcome is Outcome.passed


AS_LISTED = {
    "a number": lambda own: {"revokedAssertions": [4711]},
    "a number as id": lambda own: {"revokedAssertions": {"id": 4711}},
    "a prefix": lambda own: {"obi:revokedAssertions": [{"obi:uid": "4711"}]},
    "a list around the id": lambda own: {"revokedAssertions": [{"id": [own]}]},
    "reasons by id in the place of the list": lambda own: {"revokedAssertions": {own: "x"}},
    "reasons by uid beside the list": lambda own: {"revokedAssertions": [], "4711": "x"},
    "no reason": lambda own: {"4711": None},
    "a reason in an object": lambda own: {"4711": {"reason": "x"}},
    "reasons a step deeper": lambda own: {"revoked": {"4711": "x"}},
    "uids a step deeper": lambda own: {"revoked": ["4711"]},
    "objects a step deeper": lambda own: {"badges": [{"uid": 4711}]},
}


@pytest.mark.parametrize("shape", AS_LISTED)
@pytest.mark.parametrize("generation", ["ob1_signed", "ob2_signed"])
def test_a_withdrawn_badge_is_known_in_whatever_way_its_issuer_wrote_the_list(generation, shape):
    key, number = issuer().identity.keys["rsa"], 4711
    issued = badge(generation)
    said = {**read(issued.data).raw, "uid": number}
    anew = replace(issued, data=compact_jws(said, "RS256", key, {}).encode())
    listed = answering(anew, list_of(anew), AS_LISTED[shape](said["id"]))
    assert report(listed).verdict is Verdict.revoked
    other = answering(issued, list_of(issued), {"4711": "x", "@context": [{}]})
    assert report(other).verdict is Verdict.verified


@pytest.mark.parametrize(
    "listed",
    [
        {"revokedAssertions": [{"assertion": {"id": "urn:uuid:1"}}]},
        {"revokedAssertions": {"@list": ["urn:uuid:1"]}},
        {"@graph": [{"type": "RevocationList", "revokedAssertions": ["urn:uuid:1"]}]},
        {"badges": [{"award": "1"}]},
    ],
)
def test_a_list_on_which_something_cannot_be_read_leaves_it_open(listed):
    issued = badge("ob2_signed")
    assert report(answering(issued, list_of(issued), listed)).verdict is Verdict.unconfirmed


@pytest.mark.parametrize(
    "written", ["http://montalvo.example", "HTTPS://Montalvo.example", "https://montalvo.example:443"]
)
@pytest.mark.parametrize("generation", ["ob10", "ob11", "ob2_hosted"])
def test_a_list_may_name_a_badge_by_its_address_in_another_spelling(generation, written):
    issued = badge(generation)
    name = str(issued.address).replace("https://montalvo.example", written)
    assert report(listing(issued, {"id": name})).verdict is Verdict.revoked
    assert report(listing(issued, {"id": f"{name}0"})).verdict is Verdict.verified


def test_a_list_may_say_that_a_badge_on_it_was_not_taken_back():
    issued = badge("ob2_signed")
    entry = {"id": read(issued.data).id, "revoked": False}
    assert revocation(listing(issued, entry)).outcome is Outcome.passed


def test_a_uuid_is_the_same_in_capitals_and_no_other_name_is():
    issued = badge("ob2_signed")
    own = str(read(issued.data).id)
    assert revocation(listing(issued, "URN:UUID:" + own[9:].upper())).verdict is Verdict.revoked
    assert revocation(listing(issued, {"uid": own[9:].upper()})).outcome is Outcome.passed


def test_a_signed_badge_that_says_itself_that_it_was_taken_back_is_revoked():
    found = case(issuer().ob2_signed(award()))
    found.credential = replace(found.credential, raw={**found.credential.raw, "revoked": True})
    assert revocation_check.answer(found).verdict is Verdict.revoked


@pytest.mark.parametrize("body", [b"<html>", b"[1]x", b"", b"[]", b'"none"'])
def test_a_list_that_cannot_be_read_says_nothing(body):
    issued = badge("ob2_signed")
    assert revocation(answering(issued, list_of(issued), body)).outcome is Outcome.unknown


def with_lists(issued: Issued, *lists: object) -> Issued:
    """The badge whose issuer's profile names these lists of withdrawn badges."""
    profile = next(url for url in issued.documents if url.endswith("/issuer"))
    return answering(issued, profile, {**answer_of(issued, profile), "revocationList": list(lists)})


def test_of_several_lists_every_one_counts():
    issued, second = badge("ob2_signed"), "https://montalvo.example/second"
    listed = {"revokedAssertions": [read(issued.data).id]}
    both = answering(with_lists(issued, list_of(issued), {"id": second}), second, listed)
    assert revocation(both).verdict is Verdict.revoked


@pytest.mark.parametrize(
    "lists", [["/revoked"], [{"type": "RevocationList"}], ["https://montalvo.example/r"] * 33]
)
def test_a_list_that_cannot_be_looked_into_says_nothing(lists):
    issued = with_lists(badge("ob2_signed"), *lists)
    issued = answering(issued, "https://montalvo.example/r", {"revokedAssertions": []})
    assert revocation(issued).outcome is Outcome.unknown
    assert wanted(read(issued.data), documents(issued)) == set()


def test_a_list_that_is_another_issuer_s_only_speaks_against_a_badge():
    issued = badge("ob2_signed")
    said = {**answer_of(issued, list_of(issued)), "issuer": "https://else.example/issuer"}
    assert revocation(answering(issued, list_of(issued), said)).outcome is Outcome.unknown
    against = {**said, "revokedAssertions": [read(issued.data).id]}
    assert revocation(answering(issued, list_of(issued), against)).verdict is Verdict.revoked


def test_an_issuer_that_went_on_to_https_is_still_the_one_that_its_list_names():
    issued = badge("ob2_signed")
    said = answer_of(issued, list_of(issued))
    older = {**said, "issuer": said["issuer"].replace("https:", "http:")}
    assert revocation(answering(issued, list_of(issued), older)).outcome is Outcome.passed


def test_a_list_that_nobody_serves_says_nothing():
    issued = badge("ob2_signed")
    assert revocation(without(issued, list_of(issued))).outcome is Outcome.unknown
    error = answering(issued, list_of(issued), {"revokedAssertions": []}, status=503)
    found = revocation(error)
    assert (found.outcome, "could not be read: answered 503" in found.message) == (Outcome.unknown, True)


def test_a_copy_that_was_not_fetched_is_told_so():
    found = revocation_check.answer(case(badge("ob2_hosted"), Documents()))
    assert (found.outcome, found.message) == (Outcome.unknown, "The issuer's copy has not been fetched.")
