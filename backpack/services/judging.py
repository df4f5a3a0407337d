"""What is done with a stranger's bytes inside a worker: read them, and judge them by the documents in hand.

These functions run in killable processes (``workers.run``), so they take and give plain values only and
know neither database nor network.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..errors import BackpackError
from ..verifier import Credential, Document, Documents, as_json, read_all, verify_so_far
from ..verifier.identities import how, masked
from ..verifier.sameness import credential_sha256, credential_text, read_this
from . import awards
from .finding import folded


@dataclass(frozen=True, slots=True)
class Facts:
    """What the grid shows of a badge: a projection of its credential, as far as it is known."""

    version: str
    carrier: str
    address: str
    title: str
    description: str
    issuer_id: str
    issuer_name: str
    issuer_url: str
    recipient_hint: str
    search: str
    issued_at: datetime | None
    expires_at: datetime | None
    picture_url: str
    award_key: str
    achievement_id: str
    achievement_key: str
    begins_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A credential judged with the documents in hand; final when ``wants`` is empty."""

    wants: tuple[str, ...]
    report: dict[str, Any]
    verdict: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a badge can be judged by before anybody is asked: documents at hand, an earner's addresses, a time."""

    documents: tuple[Document, ...]
    recipients: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """One credential found in a file. ``sha256`` is that of its text, which makes two files the same badge."""

    sha256: str
    facts: Facts
    apart: bytes = b""
    """The text, when it was found inside a record: there it has no file of its own."""
    judged: Judged | None = None
    """What it comes to, when that can be said without asking anybody."""


def opened(data: bytes, grounds: Grounds | None = None) -> list[Opened]:
    """Every credential in a file, the one that counts first, after a record those inside it; raises Unreadable.

    With ``grounds`` one that is alone in its file is judged at once: then it need not be read again for that.
    """
    found = read_all(data)
    if grounds is not None and len(found) == 1 and not found[0].contained:
        return [_looked_at(found[0], grounds)]
    return [one for each in found for one in (_opened(each), *_inside(each))]


def judged(
    data: bytes,
    credential_sha256: str,
    documents: Iterable[Document],
    recipients: Iterable[str] | None,
    at: datetime,
) -> Judged:
    """Judge the credential with this hash in a file. Documents that are still wanted are named."""
    return _judged(read_this(data, credential_sha256), documents, recipients, at)


def _judged(
    credential: Credential, documents: Iterable[Document], recipients: Iterable[str] | None, at: datetime
) -> Judged:
    report, wants = verify_so_far(credential, Documents(*documents), recipients, at)
    return Judged(
        wants=tuple(sorted(wants)),
        report=_without_pictures(as_json(report)),
        verdict=report.verdict.value,
        facts=facts_of(report.credential, report.matched),
    )


def _looked_at(found: Credential, grounds: Grounds) -> Opened:
    """It with its report; without one when more is wanted, or when it is too much for now."""
    try:
        judged = _judged(found, grounds.documents, grounds.recipients, grounds.at)
    except BackpackError:
        return _opened(found)
    if judged.wants:
        return _opened(found)
    return Opened(credential_sha256(found), judged.facts, judged=judged)


def _opened(found: Credential) -> Opened:
    return Opened(credential_sha256(found), facts_of(found))


def _inside(record: Credential) -> Iterator[Opened]:
    """Each badge in a record as a badge of its own: no longer in the picture or token that the record came in."""
    for one in record.contained:
        alone = replace(one, carrier="jwt" if one.compact else "json")
        yield Opened(credential_sha256(alone), facts_of(alone), credential_text(alone))
        yield from _inside(one)


def facts_of(credential: Credential, matched: str | None = None) -> Facts:
    """What the grid shows of this credential; of several whom it names the one who is ``matched`` comes first."""
    achievement, issuer = credential.achievement, credential.issuer
    title = _plain(credential.called or "")
    description = _plain(achievement.description or "")
    picture = credential.picture or achievement.picture
    named = sorted(credential.recipients, key=lambda one: not (matched and how(one, matched)))
    hint = next((masked(r.identity) for r in named if not r.hashed and masked(r.identity)), "")
    skills = (alignment.name for alignment in achievement.alignments)
    words = (title, issuer.name or "", description, *achievement.tags, *skills)
    return Facts(
        version=credential.version,
        carrier=credential.carrier,
        address=_plain(credential.address or "")[:2048],
        title=_line(title, 300),
        description=description[:5000],
        issuer_id=_plain(issuer.id or "")[:2048],
        issuer_name=_line(issuer.name or "", 300),
        issuer_url=_plain(issuer.url or "")[:2048],
        recipient_hint=_line(hint, 300),
        search=_plain(folded(" ".join(words)))[:8000],
        issued_at=credential.issued_at,
        expires_at=credential.expires_at,
        picture_url=picture.url if picture else "",
        award_key=awards.award_key(credential),
        achievement_id=awards.achievement_id(credential),
        achievement_key=awards.achievement_key(credential),
        begins_at=credential.begins_at or credential.issued_at,
    )


def _without_pictures(report: dict[str, Any]) -> dict[str, Any]:
    """The report without a picture that is written out in it: we have our own copy, megabytes need no second home."""
    badge = report["badge"]
    if str(badge["image"] or "").startswith("data:"):
        badge = {**badge, "image": None}
    return {
        **report,
        "badge": badge,
        "contained": [_without_pictures(inner) for inner in report["contained"]],
    }


def _line(text: str, most: int) -> str:
    return " ".join(_plain(text).split())[:most]


def _plain(text: str) -> str:
    """Text without what would bend the page it stands on (no database keeps a NUL either)."""
    return _UNSEEN.sub("", text)


_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
"""Control characters but tab and line feed, and hidden turns of direction. Joiners stay: scripts need them."""
