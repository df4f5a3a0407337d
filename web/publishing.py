"""A share in other words: as a letter for strangers, as JSON for programs. Never with an address of a person."""

from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse
from markupsafe import Markup, escape

from backpack.services.sharing import Shown, ShownBadge

from .contents import Fact
from .letters import Letter, letter
from .rendering import title_of
from .texts import plain


def prefers_json(request: Request) -> bool:
    """Whether the caller asks for JSON and not for a page."""
    accepts = request.headers.get("accept", "")
    return "json" in accepts and "text/html" not in accepts


def letter_of(shown: Shown, entry: ShownBadge) -> Letter:
    """A shown badge as a letter for strangers."""
    fallback = {
        "name": title_of(entry),
        "description": entry.description,
        "issuer": {"name": entry.issuer_name, "url": entry.issuer_url},
    }
    return letter(
        entry.report,
        "stranger",
        fallback=fallback,
        hint=entry.recipient_hint,
        running=entry.report is None,
        people=_people(shown, entry),
        verified_at=entry.verified_at,
    )


def _people(shown: Shown, entry: ShownBadge) -> tuple[Fact, ...]:
    """Who shows it and to whom it was awarded, saying no more than was checked."""
    report = entry.report or {}
    outcomes = {check["id"]: check["outcome"] for check in report.get("checks") or ()}
    confirmed = outcomes.get("recipient") == "passed"
    named = plain((report.get("badge") or {}).get("recipient_name")) if shown.shown_by else ""
    made = []
    if shown.shown_by:
        made.append(Fact("Shown by", (escape(plain(shown.shown_by)),), "A name chosen for this page."))
    if named:
        made.append(Fact("Awarded to", (escape(named),), "The name that the badge itself carries."))
    if confirmed and not named and not entry.recipient_hint:
        hidden = Markup("An address that the badge does not show")
        made.append(Fact("Awarded to", (hidden,), "The person showing it has confirmed it."))
    if entry.recipient_hint:
        note = (
            "An address confirmed by the person showing it"
            if confirmed
            else "Not confirmed by the person showing it"
        )
        label = "Address" if named else "Awarded to"
        made.append(Fact(label, (Markup('<bdi dir="ltr">{}</bdi>').format(entry.recipient_hint),), note))
    return tuple(made)


def as_json(shown: Shown, link: str, entry: ShownBadge | None = None) -> JSONResponse:
    """The share for programs, each badge with the report behind its verdict; ``entry`` is one badge of a collection."""
    about: dict[str, Any] = {"url": link, "kind": shown.kind, "shown_by": shown.shown_by or None}
    if shown.kind == "badge":
        return JSONResponse(about | _badge(shown.entries[0], link))
    if entry:
        return JSONResponse(about | {"kind": "badge"} | _entry(entry, link))
    badges = [_entry(each, link) for each in shown.entries]
    return JSONResponse(about | {"name": shown.title, "description": shown.intro, "badges": badges})


def _entry(entry: ShownBadge, link: str) -> dict[str, Any]:
    return _badge(entry, f"{link}/{entry.number}") | {"remark": entry.remark}


def _badge(entry: ShownBadge, link: str) -> dict[str, Any]:
    return {
        "url": link,
        "name": entry.title,
        "description": entry.description,
        "issuer": {"name": entry.issuer_name, "url": entry.issuer_url or None},
        "recipient": entry.recipient_hint or None,
        "issued_at": _moment(entry.issued_at),
        "expires_at": _moment(entry.expires_at),
        "version": entry.version,
        "valid": entry.verdict == "verified",
        "verdict": entry.verdict or None,
        "checked_at": _moment(entry.checked_at),
        "image_url": f"{link}/image" if entry.picture_sha256 else None,
        "original_url": f"{link}/original" if entry.original else None,
        "report": entry.report,
    }


def _moment(at: Any) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None
