"""`backpack demo` fills a backpack as its owner would, and filling it again changes nothing."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backpack.__main__ import app
from backpack.config import Settings
from backpack.demo import content, filling, folder
from backpack.demo.content import showing
from backpack.errors import Missing
from backpack.services import collecting, joining, organising, sharing
from backpack.storage.database import migrate, session


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A small instance of its own for all tests here: making the demo takes a while."""
    return Settings(_env_file=None, data_dir=tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def runs(settings: Settings) -> list[Result]:
    """The command, run twice."""
    environment = {"BACKPACK_DATA_DIR": str(settings.data_dir), "BACKPACK_FETCH_ALLOW": ""}
    return [CliRunner().invoke(app, ["demo"], env=environment) for _ in range(2)]


@pytest.fixture
def db(settings: Settings, runs: list[Result]):
    """A session on the instance after both runs."""
    with session(settings) as opened:
        yield opened


@pytest.fixture
def earner(db):
    """The demo earner."""
    return joining.earner_by_email(db, content.EMAIL)


def test_both_runs_end_well(runs):
    assert [run.exit_code for run in runs] == [0, 0], [run.output for run in runs]


def test_each_badge_is_in_the_backpack_once_with_the_verdict_it_deserves(db, earner, settings):
    kept = folder.kept(settings.data_dir / "demo")
    found = organising.badges(db, earner).badges
    assert sorted((badge.title, badge.verdict) for badge in found) == sorted(
        (k.title, k.expect) for k in kept
    )


def test_the_backpack_shows_the_badges_in_the_order_of_the_demo(db, earner, settings):
    shown = [badge.title for badge in organising.badges(db, earner).badges]
    assert shown == [badge.title for badge in folder.kept(settings.data_dir / "demo")]


def test_every_badge_but_the_one_without_has_a_picture(db, earner):
    bare = [badge.title for badge in organising.badges(db, earner).badges if badge.picture_sha256 is None]
    assert len(bare) == 1
    assert bare[0].startswith("Interdisciplinary Certificate")


def test_her_addresses_are_confirmed_but_for_the_one_she_left_behind(db, earner):
    confirmed = {address.email for address in joining.addresses(db, earner) if address.confirmed_at}
    assert confirmed == {content.EMAIL, content.CAMPUS}


def test_the_collections_hold_what_she_chose_with_her_remarks(db, earner):
    views = collecting.collections(db, earner)
    found = {
        view.collection.title: [
            (entry.badge.title, entry.remark) for entry in collecting.entries(db, view.collection)
        ]
        for view in views
    }
    assert found == {plan.title: list(plan.remarks.items()) for plan in showing.COLLECTIONS}
    assert len(views) == len(showing.COLLECTIONS)


def test_her_notes_and_tags_are_on_the_badges(db, earner):
    badges = {badge.title: badge for badge in organising.badges(db, earner).badges}
    assert {title: badges[title].note for title in showing.NOTES} == showing.NOTES
    assert {title: badges[title].tags.split(",") for title in showing.TAGS} == showing.TAGS


def test_one_link_is_for_the_world_some_for_whoever_has_them_and_one_is_closed(db, earner, settings):
    links = filling.links(db, earner, settings)
    assert [(link.audience, link.is_closed) for link in links] == [
        ("world", False),
        ("link", False),
        ("link", False),
        ("link", True),
    ]


def test_the_closed_link_leads_nowhere(db, earner, settings):
    closed = next(link for link in filling.links(db, earner, settings) if link.is_closed)
    with pytest.raises(Missing):
        sharing.open_share(db, closed.url.rpartition("/")[2], datetime.now(UTC))


def test_the_terminal_tells_the_public_addresses(db, earner, settings, runs):
    for link in filling.links(db, earner, settings):
        assert link.url in runs[0].output
        assert link.url in runs[1].output


def test_the_sign_in_link_on_the_terminal_signs_in_as_the_demo_earner(db, earner, settings, runs):
    start = f"{settings.base_url}/signin/link/"
    token = next(line.strip() for line in runs[1].output.splitlines() if start in line).removeprefix(start)
    signed_in, _ = joining.sign_in_by_link(db, token, "A browser", datetime.now(UTC))
    assert signed_in.id == earner.id


def test_a_public_instance_prints_no_way_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(content, "badges", lambda at: [])
    environment = {
        "BACKPACK_DATA_DIR": str(tmp_path),
        "BACKPACK_BASE_URL": "https://badges.example.org",
        "BACKPACK_SECRET_KEY": "x" * 40,
    }
    result = CliRunner().invoke(app, ["demo"], env=environment)
    assert result.exit_code == 0, result.output
    assert "/signin/link/" not in result.output


def test_what_she_changed_stays(tmp_path: Path):
    settings, at = Settings(_env_file=None, data_dir=tmp_path), datetime.now(UTC)
    migrate(settings)
    with session(settings) as db:
        earner = filling.welcome(db, at)
        joining.rename(db, earner, "Another Name")
        assert filling.welcome(db, at).name == "Another Name"


def test_addresses_of_the_demo_are_answered_from_the_data_folder(settings, runs):
    index = json.loads((settings.data_dir / "demo" / "index.json").read_text())
    assert index["https://harbourpilots.example/ob2/key"]["status"] == 200
    assert index["https://helpinghands.example/ob2/awards/51"]["status"] == 410
