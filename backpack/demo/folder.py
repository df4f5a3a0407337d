"""The demo's folder in DATA_DIR: what the invented issuers answer, and the badges they gave out.

``index.json`` says which file answers which address, as ``verify --documents`` reads it; requests to
names under ``.example`` are answered from it, so a demo badge can be checked again for ever. The keys
are thrown away after signing, so the badges are kept beside it, and a second demo finds the first.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from backpack.verifier.report import Verdict

from .shapes import Answers, Issued, JsonObject

_BADGES = "badges.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """A badge in the folder: its file, what it is called, and the verdict it deserves in the demo backpack."""

    file_name: str
    data: bytes
    title: str
    expect: Verdict


def keep(folder: Path, badges: Iterable[Issued]) -> None:
    """Write badges and documents into the folder; the list of badges comes last and makes it whole."""
    folder.mkdir(parents=True, exist_ok=True)
    listed: list[JsonObject] = []
    answers: JsonObject = {}
    for badge in badges:
        (folder / badge.file_name).write_bytes(badge.data)
        listed.append({"file": badge.file_name, "title": badge.title, "expect": badge.expect})
        answers |= _kept_answers(folder, badge.documents)
    _write(folder / "index.json", answers)
    _write(folder / _BADGES, listed)


def kept(folder: Path) -> list[Kept]:
    """The badges of an earlier demo, in their order; none when there was no demo yet."""
    if not (folder / _BADGES).exists():
        return []
    listed = json.loads((folder / _BADGES).read_bytes())
    return [
        Kept(entry["file"], (folder / entry["file"]).read_bytes(), entry["title"], Verdict(entry["expect"]))
        for entry in listed
    ]


def _kept_answers(folder: Path, documents: Answers) -> JsonObject:
    entries: JsonObject = {}
    for url, answer in documents.items():
        name = f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.document"
        (folder / name).write_bytes(answer.body)
        entries[url] = {"file": name, "status": answer.status, "content_type": answer.content_type}
    return entries


def _write(path: Path, content: object) -> None:
    path.with_suffix(".part").write_text(json.dumps(content, ensure_ascii=False, indent=1))
    path.with_suffix(".part").rename(path)
