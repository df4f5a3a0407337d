"""Our own copy of a badge's picture: drawn in a job of its own, so that no verdict waits for it.

``picture_due_at`` on the badge says when: now, or once whoever is at it must have been killed. A picture that
is drawn twice is the same picture, so nothing else is needed for it to be there once.
"""

import logging
from base64 import b64decode
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from .. import network, pictures
from ..config import Settings
from ..errors import BackpackError
from ..storage.blobs import Blobs
from ..storage.database import session
from ..storage.tables import Badge
from ..workers.messages import WorkerFailed
from . import deriving, leasing, reports
from .judging import Facts, Judged

_log = logging.getLogger(__name__)
_CARRIERS = ("png", "svg")
_ADDRESSES = ("https://", "http://", "data:")


def is_in_file(facts: Facts) -> bool:
    """Whether the badge came in a picture: then it need not be judged to draw that."""
    return facts.carrier in _CARRIERS


def may_be_drawn(judged: Judged) -> bool:
    """Whether there may be a picture of a badge that was judged: in its file, or at an address.

    The address of a hosted badge's is its issuer's to name: anybody can write one into its file.
    """
    facts = judged.facts
    is_named = not facts.address or reports.is_genuine(judged.report)
    return is_in_file(facts) or (is_named and facts.picture_url.startswith(_ADDRESSES))


def is_wanted(badge: Badge, judged: Judged) -> bool:
    """Whether a badge that was judged has no picture yet, nor anybody at it, and there may be one."""
    return not badge.picture_sha256 and not badge.picture_due_at and may_be_drawn(judged)


def due(db: Session, at: datetime, limit: int = 200) -> list[int]:
    """The ids of badges whose picture is to be drawn now, the longest waiting first.

    Many at a time: nobody is nudged to draw them, and an archive brings hundreds at once.
    """
    chosen = select(Badge.id).where(col(Badge.picture_due_at) <= at)
    return list(db.exec(chosen.order_by(col(Badge.picture_due_at)).limit(limit)))


def draw(engine: Engine, blobs: Blobs, settings: Settings, badge_id: int, at: datetime) -> bool:
    """Draw a picture that is due; False when it is not, when somebody is at it, or when there is none to be had.

    A badge without a picture is a badge: pages draw a plate, and its next check asks for one again.
    """
    with session(engine) as db:
        until = at + leasing.LEASE
        is_mine = _changed(
            db, col(Badge.id) == badge_id, col(Badge.picture_due_at) <= at, picture_due_at=until
        )
        db.commit()
        if not is_mine:
            return False
        badge = db.get_one(Badge, badge_id)
    picture = _drawn(engine, blobs, settings, badge)
    with session(engine) as db:
        if picture is None:
            _changed(db, col(Badge.id) == badge_id, col(Badge.picture_due_at) == until, picture_due_at=None)
            db.commit()
            return False
        sha256 = blobs.keep(db, picture, "image/png")
        is_kept = _changed(db, col(Badge.id) == badge_id, picture_sha256=sha256, picture_due_at=None)
        if is_kept:
            db.commit()
        return is_kept


def _drawn(engine: Engine, blobs: Blobs, settings: Settings, badge: Badge) -> bytes | None:
    try:
        if badge.carrier in _CARRIERS:
            found = blobs.read(badge.original_sha256)
        else:
            found = _behind(_named(engine, blobs, badge), settings)
        return pictures.thumbnail(found) if found else None
    except BackpackError:
        return None
    except WorkerFailed:
        _log.exception("The picture of badge %s could not be drawn.", badge.id)
        return None


def _named(engine: Engine, blobs: Blobs, badge: Badge) -> str:
    """Where its picture is, by the documents of its last report: no report keeps one that is written out in it."""
    with session(engine) as db:
        report = reports.latest(db, badge)
        judged = deriving.judged(db, blobs, report) if report else None
        return judged.facts.picture_url if judged and may_be_drawn(judged) else ""


def _behind(url: str, settings: Settings) -> bytes:
    """The picture that is written out in this address, or what it answers; nothing when there is none."""
    if url.startswith("data:"):
        try:
            return b64decode(url.partition(";base64,")[2], validate=True)
        except ValueError:
            return b""
    if not url.startswith(_ADDRESSES):
        return b""
    document = network.fetch(url, settings, kind="picture")
    return document.body if document.ok else b""


def _changed(db: Session, *which: Any, **values: Any) -> bool:
    chosen = update(Badge).where(*which).values(**values).execution_options(synchronize_session=False)
    return bool(db.execute(chosen).rowcount)  # type: ignore[attr-defined]
