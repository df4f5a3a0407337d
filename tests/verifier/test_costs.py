"""What a file may cost is counted for the whole file, so that nothing hostile in it can be written many times.

Each shape is one that would take seconds, or a stack without end, if it were done as it is written.
"""

import gzip
import hashlib
import json
from base64 import urlsafe_b64encode
from collections import Counter

import pytest
from base58 import b58encode
from c14n.Canonicalize import canonicalize

from backpack.errors import TooComplex
from backpack.verifier import Documents, Outcome, Verdict, read, strict_json, verify, wanted
from backpack.verifier import budget as budgets
from backpack.verifier.budget import Budget, Meter, steps_for
from backpack.verifier.canonical import said_once
from backpack.verifier.contexts import Vocabularies
from backpack.verifier.presenting import read_presentation, verify_presentation
from tests.issuing import AT
from tests.verifier.signing import OB3, V2, Signer, badge, controller, method, secured, served, signer

NOBODYS = "z" + b58encode(b"\1" * 64).decode()
PROOF = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-rdfc-2022",
    "verificationMethod": signer().method,
    "proofPurpose": "assertionMethod",
    "proofValue": NOBODYS,
}
TOO_MUCH = "This badge is built in a way that would take too much work to check."
CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"


def knot(size: int, near: int | None = None):
    """A badge with blank nodes that are told apart by nothing: each refers to all others, or to the next only."""
    words = {"near": {"@id": "https://words.example/near", "@type": "@id"}}
    others = {a: [(a + 1) % size] if near else [b for b in range(size) if b != a] for a in range(size)}
    nodes = [{"id": f"_:{a}", "near": [f"_:{b}" for b in others[a]]} for a in range(size)]
    whole = badge()
    whole["credentialSubject"]["near"] = nodes
    return {**whole, "@context": [V2, OB3, words]}


