"""What a mail proves of its sender: no more than its signature, its way, and our own mail server say."""

import base64
import functools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from backpack.config import Settings
from backpack.network import names
from backpack.services.vouching import (
    FAIL,
    NONE,
    PASS,
    UNKNOWN,
    Reception,
    Said,
    Vouched,
    policies,
    vouch,
)
from tests.issuing import MARIA
from tests.naming import NameServer, name_server

DOMAIN = MARIA.partition("@")[2]
STRANGER = "1.2.3.4"
LMTP = Reception("lmtp", mail_from=MARIA)
OURS = "mx.backpack.test"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path, authserv_id=OURS)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    with name_server() as server:
        monkeypatch.setattr(names, "resolver", lambda: server.resolver)
        yield server


@functools.cache
def key() -> tuple[bytes, str]:
    """A private key, and what is published of it."""
    private = rsa.generate_private_key(65537, 2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return pem, f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


def letter(author: str = MARIA, head: str = "", body: str = "See below.\r\n") -> bytes:
    return f"{head}From: Maria <{author}>\r\nTo: x@y.test\r\nSubject: Fwd: badge\r\n\r\n{body}".encode()


def signed(data: bytes, world: NameServer, domain: str = DOMAIN, **how: bool) -> bytes:
    """The mail with this domain's signature, its key published."""
    pem, public = key()
    world.publish(f"s1._domainkey.{domain}", public)
    return dkim.sign(data, b"s1", domain.encode(), pem, **how) + data


class TestSignatures:
    """A signature says which domain signed these bytes."""

    def test_who_forwards_from_a_confirmed_address_is_recognised(self, world, settings):
        found = vouch(signed(letter(), world), LMTP, settings)
        assert (found.by, found.author, found.dkim, found.aligned) == (
            "us",
            MARIA,
            (Said(PASS, DOMAIN),),
            True,
        )
        assert found.seen_by([MARIA.upper()]).forwarded_by == MARIA
        assert found.seen_by(["other@people.example"]).forwarded_by is None

    def test_a_signature_of_another_domain_says_nothing_of_the_author(self, world, settings):
        found = vouch(signed(letter(), world, "evil.example"), LMTP, settings).seen_by([MARIA])
        assert (found.dkim, found.aligned, found.forwarded_by) == ((Said(PASS, "evil.example"),), False, None)

    def test_a_mail_that_was_changed_has_no_valid_signature(self, world, settings):
        changed = signed(letter(), world).replace(b"See below", b"See above")
        assert vouch(changed, LMTP, settings).dkim == (Said(FAIL, DOMAIN),)

    def test_a_signature_over_a_part_of_the_mail_counts_for_nothing(self, world, settings):
        part = signed(letter(), world, length=True) + b"and what somebody added"
        found = vouch(part, LMTP, settings)
        assert (found.dkim, found.aligned) == ((Said(NONE, DOMAIN),), False)

    def test_a_name_server_that_is_silent_leaves_it_unknown(self, world, settings, monkeypatch):
        monkeypatch.setattr(names, "SECONDS", 0.1)
        data = signed(letter(), world)
        world.zone[f"s1._domainkey.{DOMAIN}", "TXT"] = None
        found = vouch(data, LMTP, settings)
        assert (found.dkim, found.aligned) == ((Said(UNKNOWN, DOMAIN),), False)

    def test_with_two_authors_there_is_none(self, world, settings):
        data = signed(letter(), world)
        for second in (
            f"From: {MARIA}\r\n".encode() + data,
            data.replace(b"From: Maria", b"From: a@b.test, Maria"),
        ):
            found = vouch(second, LMTP, settings)
            assert (found.author, found.aligned) == ("", False)

    def test_of_very_many_signatures_only_a_few_are_looked_at(self, world, settings):
        field = signed(letter(), world)[: -len(letter())]
        found = vouch(field * 60 + letter(), LMTP, settings)
        assert len(found.dkim) == 5

    def test_a_mail_without_any_asks_nobody(self, world, settings):
        assert vouch(letter(), LMTP, settings) == Vouched("us", MARIA)
        assert world.asked == []

    def test_of_a_file_nothing_is_said(self, world, settings):
        assert vouch(signed(letter(), world), Reception(), settings) == Vouched()

    @pytest.mark.parametrize(
        "hostile",
        [
            b"DKIM-Signature: " + b"a" * 50_000 + b"\r\n",
            b"DKIM-Signature: v=1; d=\xff; s=" + b"x" * 300 + b"; b=; bh=; h=from; a=rsa-sha256\r\n",
            b"From: " + b"(" * 5_000 + b"\r\nDKIM-Signature: x\r\n",
            b"From: " + b"a@b.test," * 5_000 + b"\r\n",
            b"X: y\r\n" * 20_000,
            b"\0" * 70_000,
        ],
    )
    def test_what_is_meant_to_break_it_only_proves_nothing(self, world, settings, hostile):
        assert not vouch(hostile + letter("a@b.test"), LMTP, settings).aligned


class TestAlignment:
    """Which domain may speak for another."""

    @pytest.mark.parametrize(
        ("signer", "author", "record", "speaks"),
        [
            ("uni.example", "uni.example", "", True),
            ("uni.example", "mail.uni.example", "", True),
            ("example", "uni.example", "", False),
            ("mail.uni.example", "uni.example", "v=DMARC1; p=none", True),
            ("mail.uni.example", "uni.example", "v=DMARC1; p=none; adkim=s", False),
            ("mail.uni.example", "uni.example", "v=DMARC1; p=none; psd=y", False),
            ("mail.uni.example", "uni.example", "", False),
            ("eviluni.example", "uni.example", "v=DMARC1; p=none", False),
            ("a.uni.example", "b.uni.example", "v=DMARC1; p=none", False),
            ("", "uni.example", "v=DMARC1; p=none", False),
        ],
    )
    def test_it_is_the_same_one_or_a_relation_that_its_owner_published(self, signer, author, record, speaks):
        answers = dict.fromkeys(policies.questions(author), ())
        answers |= {("_dmarc.uni.example", "TXT"): (record,)} if record else {}
        assert policies.speaks_for(signer, author, policies.policy_of(author, answers)) is speaks


class TestWay:
    """Of what comes straight to us we know which server brought it."""

    def came(self, world, settings, record, peer=STRANGER, **more):
        world.publish("uni.example", record)
        for name, texts in more.items():
            world.publish(f"{name}.example", texts)
        return vouch(letter("a@uni.example"), Reception("smtp", peer, "mx.test", "a@uni.example"), settings)

    @pytest.mark.parametrize(
        ("record", "outcome"),
        [
            ("v=spf1 ip4:1.2.3.4 -all", PASS),
            ("v=spf1 include:one.example -all", PASS),
            ("v=spf1 -all", FAIL),
            ("v=spf1 ~all", FAIL),
            ("v=spf1 ?all", NONE),
            ("nothing of the kind", NONE),
            ("v=spf1 include:uni.example -all", UNKNOWN),
        ],
    )
    def test_a_domain_says_which_servers_may_send_for_it(self, world, settings, record, outcome):
        found = self.came(
            world, settings, record, one="v=spf1 include:two.example", two="v=spf1 ip4:1.2.3.0/24"
        )
        assert found.spf == Said(outcome, "uni.example")
        assert not found.aligned  # which takes a signature

    def test_its_mail_servers_may_be_named_by_their_names(self, world, settings):
        world.zone["uni.example", "MX"] = ["10 mx.uni.example."]
        world.zone["mx.uni.example", "A"] = [STRANGER]
        assert self.came(world, settings, "v=spf1 mx -all").spf.outcome == PASS

    def test_what_our_own_relay_brings_says_nothing_of_the_way(self, world, settings):
        found = self.came(world, settings, "v=spf1 -all", peer="127.0.0.1")
        assert found.spf == Said()
        assert world.asked == []

    def test_a_record_without_end_ends(self, world, settings):
        chain = {f"n{number}": f"v=spf1 include:n{number + 1}.example" for number in range(30)}
        assert self.came(world, settings, "v=spf1 include:n0.example", **chain).spf.outcome == UNKNOWN
        assert len(world.asked) <= 20

    @pytest.mark.parametrize(("record", "outcome"), [("v=spf1 ip4:1.2.3.4", PASS), ("v=spf1 -all", FAIL)])
    def test_the_domains_own_policy_is_held_against_it(self, world, settings, record, outcome):
        world.publish("_dmarc.uni.example", "v=DMARC1; p=reject")
        assert self.came(world, settings, record).dmarc == Said(outcome, "uni.example")

    def test_a_domain_without_a_policy_is_held_to_none(self, world, settings):
        assert self.came(world, settings, "v=spf1 -all").dmarc == Said(NONE, "uni.example")


RESULT = (
    f"dkim=pass header.d={DOMAIN}; spf=fail smtp.mailfrom=x@evil.example; dmarc=pass header.from={DOMAIN}"
)
FORGED = f"dkim=pass header.d={DOMAIN}; dmarc=pass header.from={DOMAIN}"


class TestResults:
    """Our own mail server's word is taken, and nobody else's."""

    def told(self, settings, head, author=MARIA, door="lmtp"):
        return vouch(letter(author, head), Reception(door), settings)

    def test_what_it_says_is_what_is_known(self, settings):
        found = self.told(settings, f"Authentication-Results: {OURS}; {RESULT}\r\n").seen_by([MARIA])
        assert found == Vouched(
            by="mta",
            author=MARIA,
            spf=Said(FAIL, "evil.example"),
            dkim=(Said(PASS, DOMAIN),),
            dmarc=Said(PASS, DOMAIN),
            aligned=True,
            forwarded_by=MARIA,
        )

    @pytest.mark.parametrize(
        "written",
        [
            f"authentication-results:\r\n\t{OURS.upper()} 1;\r\n\tdkim=pass (2048-bit; \\) key)\r\n\theader.d={DOMAIN}",
            f"Authentication-Results: (a (nested; dkim=fail) word) {OURS}; dkim = pass header.i=@{DOMAIN}",
            f'Authentication-Results: {OURS}; dkim=pass reason="a; dkim=fail" header.d="{DOMAIN}"',
        ],
    )
    def test_it_may_be_written_in_many_ways(self, settings, written):
        found = self.told(settings, f"{written}\r\n")
        assert (found.by, found.dkim, found.aligned) == ("mta", (Said(PASS, DOMAIN),), True)

    @pytest.mark.parametrize(
        "forged",
        [
            f"Authentication-Results: mx.evil.example; {FORGED}",
            f"Authentication-Results: {OURS}.evil.example; {FORGED}",
            f"Authentication-Results:\r\n mx.evil.example;\r\n {OURS}; {FORGED}",
            f"Authentication-Results: ({OURS}; {FORGED})",
            f"Authentication-Results: mx.evil.example ({OURS}); {FORGED}",
            f"ARC-Authentication-Results: i=1; {OURS}; {FORGED}",
            f"X-Authentication-Results: {OURS}; {FORGED}",
            f"AUTHENTICATION-RESULTS: ; {OURS}; {FORGED}",
        ],
    )
    def test_what_others_say_in_its_manner_is_not_read(self, settings, forged):
        found = self.told(settings, f"{forged}\r\n")
        assert (found.by, found.dkim, found.aligned) == ("us", (), False)
        honest = f"Authentication-Results: {OURS}; dkim=none; dmarc=fail header.from={DOMAIN}\r\n"
        for head in (f"{forged}\r\n{honest}", f"{honest}{forged}\r\n"):
            found = self.told(settings, head)
            assert (found.by, found.dmarc, found.aligned) == ("mta", Said(FAIL, DOMAIN), False)

    def test_only_its_topmost_word_counts(self, settings):
        below = f"Authentication-Results: {OURS}; {FORGED}\r\n"
        found = self.told(settings, f"Authentication-Results: {OURS}; dkim=fail header.d={DOMAIN}\r\n{below}")
        assert (found.dkim, found.aligned) == ((Said(FAIL, DOMAIN),), False)

    def test_its_word_about_another_author_is_none_about_this_one(self, settings):
        found = self.told(settings, f"Authentication-Results: {OURS}; {RESULT}\r\n", "a@other.example")
        assert not found.aligned

    @pytest.mark.parametrize("name", ["", "mx.other.example"])
    def test_without_its_name_nothing_is_read(self, settings, name):
        other = settings.model_copy(update={"authserv_id": name})
        assert self.told(other, f"Authentication-Results: {OURS}; {RESULT}\r\n").by == "us"

    def test_who_comes_straight_to_us_cannot_speak_for_it(self, settings):
        assert self.told(settings, f"Authentication-Results: {OURS}; {RESULT}\r\n", door="smtp").dkim == ()


class TestShape:
    """It is kept as JSON and comes back as it was."""

    def test_there_and_back(self):
        one = Vouched("us", MARIA, Said(PASS, "a.b"), (Said(FAIL, "c.d"),), Said(NONE, "e.f"), True, MARIA)
        way = Reception("smtp", STRANGER, "mx.test", MARIA)
        kept = {"vouched": one.as_json(), "reception": way.as_json()}
        assert (Vouched.of(kept), Reception.of(kept)) == (one, way)

    @pytest.mark.parametrize("letter", [None, {}, {"from": "x"}])
    def test_a_letter_that_tells_nothing_is_read_as_that(self, letter):
        assert (Vouched.of(letter), Reception.of(letter)) == (Vouched(), Reception())

    def test_an_address_of_no_author_is_nobodys(self):
        assert Vouched(aligned=True).seen_by([""]).forwarded_by is None
        assert replace(Vouched(author=MARIA), aligned=False).seen_by([MARIA]).forwarded_by is None
