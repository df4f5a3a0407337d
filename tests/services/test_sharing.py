"""Public links: what they show, to whom, and how they end."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlmodel import Session

from backpack.config import Settings
from backpack.errors import Clash, Missing
from backpack.services import collecting, joining, organising, sharing
from backpack.services.redacting import for_strangers
from backpack.storage.tables import Badge, Earner, Share
from backpack.storage.tables.defaults import slug
from tests.conftest import Clock
from tests.issuing import MARIA, award, issuer
from tests.verifier.signing import badge as unsigned_badge
from tests.verifier.signing import secured

from .conftest import Bring, Web


@pytest.fixture
def badge(maria: Earner, bring: Bring, web: Web) -> Badge:
    issued = issuer().ob3(award())
    web.serve(issued)
    return bring(maria, issued.data, check=True)[1][0]


@pytest.fixture
def link(db: Session, maria: Earner, badge: Badge, clock: Clock) -> Share:
    return sharing.share_badge(db, maria, badge.public_id, at=clock())


def test_no_address_ends_in_a_mark_that_programs_leave_out_of_a_link() -> None:
    assert all(slug()[-1].isalnum() for _ in range(500))


def test_a_link_shows_the_badge_with_its_last_report(
    db: Session, link: Share, badge: Badge, clock: Clock
) -> None:
    shown = sharing.open_share(db, link.slug, clock())
    [entry] = shown.entries
    assert (shown.kind, shown.title, entry.verdict) == ("badge", "Open Science Foundations", "verified")
    assert entry.report is not None
    assert entry.report["verdict"] == "verified"


def test_what_ended_since_it_was_checked_is_not_shown_as_verified(
    db: Session, maria: Earner, bring: Bring, clock: Clock
) -> None:
    ends = clock() + timedelta(days=2)
    [badge] = bring(maria, issuer().ob3(award(expires_at=ends)).data, check=True)[1]
    link = sharing.share_badge(db, maria, badge.public_id, at=clock())
    before = sharing.open_share(db, link.slug, clock())
    assert before.entries[0].verdict == "verified"
    clock.move(days=2)
    after = sharing.open_share(db, link.slug, clock())
    [entry] = after.entries
    assert entry.report is not None
    assert (entry.verdict, entry.report["verdict"], entry.report["valid"]) == ("expired", "expired", False)
    assert [c["outcome"] for c in entry.report["checks"] if c["id"] == "dates"] == ["failed"]
    assert after.stamp != before.stamp


def _closed(db: Session, maria: Earner, badge: Badge, link: Share, clock: Clock) -> None:
    sharing.close(db, maria, link.public_id, clock())


def _expired(db: Session, maria: Earner, badge: Badge, link: Share, clock: Clock) -> None:
    sharing.edit(
        db,
        maria,
        link.public_id,
        at=clock(),
        audience="link",
        label="",
        expires_at=clock() + timedelta(hours=1),
        shows_name=True,
        shows_evidence=True,
    )
    clock.move(hours=1)


def test_what_is_not_changed_of_a_link_stays_as_it_was(
    db: Session, maria: Earner, link: Share, clock: Clock
) -> None:
    sharing.edit(db, maria, link.public_id, at=clock(), shows_name=False, label="Recruiting")
    changed = sharing.edit(db, maria, link.public_id, at=clock(), audience="world")
    assert (changed.shows_name, changed.label, changed.audience) == (False, "Recruiting", "world")


@pytest.mark.parametrize("ending", [_closed, _expired])
def test_an_ended_link_is_no_longer_said_to_show_a_badge(
    ending: Callable[..., None], db: Session, maria: Earner, badge: Badge, link: Share, clock: Clock
) -> None:
    assert sharing.shares_of(db, badge, clock()) == [link]
    ending(db, maria, badge, link, clock)
    assert sharing.shares_of(db, badge, clock()) == []


def _deleted(db: Session, maria: Earner, badge: Badge, link: Share, clock: Clock) -> None:
    organising.delete(db, maria, badge.public_id, clock())


@pytest.mark.parametrize("ending", [_closed, _expired, _deleted])
def test_an_ended_link_answers_like_one_that_never_was(
    ending: Callable[..., None], db: Session, maria: Earner, badge: Badge, link: Share, clock: Clock
) -> None:
    ending(db, maria, badge, link, clock)
    with pytest.raises(Missing) as ended:
        sharing.open_share(db, link.slug, clock())
    with pytest.raises(Missing) as never:
        sharing.open_share(db, "never-was", clock())
    assert (ended.value.says, ended.value.try_this) == (never.value.says, never.value.try_this)


def test_a_closed_link_stays_closed(db: Session, maria: Earner, link: Share, clock: Clock) -> None:
    sharing.close(db, maria, link.public_id, clock())
    with pytest.raises(Clash):
        sharing.edit(
            db,
            maria,
            link.public_id,
            at=clock(),
            audience="world",
            label="",
            expires_at=None,
            shows_name=True,
            shows_evidence=True,
        )


def test_every_link_has_an_address_that_nobody_guesses(
    db: Session, maria: Earner, badge: Badge, settings: Settings, clock: Clock
) -> None:
    links = [sharing.share_badge(db, maria, badge.public_id, at=clock()) for _ in range(3)]
    assert len({one.slug for one in links}) == 3
    assert all(len(one.slug) >= 22 for one in links)
    assert sharing.link_of(links[0], settings) == f"{settings.base_url}/b/{links[0].slug}"


@pytest.mark.parametrize("naming", ["hashed", "plain"])
def test_strangers_are_told_no_address_and_no_hash_of_one(
    db: Session, maria: Earner, bring: Bring, web: Web, clock: Clock, naming: str
) -> None:
    issued = issuer().ob3(award(naming=naming, description=f"For {MARIA.upper()} alone"))
    web.serve(issued)
    _, [badge] = bring(maria, issued.data, check=True)
    link = sharing.share_badge(db, maria, badge.public_id, at=clock())
    told = json.dumps(
        [asdict(e) for e in sharing.open_share(db, link.slug, clock()).entries], default=str
    ).lower()
    secret = json.loads(issued.text)["credentialSubject"]["identifier"][0]
    assert MARIA not in told
    assert sha256(MARIA.encode()).hexdigest() not in told
    assert secret["identityHash"].lower() not in told


@pytest.mark.parametrize(("is_hidden", "told"), [(False, "m•••@backpack.example"), (True, "")])
def test_of_several_whom_a_badge_names_none_is_said_to_be_confirmed_but_the_one_that_is(
    db: Session, maria: Earner, bring: Bring, clock: Clock, is_hidden: bool, told: str
) -> None:
    digest = f"sha256${sha256(MARIA.encode()).hexdigest()}"
    named = [
        {"hashed": False, "identityHash": "rector@uc.example"},
        {"hashed": is_hidden, "identityHash": digest if is_hidden else MARIA},
    ]
    kind = {"type": "IdentityObject", "identityType": "emailAddress"}
    subject = unsigned_badge()["credentialSubject"] | {"identifier": [kind | one for one in named]}
    signed = json.dumps(secured(unsigned_badge(credentialSubject=subject)))
    _, [badge] = bring(maria, signed.encode(), check=True)
    link = sharing.share_badge(db, maria, badge.public_id, at=clock())
    [entry] = sharing.open_share(db, link.slug, clock()).entries
    assert (entry.verdict, entry.recipient_hint) == ("verified", told)


def test_evidence_is_shown_only_when_the_link_says_so(
    db: Session, maria: Earner, badge: Badge, link: Share, clock: Clock
) -> None:
    said = {"evidence": [{"url": "https://a.example"}], "narrative": "How", "results": [{"value": "B"}]}
    facts = {"role": "Nurse", "humanCode": "N-1"}
    content = {"badge": {**said, "facts": facts}, "checks": []}
    hidden = for_strangers(content, (), evidence=False, name=True)["badge"]
    assert hidden == {"evidence": [], "narrative": None, "results": [], "facts": {"humanCode": "N-1"}}
    assert for_strangers(content, (), evidence=True, name=True)["badge"] == {**said, "facts": facts}


def test_no_stranger_reads_a_licence_number_nor_how_to_reach_who_assessed_it() -> None:
    source = {"name": "Centre", "email": "someone@centre.example", "phone": "1", "address": "A street"}
    badge = {"facts": {"licenseNumber": "RN-0042", "role": "Nurse"}, "source": source}
    content = {"badge": {**badge, "narrative": "Look up rn-0042."}, "checks": [], "contained": []}
    told = for_strangers({**content, "contained": [content]}, (), evidence=True, name=True)
    assert "0042" not in json.dumps(told)
    assert "centre.example" not in json.dumps(told)
    assert told["badge"]["facts"] == {"role": "Nurse"}


def test_the_name_in_the_badge_goes_with_the_name_of_the_link() -> None:
    content = {"badge": {"recipient_name": "Maria Exemplar"}, "checks": []}
    assert for_strangers(content, (), evidence=True, name=False)["badge"]["recipient_name"] is None
    assert for_strangers(content, (), evidence=True, name=True)["badge"]["recipient_name"]


def test_a_name_is_shown_only_when_the_link_says_so(
    db: Session, maria: Earner, badge: Badge, clock: Clock
) -> None:
    joining.rename(db, maria, "Maria of Montalvo")
    named = sharing.share_badge(db, maria, badge.public_id, at=clock())
    unnamed = sharing.share_badge(db, maria, badge.public_id, at=clock(), shows_name=False)
    assert sharing.open_share(db, named.slug, clock()).shown_by == "Maria of Montalvo"
    assert sharing.open_share(db, unnamed.slug, clock()).shown_by == ""


def test_a_collection_shows_its_badges_in_order_with_remarks(
    db: Session, maria: Earner, bring: Bring, clock: Clock
) -> None:
    names = ["One", "Two", "Three"]
    ids = [bring(maria, issuer().ob3(award(name=name)).data)[1][0].public_id for name in names]
    made = collecting.create_collection(db, maria, "Numbers", "All of them", clock())
    collecting.arrange(db, maria, made.public_id, [(ids[2], "last is first"), (ids[0], ""), (ids[1], "")])
    link = sharing.share_collection(db, maria, made.public_id, at=clock())
    shown = sharing.open_share(db, link.slug, clock())
    assert [(e.number, e.title, e.remark) for e in shown.entries] == [
        (1, "Three", "last is first"),
        (2, "One", ""),
        (3, "Two", ""),
    ]
    organising.delete(db, maria, ids[0], clock())
    assert [e.title for e in sharing.open_share(db, link.slug, clock()).entries] == ["Three", "Two"]


def test_the_stamp_changes_with_what_is_shown_and_only_then(
    db: Session, maria: Earner, bring: Bring, clock: Clock
) -> None:
    _, [badge] = bring(maria, issuer().ob3(award()).data, check=True)
    made = collecting.create_collection(db, maria, "Numbers", "", clock())
    collecting.add_to_collection(db, maria, made.public_id, [badge.public_id])
    link = sharing.share_collection(db, maria, made.public_id, at=clock())
    before = sharing.open_share(db, link.slug, clock()).stamp
    organising.annotate(db, maria, badge.public_id, note="only I see this")
    assert sharing.open_share(db, link.slug, clock()).stamp == before
    collecting.remark(db, maria, made.public_id, badge.public_id, "Everyone sees this")
    assert sharing.open_share(db, link.slug, clock()).stamp != before


def test_anothers_link_is_as_absent_as_none(db: Session, link: Share, clock: Clock) -> None:
    stranger = joining.make_earner(db, "someone@else.example", clock())
    with pytest.raises(Missing):
        sharing.close(db, stranger, link.public_id, clock())
    assert sharing.open_share(db, link.slug, clock()).entries


def test_linkedin_gets_the_public_page_and_the_months(
    db: Session, maria: Earner, badge: Badge, link: Share, settings: Settings
) -> None:
    address = sharing.targets_of(db, link, settings)["linkedin_profile"]
    assert f"certId={link.slug}" in address
    assert "issueYear=2025&issueMonth=3" in address
    assert "expiration" not in address
