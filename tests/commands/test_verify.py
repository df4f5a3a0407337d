"""`backpack verify` as people and scripts call it."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pytest_httpserver import HTTPServer

from backpack.__main__ import app
from backpack.demo import folder
from backpack.demo.shapes import Issued
from tests.issuing import AT, MARIA, answer_of, award, issuer, renamed
from tests.verifier.carriers.test_png import itxt, with_chunks
from tests.verifier.signing import badge, secured, signer

Run = Callable[..., Result]
WHEN = AT.isoformat()


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the command offline on badges, which are put into files beside what their issuer answers."""

    def run(*badges: Issued, options: tuple[str, ...] = (), stdin: bytes | None = None) -> Result:
        folder.keep(tmp_path, badges)
        files = [str(tmp_path / badge.file_name) for badge in badges] if stdin is None else ["-"]
        fixed = ["verify", "--offline", "--documents", str(tmp_path), "--at", WHEN]
        return CliRunner().invoke(app, [*fixed, *options, *files], input=stdin)

    return run


@pytest.mark.parametrize(
    "generation", ["ob05", "ob10", "ob1_signed", "ob2_hosted", "ob2_signed", "ob3", "ob3_jwt"]
)
def test_an_honest_badge_exits_with_0_and_says_so(run: Run, generation: str):
    result = run(getattr(issuer(), generation)(award()), options=("--recipient", MARIA))
    assert result.exit_code == 0
    # No site speaks for who signs with a key alone.
    behind = ", by the signer's own word" if generation == "ob3" else " (montalvo.example)"
    told = " ".join(result.stdout.split())
    assert told.startswith(
        f"Verified Open Science Foundations · Universidade de Montalvo{behind}, awarded on 14 March 2025"
    )


def test_a_forged_badge_exits_with_1_and_says_why(run: Run):
    result = run(renamed(issuer().ob3(award())))
    assert result.exit_code == 1
    assert result.stdout.startswith("Not valid")
    assert "✗ failed   proof" in result.stdout


@pytest.mark.parametrize(
    ("spoilt", "exit_code", "says"),
    [
        (None, 0, "This is badge 3 of 3 in a presentation; all of them are valid."),
        (1, 1, "This is badge 2 of 3 in a presentation; it is the first that is not valid."),
    ],
)
def test_a_presentation_is_as_good_as_the_worst_badge_in_it(run: Run, spoilt: int | None, exit_code, says):
    shown = [secured(badge(id=f"urn:uuid:{n}")) for n in range(3)]
    if spoilt is not None:
        shown[spoilt]["name"] = "Doctor of Everything"
    presentation = {"type": "VerifiablePresentation", "verifiableCredential": shown}
    result = run(stdin=json.dumps(presentation).encode())
    assert (result.exit_code, says in result.stdout) == (exit_code, True)


def test_a_key_is_printed_letter_by_letter_and_not_as_a_picture_of_one(run: Run):
    badge = issuer().ob3(award())
    assert "did:key:" in run(badge, options=("--details",)).stdout


def test_what_a_check_stands_on_is_said_only_to_those_who_ask(run: Run):
    badge = issuer().ob3(award())
    assert "Key fingerprint" not in run(badge).stdout
    assert "Key fingerprint" in run(badge, options=("--details",)).stdout


def test_below_the_checks_stands_when_it_was_checked_and_who_answered(run: Run, tmp_path: Path):
    told = run(issuer().ob2_hosted(award())).stdout.splitlines()
    assert told[-3:] == [
        "",
        f"Checked as of 14 March 2026, 09:00 UTC, offline, from the documents in {tmp_path}.",
        "It stands on what 4 addresses of montalvo.example answered.",
    ]


def test_every_document_is_told_to_those_who_ask(run: Run):
    badge = issuer().ob2_hosted(award())
    assert str(badge.address) not in run(badge).stdout
    assert f"{badge.address}\n  sha-256 " in run(badge, options=("--details",)).stdout


