"""Commands called in this process: to start one of its own takes longer than most of them run."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from backpack.__main__ import run

Call = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Run a command by its entry point, in a folder of its own: ``call("token", "ada", BACKPACK_…="…")``."""

    def call(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        capsys.readouterr()
        with monkeypatch.context() as patch:
            patch.chdir(tmp_path)
            patch.setattr(sys, "argv", ["backpack", *arguments])
            for name, value in {"BACKPACK_DATA_DIR": str(tmp_path / "data"), **settings}.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                run()
        out, err = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, int(ended.value.code or 0), out, err)

    return call
