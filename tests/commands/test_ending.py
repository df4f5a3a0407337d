"""How every command ends when something is in its way: with a sentence and a status, never with a traceback."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from backpack.services import importing
from backpack.storage.blobs import Unreachable
from backpack.storage.tables import Arrival
from tests.commands.conftest import Call
from tests.issuing import award, issuer
from tests.serving import free_port

COMMANDS = (
    ("serve",),
    ("worker",),
    ("mailroom",),
    ("migrate",),
    ("token", "ada@people.example", "--create"),
    ("import", "--to", "ada@people.example", "."),
    ("export", "--of", "ada@people.example", "out.zip"),
    ("demo",),
)


@pytest.fixture(autouse=True)
def port(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else is in the way of ``serve``."""
    monkeypatch.setenv("BACKPACK_PORT", str(free_port()))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
class TestEveryCommand:
    def test_says_where_nothing_can_be_kept(
        self, call: Call, command: tuple[str, ...], tmp_path: Path
    ) -> None:
        (tmp_path / "data").write_text("A file is in the way.")
        _expect_a_sentence(call(*command), "Nothing can be kept in")

    @pytest.mark.parametrize("url", ["postgresql://u:secret@h:notaport/x", "mysql://u:secret@h/x", "where?"])
    def test_says_that_the_address_of_its_database_is_none(
        self, call: Call, command: tuple[str, ...], url: str
    ) -> None:
        refused = call(*command, BACKPACK_DATABASE_URL=url)
        _expect_a_sentence(refused, "database")
        assert "secret" not in refused.stderr

    def test_says_that_its_settings_are_no_text(
        self, call: Call, command: tuple[str, ...], tmp_path: Path
    ) -> None:
        (tmp_path / ".env").write_bytes(b"BACKPACK_MAIL_FROM=\xff")
        _expect_a_sentence(call(*command), ".env is not text in UTF-8")


@pytest.mark.parametrize(
    "command",
    [
        ("token", "ada"),
        ("token", "ada", "--create"),
        ("import", "--to", "ada", "."),
        ("export", "--of", "ada", "x.zip"),
    ],
    ids=" ".join,
)
def test_what_is_no_address_is_wrong_usage(call: Call, command: tuple[str, ...]) -> None:
    refused = call(*command)
    assert refused.returncode == 2
    assert "This is not an e-mail address. Write it like name@example.org." in refused.stderr


@pytest.mark.parametrize("kind", ["database", "queue"])
def test_a_file_of_ours_that_is_none_is_named(call: Call, tmp_path: Path, kind: str) -> None:
    name = {"database": "backpack.db", "queue": "queue.db"}[kind]
    (tmp_path / "data" / name).mkdir(parents=True)
    _expect_a_sentence(
        call(
            "serve",
        ),
        kind,
    )


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (OperationalError("INSERT", None, Exception("connection refused")), "The database does not answer"),
        (Unreachable("connection refused"), "The bucket of files does not answer"),
    ],
    ids=["database", "bucket"],
)
def test_what_goes_away_in_the_middle_is_told_in_a_sentence_and_the_same_command_goes_on(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, says: str
) -> None:
    (tmp_path / "badges").mkdir()
    for number in range(3):
        badge = issuer().ob3(award(number=number, recipient="ada@people.example"))
        (tmp_path / "badges" / f"{number}.png").write_bytes(badge.data)
    chances, receive = iter(["the only one"]), importing.receive

    def fails(*arguments: object, **more: object) -> Arrival:
        if next(chances, None) is None:
            raise error
        return receive(*arguments, **more)

    command = ("import", "--to", "ada@people.example", "badges")
    with monkeypatch.context() as patch:
        patch.setattr(importing, "receive", fails)
        ended = call(*command)
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith(f"{says}")
    assert "connection refused. Run the same command again once it does." in ended.stderr
    assert "Traceback" not in ended.stderr
    again = call(*command)
    told = re.search(r"(\d) imported, (\d) already there, 0 failed\.", again.stderr)
    assert told
    assert int(told[1]) + int(told[2]) == 3


def _expect_a_sentence(ended: subprocess.CompletedProcess[str], part: str) -> None:
    assert ended.returncode == 1
    assert part.lower() in ended.stderr.lower()
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("others", [(), ("badge.png",)], ids=["alone", "among others"])
def test_standard_input_that_is_closed_is_wrong_usage(
    call: Call, monkeypatch: pytest.MonkeyPatch, others: tuple[str, ...]
) -> None:
    monkeypatch.setattr(sys, "stdin", None)  # as Python has it after `<&-`
    refused = call("verify", "-", *others)
    assert refused.returncode == 2
    assert "There is no standard input: it is closed." in refused.stderr


class TestOutput:
    @pytest.fixture
    def badge(self, tmp_path: Path) -> Path:
        file = tmp_path / "badge.png"
        file.write_bytes(issuer().ob3(award()).data)
        return file

    @pytest.mark.parametrize("option", ["--json", "--details"])
    def test_that_does_not_fit_is_told(self, badge: Path, option: str) -> None:
        with Path("/dev/full").open("w") as full:
            status, said = _verify(badge, option, full.fileno())
        assert (status, said) == (1, "Not everything could be written: No space left on device.\n")

    @pytest.mark.parametrize("option", ["--json", "--details"])
    def test_that_nobody_reads_is_no_trouble(self, badge: Path, option: str) -> None:
        reading, writing = os.pipe()
        os.close(reading)
        assert _verify(badge, option, writing) == (1, "")
        os.close(writing)


def _verify(badge: Path, option: str, out: int) -> tuple[int, str]:
    ended = subprocess.run(
        [sys.executable, "-m", "backpack", "verify", "--offline", option, badge],
        stdout=out,
        stderr=subprocess.PIPE,
        text=True,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
    )
    return ended.returncode, ended.stderr
