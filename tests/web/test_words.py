"""What verdicts and checks are called: plainly, and never greener than they are."""

from datetime import UTC, datetime
from typing import Any

import pytest

from backpack.verifier.report import Outcome, Verdict
from web import findings, signers, words
from web.letters import letter

SIX = findings.CHECKS
FORCED = {"recipient": "wrong_recipient", "dates": "expired", "revocation": "revoked"}
"""The verdict that a check forces where it fails."""


def report(verdict: str = "verified", **outcomes: str) -> dict[str, Any]:
    """A report in which all checks passed but those named."""
    checks = [
        {
            "id": id,
            "outcome": outcomes.get(id, "passed"),
            "message": f"About {id}",
            "verdict": FORCED.get(id),
            "detail": {"Source": id},
        }
        for id in (*SIX, *outcomes.keys() - set(SIX))
    ]
    days = {"begins_at": "2026-06-02T00:00:00Z", "ends_at": "2026-11-02T00:00:00Z"}
    shown = [signature("eddsa-rdfc-2022")]
    return {
        "verdict": verdict,
        "version": "3.0",
        "carrier": "png",
        "checks": checks,
        "signatures": shown,
        "badge": {"recipient": "sha256$4f6e"},
        **days,
    }


def headline(verdict: str, reader: str = "stranger", **outcomes: str) -> str:
    return words.headline(verdict, reader, report(verdict, **outcomes))


@pytest.mark.parametrize("verdict", [*Verdict, ""])
@pytest.mark.parametrize("reader", ["owner", "stranger", "asker"])
def test_every_verdict_has_words_for_every_reader(verdict: str, reader: str) -> None:
    assert headline(verdict, reader)
    assert words.word_for(verdict, reader)
    assert words.verdict(verdict).seal.startswith("seal-")


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict != "verified"])
def test_only_a_verified_badge_is_called_verified(verdict: str) -> None:
    assert "erified" not in headline(verdict) + words.word_for(verdict, "stranger")
    assert words.tone(verdict) == verdict


def test_an_expired_badge_is_called_genuine_only_when_that_was_shown() -> None:
    assert headline("expired", dates="failed") == "Genuine, expired on 2 November 2026"
    assert headline("not_yet_valid", dates="failed") == "Genuine, valid only from 2 June 2026"
    assert headline("expired", dates="failed", proof="unknown") == "Not confirmed, expired on 2 November 2026"
    assert (
        headline("not_yet_valid", dates="failed", issuer="unknown")
        == "Not confirmed, valid only from 2 June 2026"
    )


def test_a_badge_of_another_address_is_called_genuine_only_when_that_was_shown() -> None:
    assert headline("wrong_recipient", "asker") == "Genuine, but awarded to someone else"
    assert headline("wrong_recipient", "asker", issuer="unknown") == "Awarded to someone else"
    assert headline("wrong_recipient", issuer="unknown") == "Its recipient is not confirmed here"


def test_a_badge_that_nobody_signed_is_not_said_to_be() -> None:
    assert signers.signed(report()) == "Signed"
    assert signers.signed(report(proof="unknown")) == ""
    assert signers.signed(report(issuer="failed")) == ""


def test_a_hosted_badge_is_published_rather_than_signed() -> None:
    hosted = report()
    hosted["signatures"] = [signature("hosted"), signature("jws")]
    assert signers.signed(hosted) == "Published"
    assert findings.rows(hosted, "stranger")[2].finding == "Published by the issuer"


def test_a_badge_whose_signature_holds_though_nobody_hosts_it_is_signed() -> None:
    signed = report() | {"signatures": [signature("eddsa-rdfc-2022"), signature("hosted", "unknown")]}
    assert signers.signed(signed) == "Signed"
    assert findings.rows(signed, "stranger")[2].finding == "Signed by the issuer"


def test_a_name_that_a_key_alone_stands_behind_is_said_to_be_no_more_than_that() -> None:
    assert "own word" in signers.caution(report() | {"issuer_evidence": {"Key": "Nobody knows whose."}})
    assert (
        signers.caution(report() | {"issuer_evidence": {"Web domain": "uc.example", "Key": "It is theirs."}})
        == ""
    )
    assert signers.caution(report(proof="failed") | {"issuer_evidence": {"Key": "Nobody knows whose."}}) == ""