@pytest.fixture
def spent(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Steps that were taken of any budget."""
    steps: Counter[str] = Counter()
    spend = Budget.spend

    def counted(self: Budget, number: int = 1) -> None:
        if self.left >= 0:
            steps["spent"] += number
        spend(self, number)

    monkeypatch.setattr(Budget, "spend", counted)
    return steps


def report(document, *documents):
    held = Documents(*documents)
    found = read(json.dumps(document).encode())
    wanted(found, held)
    return verify(found, held, None, AT)


def record(*inside):
    return {
        **badge(),
        "@context": [V2, CLR, OB3],
        "type": ["VerifiableCredential", "ClrCredential"],
        "credentialSubject": {
            "id": "did:example:maria",
            "type": ["ClrSubject"],
            "verifiableCredential": list(inside),
        },
    }


KNOT = {**knot(8), "proof": PROOF}
MANY_TIMES = {
    "proofs": {**knot(8), "proof": [PROOF] * 20},
    "credentials inside": {**record(*[KNOT] * 20), "proof": PROOF},
    "endorsements": {
        **badge(endorsement=[{**KNOT, "type": ["VerifiableCredential", "EndorsementCredential"]}] * 12),
        "proof": PROOF,
    },
    "vocabularies": {
        **badge(),
        "@context": [
            V2,
            OB3,
            {f"a{n}": {"@id": f"urn:a:{n}", "@context": {"b": f"urn:b:{n}"}} for n in range(400)},
        ],
        "proof": PROOF,
        **{f"a{n}": {"b": "c"} for n in range(400)},
    },
}


@pytest.mark.parametrize("what", MANY_TIMES)
def test_many_hostile_parts_cost_no_more_than_one_file_may(what, spent):
    assert report(MANY_TIMES[what]).verdict in (Verdict.invalid, Verdict.unconfirmed)
    allowed = budgets.LEAST + steps_for(MANY_TIMES[what])
    assert spent["spent"] < 2 * (
        allowed + 10_000
    )  # once to see what is wanted, once to verify; the last step may be long


def test_the_larger_a_file_the_more_it_may_cost():
    small, large = Budget(100, badge()), Budget(100, record(*[badge()] * 50))
    small.spend(100 + steps_for(badge()))
    large.spend(100 + 40 * steps_for(badge()))
    with pytest.raises(TooComplex):
        small.spend()


def test_many_small_badges_shown_together_are_each_verified():
    shown = {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [secured(badge())] * 150,
    }
    signed = secured(shown, proofPurpose="authentication")
    found = verify_presentation(read_presentation(json.dumps(signed).encode()), Documents(), AT)
    assert [one.outcome for one in found.signatures] == [Outcome.passed]
    assert [one.verdict for one in found.credentials] == [Verdict.verified] * 150


def all_hold(*badges) -> bool:
    """Whether these hold, and the presentation that shows them together."""
    shown = {"@context": [V2], "type": ["VerifiablePresentation"], "verifiableCredential": [*badges]}
    signed = secured(shown, proofPurpose="authentication")
    found = verify_presentation(read_presentation(json.dumps(signed).encode()), Documents(), AT)
    verdicts = {one.verdict for one in found.credentials}
    return (found.signatures[0].outcome, verdicts) == (Outcome.passed, {Verdict.verified})


def test_badges_that_each_name_other_vocabularies_are_each_verified_where_they_are_shown_together():
    others = [
        "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        "https://w3id.org/security/data-integrity/v2",
        "https://w3id.org/security/multikey/v1",
        "https://w3id.org/security/suites/ed25519-2020/v1",
        "https://w3id.org/vc/status-list/2021/v1",
        "https://www.w3.org/ns/credentials/status/v1",
    ]
    lists = [[V2, OB3], *([V2, OB3, one] for one in others), [V2, OB3, *others]]
    assert all_hold(*(secured(badge(**{"@context": listed})) for listed in lists))


def test_so_are_badges_that_all_bring_the_same_words_of_their_issuer_s_own():
    words = {f"word{n}": f"https://school.example/words#{n}" for n in range(20)}
    members = {"@context": [V2, OB3, words], "word1": "x"}
    assert all_hold(*(secured(badge(id=f"urn:uuid:{n}", **members)) for n in range(8)))


@pytest.mark.parametrize("size", [400, 2000])
def test_a_row_of_nodes_as_long_as_a_stack_breaks_nothing(size):
    assert report({**knot(size, near=1), "proof": PROOF}).verdict is Verdict.invalid


def test_words_each_short_for_the_next_break_nothing():
    row = {f"w{n}": f"w{n + 1}:x" for n in range(1500)}
    found = report(
        {**badge(), "@context": [V2, OB3, {**row, "w1500": "https://words.example/"}], "proof": PROOF}
    )
    assert found.verdict is Verdict.invalid


def chained(count: int, by: Signer):
    """A badge with proofs each of which signs all before it (eddsa-jcs-2022); every one of them holds."""
    whole, proofs = badge(), []
    for number in range(count):
        proof = {**PROOF, "cryptosuite": "eddsa-jcs-2022", "id": f"urn:proof:{number}"}
        del proof["proofValue"]
        signed = whole
        if proofs:
            proof["previousProof"] = [before["id"] for before in proofs]
            signed = {**whole, "proof": proofs[0] if len(proofs) == 1 else proofs}
        hashed = b"".join(hashlib.sha256(canonicalize(part)).digest() for part in (proof, signed))
        proofs.append({**proof, "proofValue": "z" + b58encode(by.sign(hashed)).decode()})
    return {**whole, "proof": proofs}


def test_of_proofs_that_each_sign_all_before_them_every_one_is_tried_once(spent):
    found = report(chained(16, signer()))
    assert [one.outcome for one in found.signatures] == [Outcome.passed] * 16
    assert spent["spent"] < 20_000  # doubling with each, it would be millions


LIST = "https://school.example/withdrawn"
WITHDRAWN = served(
    LIST, {"id": LIST, "issuer": signer().did, "revokedCredential": [{"id": "urn:uuid:other"}]}
)


def with_statuses(count: int):
    entries = [{"id": LIST, "type": "1EdTechRevocationList"}] * count
    contexts = [V2, OB3, "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]
    return secured(badge(**{"@context": contexts, "credentialStatus": entries}))


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each JSON text was read."""
    texts: Counter[str] = Counter()
    bound = strict_json._bound_shape

    def counted(text: str) -> None:
        texts[text] += 1
        bound(text)

    monkeypatch.setattr(strict_json, "_bound_shape", counted)
    return texts


def test_one_list_is_read_once_however_many_entries_name_it(parsed):
    found = report(with_statuses(30), WITHDRAWN)
    assert (found.verdict, parsed[WITHDRAWN.body.decode()]) == (Verdict.verified, 1)


SITE, WEB, OWN = "https://school.example", "did:web:school.example", "https://school.example/words"
KEYS = served(f"{SITE}/.well-known/did.json", controller(WEB, method(WEB)))
SET = served(f"{SITE}/.well-known/jwks.json", {"keys": [{**signer("rsa").jwk, "kid": "k"}]})
WORDS = served(OWN, {"@context": {"colour": f"{OWN}#colour"}})
EVERY = {
    "a list": (WITHDRAWN, with_statuses(1)),
    "an issuer's keys": (KEYS, secured(badge(WEB), verificationMethod=f"{WEB}#key-1")),
    "a host's keys": (SET, signer("rsa").jwt(badge(SITE), "RS256", kid="k")),
    "a vocabulary": (WORDS, secured(badge(**{"@context": [V2, OB3, OWN]}), documents=[WORDS])),
}


@pytest.mark.parametrize("what", EVERY)
def test_a_document_is_read_once_however_many_credentials_in_a_record_ask_for_it(what, parsed):
    document, inner = EVERY[what]
    page = served(SITE, {"id": SITE})
    found = report({**record(*[inner] * 6), "proof": PROOF}, document, page)
    assert {one.verdict for one in found.contained} == {Verdict.verified}
    assert parsed[document.body.decode()] == 1


def test_what_an_extension_names_is_read_once_however_many_extensions_name_it(parsed):
    here = "https://hosted.example/a"
    rules = served("https://hosted.example/words", {"validation": []})
    extensions = [{"@context": rules.url, "type": ["Extension", "extensions:E"]}] * 50
    assertion = {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": here,
        "badge": f"{here}/badge",
        "extensions:e": extensions,
    }
    report(assertion, served(here, assertion), rules)
    assert parsed[rules.body.decode()] == 1


def test_all_the_lists_that_a_badge_names_are_held_only_as_far_as_memory_goes(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("backpack.verifier.status.bitstring.MAX_HELD", 40_000)
    addresses = [f"{SITE}/list{n}" for n in range(4)]
    packed = "u" + urlsafe_b64encode(gzip.compress(bytes(16_384))).decode().rstrip("=")
    subject = {"type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": packed}
    kinds = ["VerifiableCredential", "BitstringStatusListCredential"]
    lists = [
        served(url, secured({"@context": [V2], "id": url, "type": kinds, "issuer": signer().did,
                             "credentialSubject": subject}))
        for url in addresses
    ]  # fmt: skip
    usual = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "1"}
    entries = [{**usual, "statusListCredential": url} for url in addresses]
    assert report(secured(badge(credentialStatus=entries[:2])), *lists).verdict is Verdict.verified
    found = report(secured(badge(credentialStatus=entries)), *lists)
    assert "lists are larger than we read" in next(c.message for c in found.checks if c.id == "revocation")


@pytest.mark.parametrize("end", [{"colour": "urn:colour"}, []])
def test_vocabularies_that_each_name_the_next_one_twice_are_not_gone_through_twice_as_often(end, monkeypatch):
    finds: list[str] = []
    find = Vocabularies.find
    monkeypatch.setattr(Vocabularies, "find", lambda self, url: finds.append(url) or find(self, url))
    tree = [served(f"{OWN}{n}", {"@context": [f"{OWN}{n + 1}"] * 2 if n < 14 else end}) for n in range(15)]
    found = report({**badge(**{"@context": [V2, OB3, f"{OWN}0"]}), "proof": PROOF}, *tree)
    assert (found.verdict, len(finds) < 5000) == (Verdict.invalid, True)  # of 32,768


def test_results_that_share_one_scale_of_levels_read_it_once(monkeypatch: pytest.MonkeyPatch):
    from backpack.verifier import vc

    reads: list[object] = []
    monkeypatch.setattr(vc, "_levels", lambda described: reads.append(described) or {"urn:high": "High"})
    whole = badge()
    scale = {"id": "urn:scale", "type": ["ResultDescription"], "name": "Mark"}
    whole["credentialSubject"]["achievement"]["resultDescription"] = [scale]
    one = {"type": ["Result"], "resultDescription": "urn:scale", "achievedLevel": "urn:high"}
    whole["credentialSubject"]["result"] = [one] * 50
    found = read(json.dumps(whole).encode()).results
    assert ([result.level for result in found], len(reads)) == (["High"] * 50, 1)


def test_words_that_no_table_holds_cost_more_than_those_it_does(spent):
    known, long = secured(badge()), {f"https://words.example/{n}": "v" for n in range(100)}
    report(known)  # what is made once, for every badge, is made
    made = spent["spent"]
    report(known)
    usual = spent["spent"] - made
    report({**badge(), **long, "proof": PROOF})
    assert spent["spent"] - made - usual > usual + 100 * 6


@pytest.mark.parametrize(
    "members",
    [
        {"favourite": "blue"},
        {"@context": [V2, OB3, "https://own.example/"]},
        MANY_TIMES["vocabularies"],
    ],
)
def test_why_a_badge_cannot_be_said_in_statements_is_found_once(members, monkeypatch: pytest.MonkeyPatch):
    from backpack.verifier import canonical

    walks: list[object] = []
    walk = canonical.walked
    monkeypatch.setattr(canonical, "walked", lambda *asked, **how: walks.append(asked) or walk(*asked, **how))
    report({**badge(), **members, "proof": [PROOF] * 20})
    assert len(walks) == 1


@pytest.mark.parametrize("budget", [Budget, lambda *steps: Meter(Budget(*steps))])
def test_what_was_too_much_for_what_was_left_is_tried_again_where_more_is_left(budget):
    whole, held = badge(), Documents()
    for _ in range(2):
        with pytest.raises(TooComplex):
            said_once(whole, whole, held, budget(700))
    assert said_once(whole, whole, held, budget()).quads


def test_more_statuses_than_we_look_at_leave_open_whether_it_was_taken_back():
    found = report(with_statuses(33), WITHDRAWN)
    assert found.verdict is Verdict.unconfirmed
    assert "more than 32 statuses" in next(c.message for c in found.checks if c.id == "revocation")


def test_more_schemas_than_we_apply_leave_its_structure_open():
    schema = served("https://school.example/schema", {"type": "object"})
    named = [{"id": schema.url, "type": "JsonSchema"}]
    assert report(secured(badge(credentialSchema=named * 8)), schema).verdict is Verdict.verified
    found = report(secured(badge(credentialSchema=named * 9)), schema)
    assert "more than 8 schemas" in next(c.message for c in found.checks if c.id == "structure")
