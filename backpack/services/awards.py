"""Which award a badge is, and what it is for: how the same is known again in another file, version or year.

Pure, and computed from the credential alone. All keys are short digests, and "" where nothing tells.
"""

import hashlib
from urllib.parse import parse_qsl, urlencode, urlsplit

from ..sources import platforms
from ..verifier import Credential
from ..verifier.addresses import is_web_address
from .finding import folded


def award_key(credential: Credential) -> str:
    """Which award this is: its own address, however the site that serves it is called and reached.

    What is signed is told by its signature; of that only a platform's own numbers count.
    """
    if known := platforms.award_key(credential.address or credential.id or ""):
        return _digest("award", known)
    return _digest("award", _place(credential.address)) if credential.address else ""


def achievement_id(credential: Credential) -> str:
    """What it is for by its own id, as far as that says so; the kind of id stands before the colon.

    "web" for an address, "name" for another identifier, "criteria" where only those are told.
    """
    achievement = credential.achievement
    if is_web_address(achievement.id):
        return f"web:{_digest(_place(str(achievement.id)))}"
    if achievement.id:
        return f"name:{_digest(achievement.id)}"
    if achievement.criteria_url:
        return f"criteria:{_digest(_place(achievement.criteria_url))}"
    return f"criteria:{_digest(_words(said))}" if (said := achievement.criteria_narrative) else ""


def achievement_key(credential: Credential) -> str:
    """What it is for and by whom in words, alike in every version: ids often change with the version."""
    title, issuer = credential.called, _by(credential)
    return _digest(issuer, _words(title)) if issuer and title else ""


def _by(credential: Credential) -> str:
    """Who awards it: its site, else its decentralised identifier, else its name."""
    issuer = credential.issuer
    for address in (issuer.url, issuer.id):
        if is_web_address(address):
            # Many issuers share a platform's host.
            return _place(str(address)) if platforms.family(str(address)) else _site(str(address))
    did = issuer.id if (issuer.id or "").startswith("did:") else ""
    if did and did.startswith("did:web:"):
        return _site(f"https://{did.removeprefix('did:web:').partition(':')[0]}")
    return did or _words(issuer.name or "")


def _place(url: str) -> str:
    """An address as it is compared: without scheme, version, and what programs add to it."""
    parts = urlsplit(url)
    asked = sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k != "v")
    path = parts.path.rstrip("/").removesuffix(".json")
    return f"{_site(url)}{path}?{urlencode(asked)}#{parts.fragment}"


def _site(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    if known := platforms.family(url):
        return known
    host = (parts.hostname or "").rstrip(".").removeprefix("www.").removeprefix("api.")
    return host if port in (None, 80, 443) else f"{host}:{port}"


def _words(text: str) -> str:
    return " ".join(folded(text).split())


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode(errors="surrogatepass")).hexdigest()[:32]
