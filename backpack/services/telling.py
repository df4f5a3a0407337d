"""News of badges that nobody asked about: what an issuer changed, what ends soon, what stays silent.

A check notes it on the badge. What was noted of all of an earner's badges is one mail, at most once a day.
What takes a badge's verdict away, or gives it back, is told at once: see ``notifying``.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, null, or_, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from ..config import Settings
from ..storage.database import lock, session
from ..storage.tables import Badge, Earner, Report
from ..verifier.legible import legible, quoted
from ..verifier.times import day
from . import notifying, reports
from .judging import Judged

AHEAD = timedelta(days=30)
"""So long before it ends an earner is told of it."""
SILENT = timedelta(days=7)
"""So long nobody could confirm it, before that is news."""
MOST = 30
"""Badges that one mail names; it counts the others."""
_WHILE = {"ends": "verified", "silent": "unconfirmed"}
"""The verdict without which such news is none any more."""
_STILL = "It was last verified on {}, and what we kept then still shows that."


def note(
    db: Session,
    badge: Badge,
    before: str,
    judged: Judged,
    changes: Sequence[dict[str, Any]],
    at: datetime,
) -> None:
    """Note what this check found and its earner should hear of, in the caller's transaction, who holds the earner.

    ``badge`` is as it was before the check, ``before`` its verdict then. What a first check finds is told on
    the page, and of a badge that is not accepted yet nothing is told.
    """
    if not before or badge.offered_at is not None:
        return
    found = dict(_found(db, badge, judged, changes, at))
    noted = db.exec(select(Badge.news).where(Badge.id == badge.id)).one() or {}
    stands = {
        kind: says for kind, says in noted.items() if _WHILE.get(kind, judged.verdict) == judged.verdict
    }
    if stands | found != noted:
        _write(db, Badge.id == badge.id, news=stands | found or null())


def due(db: Session, at: datetime, limit: int = 20) -> list[int]:
    """The ids of earners of whose badges there is news, and who heard of none for a day."""
    return list(db.exec(_waiting(at).limit(limit)))


def tell(engine: Engine, settings: Settings, earner_id: int, at: datetime) -> bool:
    """Put one mail about all that was noted into the outbox; False when there is nothing to tell, or nobody."""
    with session(engine) as db:
        lock(db, Earner, earner_id)
        if db.exec(_waiting(at).where(Earner.id == earner_id)).first() is None:
            return False
        noted = (Badge.earner_id == earner_id, col(Badge.news).is_not(null()))
        badges = db.exec(select(Badge).where(*noted, col(Badge.deleted_at).is_(None)).order_by(col(Badge.id)))
        kept = list(badges)
        earner, to = db.exec(select(Earner).where(Earner.id == earner_id)).one(), ""
        if earner.hears_of_news and earner.closed_at is None and kept:
            to = notifying.address_of(db, earner_id)
        if to:
            notifying.post(db, settings, to, _subject(kept), _text(kept, settings), at)
            earner.told_of_news_at = at
            db.add(earner)
        _write(db, *noted, news=null())
        db.commit()
    return bool(to)


def _waiting(at: datetime) -> SelectOfScalar[int]:
    heard = col(Earner.told_of_news_at)
    chosen = select(Earner.id).join(Badge, col(Badge.earner_id) == Earner.id).distinct()
    return chosen.where(col(Badge.news).is_not(null()), or_(heard.is_(None), heard <= at - notifying.ONCE_IN))


def _found(
    db: Session, badge: Badge, judged: Judged, changes: Sequence[dict[str, Any]], at: datetime
) -> Iterator[tuple[str, str]]:
    """Each kind of news with its sentences. A thing is news once: where this check is the first that can tell."""
    if judged.verdict not in ("verified", "unconfirmed"):
        return
    if changed := dict.fromkeys(change["what"] for change in changes if change["matters"]):
        yield "changed", f"{' '.join(changed)}{_renamed(db, badge, judged, at)} Its page shows both wordings."
    last = badge.checked_at or at
    if judged.verdict == "unconfirmed":
        verified_at, since = _silence(db, badge)
        if verified_at and since and last < since + SILENT <= at:
            why = next((c["message"] for c in judged.report["checks"] if c["outcome"] == "unknown"), "")
            yield (
                "silent",
                f"Nobody could confirm it since {day(since)}. {why} {_STILL.format(day(verified_at))}",
            )
        return
    ends = judged.facts.expires_at
    if ends and ends > at and last < ends - AHEAD <= at and not _is_renewed(db, badge, ends):
        yield "ends", f"It ends on {day(ends)}. If it can be renewed, its issuer can say how."


def _renamed(db: Session, badge: Badge, judged: Judged, at: datetime) -> str:
    """What its issuer called it before: until that answered once, its name was for the file to say."""
    if judged.facts.title in ("", badge.title) or reports.last_genuine(db, badge.id, before=at) is None:
        return ""
    return f" It was called {_quoted(badge)} before."


def _silence(db: Session, badge: Badge) -> tuple[datetime | None, datetime | None]:
    """When it was last verified, and when first it could not be confirmed since; None where it was over meanwhile."""
    verified = reports.last_verified(db, [badge]).get(badge.id)
    if verified is None:
        return None, None
    since = select(Report.at, Report.verdict).where(Report.badge_id == badge.id, Report.at > verified)
    found = db.exec(since.order_by(col(Report.at))).all()
    is_silence = all(verdict == "unconfirmed" for _, verdict in found)
    return (verified, found[0][0]) if found and is_silence else (None, None)


def _is_renewed(db: Session, badge: Badge, ends: datetime) -> bool:
    """Whether another award on its card holds for longer."""
    top = badge.folded_under or badge.id
    card = or_(col(Badge.id) == top, col(Badge.folded_under) == top)
    longer = or_(col(Badge.expires_at).is_(None), col(Badge.expires_at) > ends)
    chosen = select(Badge.id).where(card, longer, Badge.verdict == "verified", Badge.id != badge.id)
    return db.exec(chosen.where(col(Badge.deleted_at).is_(None)).limit(1)).first() is not None


def _write(db: Session, *which: Any, news: Any) -> None:
    written = update(Badge).where(*which).values(news=news)
    db.execute(written.execution_options(synchronize_session=False))


def _subject(badges: list[Badge]) -> str:
    return f"News of {_quoted(badges[0])}" if len(badges) == 1 else f"News of {len(badges)} of your badges"


def _text(badges: list[Badge], settings: Settings) -> str:
    parts = [_of_badge(badge, settings) for badge in badges[:MOST]]
    if len(badges) > MOST:
        parts.append(f"There is news of {len(badges) - MOST} more: {settings.base_url}/badges\n")
    ending = f"We write of such news at most once a day. To hear no more of it: {settings.base_url}/settings/mail\n"
    return "\n".join((*parts, ending))


def _of_badge(badge: Badge, settings: Settings) -> str:
    says = "\n".join(badge.news.values())
    issuer = legible(badge.issuer_name, notifying.LONGEST_NAME)
    by = f", awarded by {issuer}" if issuer else ""
    return f"{_quoted(badge)}{by}:\n{says}\n{settings.base_url}/badges/{badge.public_id}\n"


def _quoted(badge: Badge) -> str:
    return quoted(badge.title, notifying.LONGEST_NAME)