def test_a_badge_does_not_command_the_terminal(run: Run):
    badge = issuer().ob3(award(name="\x1b[2JVerified\x9b1m\u202e \x07and\nmore"))
    told = run(badge).stdout
    assert "\ufffd[2JVerified\ufffd1m\ufffd \ufffdand more · " in told
    assert "\x1b" not in run(badge, badge).stdout
    as_json = run(badge, options=("--json",)).stdout
    assert not set("\x1b\x9b\u202e") & set(as_json)
    assert json.loads(as_json)["badge"]["name"] == badge.title


@pytest.mark.parametrize("tail", ["\\" * count for count in (1, 2, 3)] + ["[/]", "[bold green]"])
def test_a_name_is_printed_letter_by_letter_whatever_it_ends_in(run: Run, tail: str):
    badge = issuer().ob3(award(name=f"Title{tail}"))
    assert f"Title{tail} · Universidade" in run(badge).stdout
    assert f"Title{tail} " in run(badge, badge).stdout


def test_a_name_is_no_row_of_the_report_and_pushes_none_off_the_screen(run: Run):
    row = f"MSc{chr(0xA0) * 77}✓ passed   issuer      It was signed with a key that uc.example publishes."
    assert "MSc ✓ passed issuer It was signed" in run(issuer().ob3(award(name=row))).stdout
    told = run(issuer().ob3(award(name="✓ Verified. " * 2000))).stdout.splitlines()
    assert max(map(len, told)) < 250


def test_why_it_is_not_verified_stands_right_under_the_verdict(run: Run):
    badge = issuer().ob2_hosted(award(standing="revoked", reason="Issued twice."))
    told = run(badge).stdout.splitlines()
    assert told[:2] == ["Withdrawn by its issuer", "The issuer has taken it back: “Issued twice.”"]


def test_a_badge_for_somebody_else_exits_with_1(run: Run):
    result = run(
        issuer().ob3(award()), options=("--recipient", "a@other.example", "--recipient", "b@other.example")
    )
    assert result.exit_code == 1
    assert result.stdout.startswith("Awarded to someone else")


def test_the_clock_can_be_set(run: Run):
    badge = issuer().ob3(award(expires_at=AT.replace(year=2027)))
    assert run(badge).exit_code == 0
    assert run(badge, options=("--at", "2028-01-01T00:00:00Z")).exit_code == 1
    assert run(badge, options=("--at", "2026-06-01")).exit_code == 0


def test_the_report_as_json_is_all_there_is_on_stdout(run: Run):
    found = json.loads(run(issuer().ob2_hosted(award()), options=("--json",)).stdout)
    assert (found["valid"], found["verdict"], found["version"]) == (True, "verified", "2.0")
    assert found["at"] == "2026-03-14T09:00:00Z"
    assert all(d["fetched_at"] == found["at"] for d in found["documents"])


def test_no_badge_is_an_answer_too(run: Run):
    badge = replace(issuer().ob3(award()), data=b"\xff\xd8\xff a photograph")
    found = run(badge, options=("--json",))
    assert found.exit_code == 1
    assert json.loads(found.stdout)["verdict"] == "not_a_badge"
    told = run(badge)
    assert told.exit_code == 1
    assert "Social sites often remove it" in told.stdout


def test_what_should_be_said_is_said(run: Run):
    badge = issuer().ob3(award(), carrier="bare")
    twice = with_chunks(itxt("openbadges", badge.text), itxt("openbadges", '{"x": 1}'))
    assert (
        "Note: This picture holds two badges; the first one counts." in run(replace(badge, data=twice)).stdout
    )
    assert run(replace(badge, data=b"\n")).stdout == (
        "No badge. This file is empty.\nAsk the issuer for the badge as a file or a link.\n"
    )


def test_a_badge_may_come_by_standard_input(run: Run):
    badge = issuer().ob3(award())
    assert run(badge, stdin=badge.data).exit_code == 0


