"""`backpack import` and `backpack export` as an operator calls them."""

import io
import mailbox
import os
import threading
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from rich.console import Console
from sqlmodel import Session, select

from backpack.commands import delivering, import_
from backpack.config import Settings
from backpack.services import joining, organising
from backpack.storage.tables import Arrival
from tests.archives import zipped
from tests.commands.conftest import Call
from tests.issuing import MARIA, award, issuer, renamed

PNG = issuer().ob3(award())
SVG = issuer().ob3(award(name="Night Sky"), carrier="svg")
OLD = issuer().ob3(award(name="Bee Keeping", expires_at=award().issued_at.replace(month=12)), carrier="bare")


@pytest.fixture
def run(call: Call, monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.setenv("COLUMNS", "200")
    return call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as people have them: badges among other things."""
    made = tmp_path / "badges"
    (made / "old").mkdir(parents=True)
    (made / "a.png").write_bytes(PNG.data)
    (made / "b.SVG").write_bytes(SVG.data)
    (made / "old" / "c.json").write_bytes(OLD.data)
    (made / "thumbs.db").write_bytes(b"of no interest")
    return made


def test_a_folder_is_imported_checked_and_summed_up(run: Call, folder: Path) -> None:
    done = run("import", "--to", MARIA, str(folder))
    assert done.returncode == 0, done.stderr
    for line in (
        "verified         Open Science Foundations",
        "verified         Night Sky",
        "expired          Bee Keeping",
    ):
        assert line in done.stderr
    assert "3 imported, 0 already there, 0 failed." in done.stderr
    again = run("import", "--to", MARIA, str(folder))
    assert (again.returncode, "0 imported, 3 already there, 0 failed." in again.stderr) == (0, True)


def test_a_bad_one_is_named_and_the_good_ones_are_imported(run: Call, folder: Path) -> None:
    (folder / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    (folder / "forged.json").write_bytes(renamed(issuer().ob3(award(), carrier="bare")).data)
    done = run("import", "--to", MARIA, str(folder))
    assert done.returncode == 1
    assert "failed           bad.png:" in done.stderr
    assert "not valid        Doctor of Everything" in done.stderr
    assert "4 imported, 0 already there, 1 failed." in done.stderr


def test_archives_and_mailboxes_are_opened(run: Call, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("badges/a.png", PNG.data)
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "issuer@montalvo.example", "You earned it"
    mail.set_content("Congratulations!")
    mail.add_attachment(SVG.data, maintype="image", subtype="svg+xml", filename="badge.svg")
    box = mailbox.mbox(tmp_path / "awards.mbox")
    box.add(mail)
    box.close()
    done = run("import", "--to", MARIA, "all.zip", "awards.mbox")
    assert done.returncode == 0, done.stderr
    assert "2 imported" in done.stderr


def test_a_mail_whose_links_wait_says_so_and_where_to_look(run: Call, tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "awards@somewhere.example", "You earned a badge"
    mail.set_content("It is at https://somewhere.example/badges/7")
    (tmp_path / "mail.eml").write_bytes(bytes(mail))
    done = run("import", "--to", MARIA, "mail.eml")
    assert done.returncode == 0
    assert "waiting          mail.eml: A link in it may lead to a badge." in done.stderr
    assert "Sign in at http://127.0.0.1:8000/badges#new to look at it." in done.stderr
    assert "0 failed, 1 waiting." in done.stderr


def test_nothing_to_import_is_said(run: Call, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = run("import", "--to", MARIA, "empty")
    assert done.returncode == 1
    assert "There is nothing to import here." in done.stderr


def test_a_name_that_is_no_text_is_imported_like_any_other(run: Call, tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.png")).write_bytes(PNG.data)
    (tmp_path / os.fsdecode(b"note\xff.json")).write_text("milk")
    done = run("import", "--to", MARIA, str(tmp_path))
    assert "1 imported, 0 already there, 1 failed." in done.stderr
    assert "note\N{REPLACEMENT CHARACTER}.json: " in done.stderr


def test_a_path_that_is_not_there_is_wrong_usage_and_nothing_is_imported(run: Call, folder: Path) -> None:
    done = run("import", "--to", MARIA, str(folder), "nowhere")
    assert done.returncode == 2
    assert "'nowhere' does not exist" in done.stderr
    assert run("export", "--of", MARIA, "out.zip").returncode == 1, "Nobody was made for it."


def test_everything_comes_out_again_and_into_another_backpack(
    run: Call, folder: Path, tmp_path: Path
) -> None:
    run("import", "--to", MARIA, str(folder))
    out = tmp_path / "out.zip"
    done = run("export", "--of", MARIA, str(out))
    assert done.returncode == 0, done.stderr
    assert out.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(out) as archive:
        badges = [archive.read(name) for name in archive.namelist() if name.startswith("badges/")]
    assert sorted(badges) == sorted([PNG.data, SVG.data, OLD.data])


def test_nobody_is_exported_who_is_not_there(run: Call, tmp_path: Path) -> None:
    refused = run("export", "--of", "nobody@people.example", "out.zip")
    assert refused.returncode == 1
    assert "Nobody here" in refused.stderr
    assert not (tmp_path / "out.zip").exists()


def test_stopped_by_ctrl_c_the_same_command_goes_on_where_it_was(
    settings: Settings, db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    badges = {f"{n}.json": issuer().ob3(award(name=f"Badge {n}"), carrier="bare").data for n in range(5)}
    (tmp_path / "all.zip").write_bytes(zipped(badges))
    earner = joining.make_earner(db, MARIA, datetime.now(UTC))
    two = threading.Event()

    def told(self: import_._Work, outcome: import_._Outcome) -> None:
        self.outcomes.append(outcome)
        if len(self.outcomes) == 2:
            two.set()
            self.stopping.wait()

    def interrupted(self: import_._Work) -> None:
        two.wait()
        raise KeyboardInterrupt

    def bring() -> tuple[int, str]:
        said = io.StringIO()
        parcels = list(delivering.delivered(tmp_path / "all.zip"))
        return import_.bring(settings, earner.id, parcels, Console(file=said, width=200), 1), said.getvalue()

    with monkeypatch.context() as patched:
        patched.setattr(import_._Work, "_add", told)
        patched.setattr(import_._Work, "wait", interrupted)
        status, said = bring()
    assert (status, organising.badges(db, earner).total) == (1, 2)
    assert "The same command again goes on." in said
    status, said = bring()
    assert (status, "3 imported, 2 already there, 0 failed." in said) == (0, True)
    assert set(db.exec(select(Arrival.attempts).where(Arrival.source == "file"))) == {1}


@pytest.mark.parametrize("out", ["folder", "nowhere/out.zip", "pipe"])
def test_where_nothing_can_be_written_is_said_in_a_sentence(run: Call, tmp_path: Path, out: str) -> None:
    run("token", MARIA, "--create")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    refused = run("export", "--of", MARIA, str(tmp_path / out))
    assert refused.returncode == 1
    assert "cannot be written" in refused.stderr
    assert (tmp_path / "pipe").is_fifo()
    assert not list(tmp_path.glob("**/*.part"))