def test_a_collection_counts_the_names_that_a_key_alone_stands_behind() -> None:
    bare, known = ({"issuer_evidence": {name: "It is theirs."}} for name in ("Key", "Web domain"))
    assert signers.cautions([report() | bare, report() | known, None]).startswith("In 1 of 3 ")
    assert signers.cautions([report() | bare, report() | bare]).startswith("In each the issuer’s name is ")
    assert signers.cautions([report() | bare]) == signers.caution(report() | bare) != ""
    assert signers.cautions([report() | known, None]) == signers.cautions([]) == ""


@pytest.mark.parametrize(
    ("identity", "evidence", "site", "behind"),
    [
        ("did:web:uc.example:awards", "Web domain", "uc.example", " (uc.example)"),
        ("https://UC.example:8443/issuer", "Web domain", "uc.example", " (uc.example)"),
        (
            "https://h\u0430rvard.example/",
            "Web domain",
            "xn--hrvard-3nf.example",
            " (xn--hrvard-3nf.example)",
        ),
        (
            "https://uni-gießen.example/",
            "Web domain",
            "xn--uni-gieen-m1a.example",
            " (xn--uni-gieen-m1a.example)",
        ),
        (
            f"did:web:uc.example.{'registry.' * 9}evil.example",
            "Web domain",
            "…registry.registry.registry.evil.example",
            " (…registry.registry.registry.evil.example)",
        ),
        ("did:key:z6Mk", "Key", "", ", by the signer’s own word"),
        ("did:key:z6Mk", "Trust list", "", ""),
        ("did:web:127.0.0.1", "Web domain", "", ""),
        (None, "Web domain", "", ""),
    ],
)
def test_the_site_that_speaks_for_an_issuer_is_read_beside_its_name(
    identity: str | None, evidence: str, site: str, behind: str
) -> None:
    said = {"badge": {"issuer": {"id": identity}}, "issuer_evidence": {evidence: "It is theirs."}}
    assert (signers.site(report() | said), signers.behind(report() | said)) == (site, behind)
    assert signers.behind(report(issuer="unknown") | said) == signers.behind(None) == ""


@pytest.mark.parametrize(
    ("version", "carrier", "says"),
    [
        (
            "2.0",
            "png",
            "An Open Badge, version 2.0, baked into a PNG picture. What the picture shows is not signed.",
        ),
        (
            "3.0",
            "svg",
            "An Open Badge, version 3.0, baked into an SVG picture. What the picture shows is not signed.",
        ),
        ("clr2.0", "jwt", "A learner record, CLR 2.0, as a signed text."),
        ("vc", "json", "A verifiable credential."),
        ("1.0", "url", "An Open Badge, version 1.0, read at its own address."),
    ],
)
def test_what_a_badge_came_in_is_told_with_what_that_does_not_prove(
    version: str, carrier: str, says: str
) -> None:
    told = findings.rows(report() | {"version": version, "carrier": carrier}, "stranger")[0]
    assert (told.finding, told.reason) == ("A badge is inside", says)


def signature(suite: str, outcome: str = "passed", *, changed: bool = False) -> dict[str, Any]:
    return {"suite": suite, "outcome": outcome, "bound": "passed", "changed": changed}


@pytest.mark.parametrize(
    ("signatures", "says", "finding"),
    [
        ([signature("jws", "failed", changed=True)], "changed after it was signed", "Altered"),
        ([signature("jws", "failed")], "its signature does not hold", "Signature not valid"),
        ([signature("hosted", "failed")], "not as its issuer published it", "Not as published"),
        ([], "it is not signed", "Not signed"),
    ],
)
def test_a_badge_is_called_changed_only_when_that_was_shown(
    signatures: list[dict[str, Any]], says: str, finding: str
) -> None:
    told = report("invalid", proof="failed") | {"signatures": signatures}
    said = words.headline("invalid", "asker", told)
    assert said == f"Not valid: {says}"
    assert findings.rows(told, "asker")[1].finding == finding


def test_the_reason_of_the_verdict_is_told_not_that_of_a_lesser_trouble() -> None:
    told = words.trouble("revoked", report("revoked", recipient="unknown", revocation="failed"))
    assert told == "About revocation."
    told = words.trouble("invalid", report("invalid", proof="unknown", contained="failed"))
    assert told == "About contained."


def test_a_record_that_holds_a_forgery_is_said_to_hold_it() -> None:
    said = words.headline("invalid", "asker", report("invalid", proof="unknown", contained="failed"))
    assert said == "Not valid: something in it is not genuine"