def test_an_address_is_read_from_the_folder(run: Run, tmp_path: Path):
    badge = issuer().ob2_hosted(award())
    run(badge)
    fixed = ["verify", "--offline", "--documents", str(tmp_path), "--at", WHEN]
    assert CliRunner().invoke(app, [*fixed, str(badge.address)]).exit_code == 0


def test_several_badges_are_a_table_and_the_worst_is_the_exit_status(run: Run):
    good, bad = issuer().ob3(award(art="night-sky")), renamed(issuer().ob3(award()))
    nothing = replace(bad, data=b"nothing", file_name="nothing.txt")
    result = run(good, bad, nothing)
    assert result.exit_code == 1
    assert [word in result.stdout for word in ("Verified", "Not valid", "No badge")] == [True] * 3
    found = json.loads(run(good, bad, nothing, options=("--json",)).stdout)
    assert [one["verdict"] for one in found] == ["verified", "invalid", "not_a_badge"]
    assert found[0]["source"].endswith(good.file_name)


def test_what_cannot_be_opened_keeps_no_other_badge_from_being_checked(run: Run, tmp_path: Path):
    missing, within = str(tmp_path / "missing.png"), str(tmp_path)
    result = run(issuer().ob3(award()), options=(missing, within))
    assert result.exit_code == 1
    missed, folder_row, checked = result.stdout.splitlines()[1:4]
    assert missed.startswith(f"Not opened  {missing}")
    assert "This file cannot be opened: No such file or directory." in missed
    assert folder_row.startswith("Not opened")
    assert "This is a folder: name the files in it." in folder_row
    assert checked.startswith("Verified")
    assert "3 checked: 2 not opened, 1 verified." in result.stdout


def test_programs_learn_of_what_cannot_be_opened_by_a_word_of_its_own(run: Run, tmp_path: Path):
    result = run(issuer().ob3(award()), options=("--json", str(tmp_path / "missing.png")))
    missed, checked = json.loads(result.stdout)
    assert (missed["source"], missed["verdict"]) == (str(tmp_path / "missing.png"), "not_a_badge")
    assert (missed["problem"]["code"], checked["verdict"]) == ("unopened", "verified")


def test_a_name_that_only_a_key_stands_behind_is_not_taken_for_more(run: Run):
    assert "nothing tells who holds it" in run(issuer().ob3(award())).stdout
    assert "nothing tells who holds it" not in run(issuer().ob3(award(), speaks="did:web")).stdout


def test_nor_in_a_table(run: Run):
    key, site = issuer().ob3(award()), issuer().ob3(award(), speaks="did:web")
    assert ["by the signer's own word" in run(one, one).stdout for one in (key, site)] == [True, False]


def test_a_table_says_once_when_all_was_checked(run: Run):
    badge = issuer().ob3(award())
    assert run(badge, badge).stdout.splitlines()[-2:] == [
        "2 checked: 2 verified.",
        next(line for line in run(badge).stdout.splitlines() if line.startswith("Checked as of ")),
    ]


def test_offline_without_a_folder_nothing_is_known(tmp_path: Path):
    badge = issuer().ob2_hosted(award())
    (tmp_path / "badge.png").write_bytes(badge.data)
    result = CliRunner().invoke(app, ["verify", "--offline", str(tmp_path / "badge.png")])
    assert result.exit_code == 1
    assert result.stdout.startswith("Could not be confirmed")
    assert result.stdout.endswith(
        ", offline.\nIt stands on nothing but the badge itself. No answer from 2 addresses of montalvo.example.\n"
    )


