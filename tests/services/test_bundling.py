"""The verification bundle: everything that is needed, nothing that is not, and the same every time."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine
from sqlmodel import Session, select

from backpack.__main__ import app
from backpack.config import Settings
from backpack.demo.shapes import Issued
from backpack.errors import Missing
from backpack.services import bundling, checking, joining, organising, reports
from backpack.storage.blobs import Blobs
from backpack.storage.tables import Badge, Document, Earner
from tests.conftest import Clock
from tests.issuing import AT, MARIA, award, by_stranger, issuer, renamed
from tests.services.conftest import Bring, Web


@pytest.fixture
def hosted() -> Issued:
    return issuer().ob2_hosted(award())


def files(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def said(data: bytes, name: str) -> Any:
    return json.loads(files(data)[name])


@pytest.fixture
def kept(maria: Earner, bring: Bring, web: Web, hosted: Issued) -> Badge:
    """A hosted badge in Maria's backpack, checked."""
    web.serve(hosted)
    _, (badge,) = bring(maria, hosted.data, check=True)
    return badge


def test_it_holds_the_original_and_all_that_the_report_stands_on(
    db: Session, blobs: Blobs, maria: Earner, kept: Badge, hosted: Issued
) -> None:
    made = bundling.bundle(db, blobs, maria, kept.public_id)
    index = said(made, "documents/index.json")
    assert files(made)["open-science-foundations.png"] == hosted.data
    assert set(index) == set(db.exec(select(Document.url)))
    for url, entry in index.items():
        assert files(made)[f"documents/{entry['file']}"] == hosted.documents[url].body
        assert (entry["status"], entry["content_type"]) == hosted.documents[url][:2]


def test_it_says_what_belongs_together(db: Session, blobs: Blobs, maria: Earner, kept: Badge) -> None:
    made = bundling.bundle(db, blobs, maria, kept.public_id)
    report = reports.latest(db, kept)
    assert report is not None
    assert said(made, "report.json") == report.content
    assert said(made, "bundle.json") == {
        "format": 1,
        "badge": "open-science-foundations.png",
        "credential_sha256": kept.credential_sha256,
        "at": report.content["at"],
        "engine": report.engine,
        "recipients": [MARIA],
    }
    text = files(made)["README.txt"].decode()
    assert "backpack verify --offline open-science-foundations-bundle.zip" in text
    assert report.content["at"] in text


def test_the_same_report_makes_the_same_bundle(db: Session, blobs: Blobs, maria: Earner, kept: Badge) -> None:
    assert bundling.bundle(db, blobs, maria, kept.public_id) == bundling.bundle(
        db, blobs, maria, kept.public_id
    )


def test_it_names_the_address_that_the_badge_went_to_and_no_other(
    db: Session, blobs: Blobs, maria: Earner, kept: Badge, clock: Clock, engine: Engine, settings: Settings
) -> None:
    joining.make_earner(db, "maria@old.example", clock())
    made = bundling.bundle(db, blobs, maria, kept.public_id)
    assert MARIA in files(made)["README.txt"].decode()
    assert b"maria@old.example" not in made


def test_a_badge_for_somebody_else_names_none_of_the_earner_s_addresses(
    db: Session, blobs: Blobs, maria: Earner, bring: Bring, web: Web
) -> None:
    other = issuer().ob3(award(recipient="joana@elsewhere.example"))
    _, (badge,) = bring(maria, other.data, check=True)
    made = bundling.bundle(db, blobs, maria, badge.public_id)
    assert said(made, "bundle.json")["recipients"] == []
    assert MARIA.encode() not in made
    assert "e-mail address" not in files(made)["README.txt"].decode()


def test_it_knows_what_did_not_answer(
    db: Session, blobs: Blobs, maria: Earner, bring: Bring, web: Web
) -> None:
    badge = issuer().ob3(award(standing="silent"))
    _, (kept,) = bring(maria, badge.data, check=True)
    (entry,) = said(bundling.bundle(db, blobs, maria, kept.public_id), "documents/index.json").values()
    assert (entry["status"], entry["problem"]) == (0, "montalvo.example could not be reached")


def test_an_answer_that_was_archived_before_has_the_time_of_this_report(
    db: Session,
    blobs: Blobs,
    maria: Earner,
    kept: Badge,
    clock: Clock,
    engine: Engine,
    settings: Settings,
    web: Web,
    hosted: Issued,
) -> None:
    clock.move(days=30)
    web.answers = {
        url: type(answer)(**{**_members(answer), "fetched_at": clock()})
        for url, answer in web.answers.items()
    }
    checking.check_badge(engine, blobs, settings, kept.id, clock())
    db.expire_all()
    made = bundling.bundle(db, blobs, maria, kept.public_id)
    used = {one["url"]: one["fetched_at"] for one in said(made, "report.json")["documents"]}
    index = said(made, "documents/index.json")
    assert {url: index[url]["fetched_at"] for url in used} == used
    assert len(db.exec(select(Document)).all()) == len(index)


def _members(answer: Any) -> dict[str, Any]:
    return {name: getattr(answer, name) for name in answer.__slots__}


def test_a_lost_copy_does_not_keep_the_rest_back(
    db: Session, blobs: Blobs, maria: Earner, kept: Badge
) -> None:
    lost = db.exec(select(Document).order_by(Document.url)).first()
    assert lost is not None
    blobs.drop(lost.sha256)
    made = bundling.bundle(db, blobs, maria, kept.public_id)
    assert f"documents/{lost.sha256}" not in files(made)
    assert lost.url in said(made, "documents/index.json")


