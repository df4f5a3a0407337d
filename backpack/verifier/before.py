"""What a badge's addresses answered when it was last found genuine: what it is told as while its issuer is silent.

Each answer is a document like any other, at an address that nobody can serve: a report that stands on it names
it with its hash, and can be derived again from the archive. It says what the badge is and proves nothing. Without
it a hosted badge would be told of by its file, in which anybody can write.
"""

import json
from dataclasses import replace

from .documents import Document, Documents
from .report import UsedDocument

PREFIX = "urn:backpack:before:"
TAKEN_BACK = f"{PREFIX}taken-back"


def answered_before(document: Document) -> Document:
    """An answer of then, to be handed over beside those of now."""
    return replace(document, url=f"{PREFIX}{document.url}")


def taken_back(verdict: str, says: str) -> Document:
    """That its issuer's last word on a badge was that it had taken it back, for good or for now."""
    body = json.dumps({"verdict": verdict, "says": says}, ensure_ascii=False)
    return Document(TAKEN_BACK, 200, body.encode(), "application/json")


def is_of_now(document: Document | UsedDocument) -> bool:
    """Whether this is what an address answers today."""
    return not document.url.startswith(PREFIX)


class Before(Documents):
    """Documents as their addresses answered before; what is not known from then is not there."""

    __slots__ = ("_now",)

    def __init__(self, now: Documents) -> None:
        self._now = now
        self.kept = now.kept

    def get(self, url: str) -> Document | None:
        """What this address answered before."""
        return self._now.get(f"{PREFIX}{url}")