@pytest.mark.parametrize(
    ("command", "banned"),
    [
        (["--help"], {"pydantic", "sqlmodel", "fastapi", "httpx", "cryptography", "pyld", "PIL"}),
        (
            ["-"],  # a badge that brings along all that is needed
            {
                *{"pydantic", "sqlmodel", "sqlalchemy", "fastapi", "PIL", "multiprocessing"},
                *{"httpx", "requests", "urllib3", "dns"},
            },
        ),
    ],
)
def test_it_starts_without_what_it_does_not_need(command: list[str], banned: set[str]):
    # What is loaded for nothing is what makes a command slow to start.
    code = (
        "import sys\n"
        f"sys.argv = {['backpack', 'verify', *command]!r}\n"
        "from backpack.__main__ import run\n"
        "try:\n    run()\nexcept SystemExit:\n    pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    badge = issuer().ob3(award())
    ran = subprocess.run([sys.executable, "-c", code], input=badge.data, capture_output=True)
    assert ran.returncode == 0
    assert set(ran.stderr.decode().split()) & banned == set()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["missing.png"],
        ["--at", "soon", "-"],
        ["--offline", "--documents", "missing", "-"],
        ["--colour", "-"],
    ],
)
def test_wrong_usage_exits_with_2_and_a_sentence(arguments: list[str]):
    result = CliRunner().invoke(app, ["verify", *arguments], input=b"{}")
    assert result.exit_code == 2
    assert "Error" in result.stderr


@pytest.mark.parametrize("index", ["[]", "{", '{"a": 1}'])
def test_a_folder_without_an_index_is_wrong_usage(tmp_path: Path, index: str):
    (tmp_path / "index.json").write_text(index)
    result = CliRunner().invoke(app, ["verify", "--documents", str(tmp_path), "-"], input=b"{}")
    assert result.exit_code == 2


def test_a_document_whose_file_is_missing_is_one_that_nobody_serves(run: Run, tmp_path: Path):
    badge = issuer().ob2_hosted(award())
    run(badge)
    for path in tmp_path.glob("*.document"):
        path.unlink()
    fixed = ["verify", "--offline", "--documents", str(tmp_path), "--at", WHEN]
    assert CliRunner().invoke(app, [*fixed, str(tmp_path / badge.file_name)]).exit_code == 1


def test_what_a_report_holds_is_shown_with_it(run: Run):
    from tests.verifier.test_verifying import bare, holding

    result = run(holding(bare()))
    assert "Inside: Open Science Foundations Verified" in result.stdout


def test_without_offline_it_asks_the_web(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    badge = issuer().ob2_hosted(award(), carrier="bare")
    here = httpserver.url_for("").rstrip("/")
    for url in badge.documents:
        if url.startswith("https://montalvo.example/ob2"):
            said = json.dumps(answer_of(badge, url)).replace("https://montalvo.example", here)
            httpserver.expect_request(url.removeprefix("https://montalvo.example")).respond_with_data(said)
    monkeypatch.setenv("BACKPACK_FETCH_ALLOW", f"{httpserver.host},127.0.0.0/8")
    monkeypatch.chdir(tmp_path)
    address = str(badge.address).replace("https://montalvo.example", here)
    result = CliRunner().invoke(app, ["verify", "--at", WHEN, address])
    assert result.exit_code == 0, result.stdout
    assert "\nChecked as of 14 March 2026, 09:00 UTC.\nIt stands on what " in result.stdout
    assert f"{here.removeprefix('http://')} answered on " in result.stdout


def test_a_key_that_the_operator_vouches_for_counts_when_the_web_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    gone = "https://gone.example/issuer"
    (tmp_path / "badge.json").write_text(
        json.dumps(secured(badge(gone), verificationMethod=f"{gone}#{signer().multikey}"))
    )
    (tmp_path / "trusted.json").write_text(json.dumps({gone: [signer().multikey]}))
    monkeypatch.setenv("BACKPACK_TRUSTED_ISSUERS", "trusted.json")
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(app, ["verify", "--at", WHEN, "badge.json"]).exit_code == 0
    assert CliRunner().invoke(app, ["verify", "--offline", "--at", WHEN, "badge.json"]).exit_code == 1


def test_a_program_sees_no_traceback():
    done = subprocess.run(
        [sys.executable, "-m", "backpack", "verify", "--offline", "no\x1b[2Jwhere.png"],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert "no\ufffd[2Jwhere.png cannot be read" in done.stderr
