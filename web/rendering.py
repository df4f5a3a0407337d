"""Jinja, and what templates may use. Pages are shown through here and nowhere else."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from backpack.services.sharing import ShownBadge
from backpack.storage.tables import Badge

from . import dates, findings, numbers, senders, signers, texts, words
from .assets import TEMPLATES, static
from .security import CSP_APP, PUBLIC, session_cookie

AREAS = {"badges": "Badges", "collections": "Collections", "shares": "Shared", "settings": "Settings"}
"""The parts of a backpack, as its menu names them."""
SECTIONS = {
    "addresses": "Addresses",
    "mail": "E-mail",
    "mailboxes": "Mailboxes",
    "profile": "Name",
    "signins": "Sign-ins",
    "tokens": "Tokens",
    "data": "Your data",
}
"""The parts of the settings."""


def page(request: Request, template: str, facts: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    """A page of the signed-in earner, with scripts of ours; ``facts`` must hold ``earner``."""
    return _respond(request, template, facts, status, {"content-security-policy": CSP_APP})


def bare_page(
    request: Request,
    template: str,
    facts: Mapping[str, Any],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """A page for anyone: no script, no name of whoever may be signed in."""
    return _respond(request, template, {"earner": None, **facts}, status, headers or {})


def framed_page(
    request: Request,
    template: str,
    facts: Mapping[str, Any],
    status: int,
    headers: Mapping[str, str],
) -> HTMLResponse:
    """A page about no earner in particular, among the menus of whoever brings a sign-in along.

    Whose it is, and whether it still holds, is not asked: there may be no database to ask. A page that
    everyone reads alike stays bare.
    """
    is_alike = request.url.path.startswith(PUBLIC)
    if is_alike or session_cookie(request.app.state.settings) not in request.cookies:
        return bare_page(request, template, facts, status, headers)
    return _respond(
        request, template, {"earner": True, **facts}, status, {"content-security-policy": CSP_APP, **headers}
    )


def fragment(
    template: str, facts: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """A part of a page, for htmx to put in place."""
    return HTMLResponse(_text(template, facts), status, dict(headers or {}))


def title_of(badge: Badge | ShownBadge) -> str:
    """What a badge is called. A hosted one tells it only once its issuer has answered."""
    source = badge.issuer_name or urlsplit(getattr(badge, "address", "")).hostname
    return texts.plain(badge.title) or (f"Badge from {source}" if source else "Badge without a name yet")


def since(badge: Badge | ShownBadge, word: str = "") -> Markup:
    """What stands after a badge's verdict on a card, or after another word: the day that matters, or a few words."""
    is_shown = isinstance(badge, ShownBadge)
    if badge.verdict == "verified":
        month = dates.month(badge.issued_at)
        # A stranger would take the bare month for that of the check.
        return Markup("awarded in {}").format(month) if month and is_shown else month
    if badge.verdict == "wrong_recipient" and is_shown:
        return Markup()
    if badge.verdict == "expired" and badge.expires_at:
        return dates.day(badge.expires_at)
    return escape(words.REMARKS.get(word or badge.verdict, ""))


def _respond(
    request: Request, template: str, facts: Mapping[str, Any], status: int, headers: Mapping[str, str]
) -> HTMLResponse:
    settings = request.app.state.settings
    about = {"site": settings.host_name, "base_url": settings.base_url, "local": settings.is_local}
    return HTMLResponse(_text(template, {"nav": "", **about, **facts}), status, dict(headers))


def _text(template: str, facts: Mapping[str, Any]) -> str:
    return _environment().get_template(template).render(facts)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.filters |= {
        "ago": dates.ago,
        "bare": texts.bare_address,
        "host": texts.host_of,
        "browser": texts.browser,
        "coming": dates.coming,
        "dated": dates.dated,
        "day": dates.day,
        "grouped": texts.grouped,
        "linked": texts.linked,
        "moment": dates.moment,
        "plain": texts.plain,
        "proven": texts.proven,
        "quoted": texts.quoted,
    }
    environment.globals |= {
        "out": texts.out,
        "areas": AREAS,
        "sections": SECTIONS,
        "findings": findings,
        "signers": signers,
        "senders": senders,
        "since": since,
        "static": static,
        "title_of": title_of,
        "words": words,
        "numbers": numbers,
    }
    return environment