def test_the_day_of_the_headline_is_not_said_twice() -> None:
    told = report("expired", dates="failed")
    told["checks"][4]["message"] = "It expired on 2 November 2026."
    assert letter(told, "stranger").trouble == ""
    told["ends_at"] = None
    assert letter(told, "stranger").trouble == "It expired on 2 November 2026."


@pytest.mark.parametrize("outcome", [*Outcome, "waiting"])
@pytest.mark.parametrize("id", SIX)
def test_every_outcome_of_every_check_has_a_finding(id: str, outcome: str) -> None:
    (row,) = [row for row in findings.rows(report(**{id: outcome}), "stranger") if row.id == id]
    assert row.finding
    assert (row.mark == "passed") == (outcome == "passed")


def test_rows_keep_their_order_and_the_first_trouble_lies_open() -> None:
    rows = findings.rows(report(dates="failed", revocation="unknown"), "stranger")
    assert [row.id for row in rows] == list(SIX)
    assert [row.id for row in rows if row.is_open] == ["dates"]


def test_what_failed_lies_open_rather_than_what_is_not_known() -> None:
    rows = findings.rows(report("revoked", proof="unknown", revocation="failed"), "stranger")
    assert [row.id for row in rows if row.is_open] == ["revocation"]


def test_the_row_of_another_address_wears_the_tone_of_its_seal() -> None:
    rows = findings.rows(report("wrong_recipient", recipient="failed"), "owner")
    assert rows[3].tone == words.tone("wrong_recipient")


def test_while_a_check_runs_unknown_is_only_waiting() -> None:
    rows = findings.rows(report(issuer="unknown"), "owner", running=True)
    assert [row.tone for row in rows if row.id == "issuer"] == ["waiting"]
    assert not any(row.is_open for row in rows)


def test_what_a_check_says_is_a_sentence() -> None:
    rows = findings.rows(report(issuer="unknown"), "stranger")
    assert rows[2].reason == "About issuer."


def test_what_has_a_name_that_nobody_sees_is_said_to_have_none() -> None:
    unseen = {"name": " \u3164\u200b", "issuer": {"name": "\uffa0 "}}
    said = letter(report() | {"badge": unseen}, "stranger")
    assert (said.title, said.issuer) == ("A badge", "")


def test_no_address_in_what_a_check_says_turns_the_rest_of_it_around() -> None:
    told = report("unconfirmed", issuer="unknown")
    told["checks"][2]["message"] = "What is at https://evil.example/\u202e is not readable as JSON."
    said = letter(told, "stranger")
    assert said.trouble == said.rows[2].reason == "What is at https://evil.example/ is not readable as JSON."


def test_before_anything_is_known_all_six_wait() -> None:
    assert [row.tone for row in findings.rows({}, "owner", running=True)] == ["waiting"] * 6


def test_a_check_we_have_no_words_for_is_shown_after_the_six() -> None:
    more = report()
    more["checks"].append(
        {"id": "contained", "outcome": "failed", "message": "One inside is not valid.", "detail": {}}
    )
    assert [row.id for row in findings.rows(more, "stranger")] == [*SIX, "contained"]


@pytest.mark.parametrize(
    ("reader", "says"),
    [
        ("owner", "maria@uc.example is one of your addresses."),
        ("stranger", "Whoever shows it has confirmed the address m•••@uc.example."),
        ("asker", "The address you gave is the one that the badge names."),
    ],
)
def test_each_reader_learns_of_the_recipient_what_is_theirs_to_know(reader: str, says: str) -> None:
    rows = findings.rows(report(), reader, matched="maria@uc.example", hint="m•••@uc.example")
    assert [row.reason for row in rows if row.id == "recipient"] == [says]


def test_a_suspended_badge_is_not_called_withdrawn() -> None:
    told = report("suspended", revocation="failed")
    told["checks"][5]["verdict"] = "suspended"
    assert findings.rows(told, "stranger")[5].finding == "Suspended"


@pytest.mark.parametrize(
    ("verdicts", "says"),
    [
        ([], "No badges here yet"),
        (["verified"], "One badge, verified"),
        (["verified"] * 2, "Both verified"),
        (["verified"] * 5, "All five verified"),
        (["genuine_expired", *["verified"] * 4], "Four verified, one genuine but expired"),
        (["revoked", "", "verified"], "One verified, one not confirmed today, one withdrawn by the issuer"),
    ],
)
def test_a_collection_is_summed_up_in_a_sentence(verdicts: list[str], says: str) -> None:
    assert words.summary(verdicts) == says