def test_two_addresses_that_answer_the_same_share_a_file(
    db: Session, blobs: Blobs, maria: Earner, bring: Bring, web: Web
) -> None:
    badge = issuer().ob2_hosted(award())
    for url in badge.documents:
        web.say(url, b"gone", "text/plain", 404)
    _, (kept,) = bring(maria, badge.data, check=True)
    made = bundling.bundle(db, blobs, maria, kept.public_id)
    names = [name for name in files(made) if name.startswith("documents/")]
    assert len(names) == len(set(names))


KINDS = {
    "hosted 0.5": lambda: issuer().ob05(award()),
    "hosted 1.0": lambda: issuer().ob10(award()),
    "hosted 1.1": lambda: issuer().ob11(award(expires_at=AT)),
    "signed 1.1": lambda: issuer().ob1_signed(award(standing="revoked", number=81)),
    "hosted 2.0": lambda: issuer().ob2_hosted(award(naming="plain")),
    "signed 2.0": lambda: issuer().ob2_signed(award()),
    "as a link": lambda: issuer().ob2_hosted(award(), carrier="bare"),
    "3.0 by a key": lambda: issuer().ob3(award()),
    "3.0 by a domain": lambda: issuer().ob3(award(), speaks="did:web", carrier="svg"),
    "3.0 revoked": lambda: issuer().ob3(award(standing="revoked", reason="A mistake", number=82)),
    "3.0 suspended": lambda: issuer().ob3(award(standing="suspended", number=83)),
    "3.0 in silence": lambda: issuer().ob3(award(standing="silent")),
    "3.0 token": lambda: issuer().ob3_jwt(award(), "ES256", "https"),
    "for somebody else": lambda: issuer().ob3(award(recipient="joana@elsewhere.example", naming="plain")),
    "forged": lambda: renamed(issuer().ob3(award())),
    "forged issuer": lambda: by_stranger(award()),
}


@pytest.mark.parametrize("kind", KINDS)
def test_another_machine_comes_to_the_same_report_without_a_network(
    db: Session, blobs: Blobs, maria: Earner, bring: Bring, web: Web, tmp_path: Path, kind: str
) -> None:
    badge = KINDS[kind]()
    web.serve(badge)
    _, (kept, *_) = bring(maria, badge.data, check=True)
    file = tmp_path / "bundle.zip"
    file.write_bytes(bundling.bundle(db, blobs, maria, kept.public_id))
    web.answers.clear()
    again = json.loads(verify("--offline", "--json", str(file)).stdout)
    report = reports.latest(db, kept)
    assert report is not None
    # Byte for byte: the order of members and of checks is the same too.
    for part in ("checks", "verdict", "at", "documents", "matched", "notes", "signatures", "issuer_evidence"):
        assert json.dumps(again[part]) == json.dumps(report.content[part]), part


def test_of_several_badges_in_one_file_the_bundle_s_own_is_checked(
    db: Session, blobs: Blobs, maria: Earner, bring: Bring, tmp_path: Path
) -> None:
    one, other = issuer().ob3(award(), carrier="bare"), issuer().ob3(award(art="night-sky"), carrier="bare")
    both = f'{{"type": "VerifiablePresentation", "verifiableCredential": [{one.text}, {other.text}]}}'
    _, badges = bring(maria, both.encode(), check=True)
    assert len(badges) == 2
    for badge in badges:
        file = tmp_path / f"{badge.public_id}.zip"
        file.write_bytes(bundling.bundle(db, blobs, maria, badge.public_id))
        told = json.loads(verify("--offline", "--json", str(file)).stdout)
        assert (told["verdict"], told["badge"]["name"]) == ("verified", badge.title)


def test_the_clock_and_the_addresses_may_be_others(
    db: Session, blobs: Blobs, maria: Earner, bring: Bring, tmp_path: Path
) -> None:
    _, (kept,) = bring(maria, issuer().ob3(award(expires_at=AT.replace(year=2027))).data, check=True)
    file = tmp_path / "bundle.zip"
    file.write_bytes(bundling.bundle(db, blobs, maria, kept.public_id))
    told = verify(str(file))
    assert told.exit_code == 0
    assert "The outcome is the same as in the report that came with it." in " ".join(told.stdout.split())
    later = verify("--at", "2028-01-01T00:00:00Z", str(file))
    assert (later.exit_code, later.stdout.startswith("Expired")) == (1, True)
    elsewhere = verify("--recipient", "joana@elsewhere.example", str(file))
    assert elsewhere.stdout.startswith("Awarded to someone else")


def verify(*arguments: str) -> Result:
    """Run the command in this process, where nothing reaches beyond loopback."""
    return CliRunner().invoke(app, ["verify", *arguments])


def test_before_the_first_report_there_is_no_bundle(
    db: Session, blobs: Blobs, maria: Earner, bring: Bring, hosted: Issued
) -> None:
    _, (badge,) = bring(maria, hosted.data)
    with pytest.raises(Missing, match="no report yet"):
        bundling.bundle(db, blobs, maria, badge.public_id)


def test_nobody_bundles_the_badge_of_somebody_else(
    db: Session, blobs: Blobs, kept: Badge, clock: Clock
) -> None:
    other = joining.make_earner(db, "other@elsewhere.example", clock())
    with pytest.raises(Missing):
        bundling.bundle(db, blobs, other, kept.public_id)


def test_a_deleted_badge_has_no_bundle(
    db: Session, blobs: Blobs, maria: Earner, kept: Badge, clock: Clock
) -> None:
    organising.delete(db, maria, kept.public_id, clock())
    with pytest.raises(Missing):
        bundling.bundle(db, blobs, maria, kept.public_id)
