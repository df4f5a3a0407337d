"""Badges that were awarded to another address: they wait until their earner has shown that it is theirs."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from ..storage.tables import Address, Badge, Earner, Report
from . import finding, sharing

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Claim:
    """The badges that wait for one address; ``email`` and ``hint`` are "" for those that show none."""

    badges: tuple[Badge, ...]
    email: str = ""
    hint: str = ""
    is_added: bool = False
    """Whether the earner has added it, and has still to confirm it."""

    @property
    def count(self) -> int:
        """How many badges wait for it."""
        return len(self.badges)


def claims(db: Session, earner: Earner) -> list[Claim]:
    """What waits for an address, by the address, those that show none at the end."""
    chosen = select(Badge).where(
        *finding.mine(earner, hidden=False), *finding.standing(earner, "wrong_recipient")
    )
    badges = list(db.exec(chosen.order_by(col(Badge.id).desc()).limit(MOST_SHOWN)))
    reports = sharing.latest_reports(db, [badge.id for badge in badges])
    added = set(db.exec(select(Address.email_key).where(Address.earner_id == earner.id)))
    by_email: dict[str, list[Badge]] = {}
    for badge in badges:
        by_email.setdefault(named_in(reports.get(badge.id)).casefold(), []).append(badge)
    return [
        Claim(tuple(waiting), named_in(reports.get(waiting[0].id)), waiting[0].recipient_hint, key in added)
        for key, waiting in sorted(by_email.items(), key=lambda one: (not one[0], one[0]))
    ]


def named_in(report: Report | None) -> str:
    """The plain e-mail address that a badge names, or "" when it hides it or names somebody otherwise."""
    named = (report.content.get("badge") or {}).get("recipient") if report else None
    if not isinstance(named, str) or "@" not in named or "://" in named:
        return ""
    return named.removeprefix("mailto:").strip()