def test_a_collection_wears_the_seal_of_its_worst_badge() -> None:
    assert words.worst(["verified", "expired", "unconfirmed"]) == "expired"
    assert words.worst(["verified", ""]) == "unconfirmed"
    assert words.worst([]) == "unconfirmed"


def test_only_endorsements_that_hold_are_shown() -> None:
    one = {"name": "Guild <b>", "comment": "We hire by it.", "about": "issuer", "verdict": "verified"}
    forged = {"name": "Forger", "comment": "Trust me.", "about": "badge", "verdict": "invalid"}
    shown = letter(report() | {"badge": {"endorsements": [one, forged]}}, "stranger")
    (fact,) = [fact for fact in shown.work if fact.label == "Endorsed by"]
    assert [str(value).split("<p>")[0] for value in fact.values] == [
        "Guild &lt;b&gt;, who vouches for the issuer"
    ]


def test_an_endorser_whom_nothing_but_a_key_shows_is_told_from_others() -> None:
    endorsed = {"name": "Harvard", "about": "badge", "verdict": "verified", "by_key_alone": True}
    shown = letter(report() | {"badge": {"endorsements": [endorsed]}}, "stranger")
    (fact,) = [fact for fact in shown.work if fact.label == "Endorsed by"]
    assert str(fact.values[0]) == ("Harvard <small>Known by a key alone; nothing tells who holds it.</small>")


def test_beside_an_endorser_s_name_stands_the_site_that_speaks_for_it() -> None:
    endorsed = {"name": "Ministry", "id": "did:web:evil.example", "about": "issuer", "verdict": "verified"}
    shown = letter(report() | {"badge": {"endorsements": [endorsed]}}, "stranger")
    (fact,) = [fact for fact in shown.work if fact.label == "Endorsed by"]
    assert str(fact.values[0]) == "Ministry (evil.example), who vouches for the issuer"


def test_whoever_is_endorsed_by_an_id_that_anybody_could_name_is_told_from_the_issuer() -> None:
    endorsed = {"name": "Ministry", "about": "creator", "verdict": "verified", "by_own_id": False}
    shown = letter(report() | {"badge": {"endorsements": [endorsed]}}, "stranger")
    (fact,) = [fact for fact in shown.work if fact.label == "Endorsed by"]
    assert str(fact.values[0]) == (
        "Ministry, who vouches for its designer "
        "<small>Named by an id that could stand in anybody’s badge.</small>"
    )


@pytest.mark.parametrize(
    ("verdict", "says"),
    [("unconfirmed", "We last verified it on 3 May 2026."), ("verified", ""), ("revoked", "")],
)
def test_a_badge_in_doubt_is_said_to_have_been_verified_before(verdict: str, says: str) -> None:
    at = datetime(2026, 5, 3, tzinfo=UTC)
    assert letter(report() | {"verdict": verdict}, "stranger", verified_at=at).formerly == says


def holding(*names: str, ties: list[dict[str, Any]]) -> dict[str, Any]:
    """A report on a record of badges of these names, and how it says they belong together."""
    held = [{"verdict": "verified", "badge": {"name": name, "achievement": f"urn:{name}"}} for name in names]
    return report() | {"contained": held, "badge": {"associations": ties}}


def tie(kind: str, source: str, target: str | None) -> dict[str, Any]:
    return {"kind": kind, "source": source, "target": target}


def test_a_record_tells_how_what_it_holds_belongs_together() -> None:
    ties = [tie("isPartOf", "urn:Forging", "urn:Crafts"), tie("ext:rivals", "urn:Crafts", "urn:Forging")]
    told = {
        fact.label: fact.values for fact in letter(holding("Forging", "Crafts", ties=ties), "stranger").facts
    }
    assert told["How they belong"] == ("Forging is part of Crafts.", "Crafts has to do with Forging.")


def test_a_record_tells_nothing_of_ties_to_what_it_does_not_hold() -> None:
    ties = [tie("isPartOf", "urn:Forging", "urn:Elsewhere"), tie("isPartOf", "urn:Forging", None)]
    told = letter(holding("Forging", ties=ties), "stranger").facts
    assert "How they belong" not in {fact.label for fact in told}
