"""What Open Badges 0.5, 1.0 and 1.1 ask of an assertion, a badge class and an issuer."""

from ..addresses import is_uri, is_web_address
from ..credential import Json, JsonObject
from ..fields import an_object, identifier, is_text, text, truth
from ..linked import plain
from ..times import loose_time
from . import Findings
from .open_badges_2 import check_kind, says_how

_CONTEXTS_1 = ("openbadges/v1", "openbadgespec.org/v1", "standard.openbadges.org/1.1")
# As the final standard calls them, and in small letters as its draft did, whose examples issuers copied.
_ASSERTION = ("Assertion", "assertion")
_CLASS = ("BadgeClass", "badgeclass")
_ISSUER = ("Issuer", "IssuerOrg", "issuerorg", "Profile")


def is_context_1(context: Json) -> bool:
    """Whether this is a published context of Open Badges 1.1, by any of the addresses that it has had."""
    return any(name in str(context) for name in _CONTEXTS_1)


def check_assertion_05(raw: JsonObject, found: Findings) -> None:
    """An assertion of 0.5: recipient as text, class and issuer inside it."""
    found.expect(is_text(raw.get("recipient")), "It names no recipient.")
    badge = an_object(raw.get("badge"))
    for member in ("name", "description", "criteria", "image"):
        found.expect(is_text(badge.get(member)), f"The badge's description has no {member}.")
    issuer = an_object(badge.get("issuer"))
    found.expect(is_text(issuer.get("name")), "It does not name its issuer.")
    found.expect(site_of(issuer.get("origin")) is not None, "It does not say which web site its issuer has.")
    for member in ("issued_on", "expires"):
        _check_time(raw.get(member), member, found)
    _check_standing(raw.get("revoked"), found)


def site_of(origin: Json) -> str | None:
    """The issuer's site of 0.5, which some wrote without its scheme."""
    if isinstance(origin, str) and "://" not in origin:
        origin = f"http://{origin}"
    return origin if is_web_address(origin) else None


def check_assertion(raw: JsonObject, found: Findings) -> None:
    """An assertion of 1.0 or 1.1."""
    said = plain(raw)
    check_kind(said, _ASSERTION, "The badge", found)
    found.expect(bool(text(said.get("uid")) or identifier(said)), "It has no identifier.")
    recipient = said.get("recipient")
    found.expect(isinstance(recipient, dict), "Its recipient is not an object.")
    if isinstance(recipient, dict):
        _check_recipient(recipient, found)
    found.expect(
        is_web_address(said.get("badge")) or isinstance(said.get("badge"), dict),
        "It does not say which badge was awarded.",
    )
    verification = an_object(said.get("verification"))
    found.expect(says_how(verification), "It is neither hosted nor signed.")
    found.expect(is_web_address(verification.get("url")), "It does not say where it can be verified.")
    found.expect(said.get("issuedOn") is not None, "It does not say when it was issued.")
    for member in ("issuedOn", "expires"):
        _check_time(said.get(member), member, found)
    _check_standing(said.get("revoked"), found)


def check_class(raw: JsonObject, found: Findings) -> None:
    """The badge class."""
    said = plain(raw)
    check_kind(said, _CLASS, "The badge's description", found)
    described = said.get("description")
    found.expect(is_text(said.get("name")), "The badge's description has no name.")
    found.text(described, is_text(described), "The badge's description has no description.")
    image = identifier(said.get("image")) or ""
    is_inside = image.startswith("data:image/")  # whatever letters are in it
    found.expect(is_inside or is_uri(image), "The badge's description has no image.")
    criteria = identifier(said.get("criteria"))
    found.expect(
        is_web_address(criteria), "The badge's description has no web address of what it takes to earn it."
    )
    found.expect(bool(identifier(said.get("issuer"))), "The badge's description does not say who issues it.")


def check_issuer(raw: JsonObject, found: Findings) -> None:
    """The issuer's organisation."""
    said = plain(raw)
    check_kind(said, _ISSUER, "The issuer's profile", found)
    found.expect(is_text(said.get("name")), "The issuer's profile has no name.")
    found.expect(is_web_address(said.get("url")), "The issuer's profile has no web address.")


def _check_recipient(named: JsonObject, found: Findings) -> None:
    identity, kind, hashed = named.get("identity"), named.get("type"), named.get("hashed", False)
    found.expect(isinstance(identity, str) and bool(identity), "Its recipient has no identity.")
    found.expect(is_text(kind), "Its recipient does not say what kind of identity it is.")
    found.expect(isinstance(hashed, bool), "Its recipient does not say properly whether it is hashed.")
    if kind == "email" and isinstance(identity, str):
        is_address = "@" in identity
        found.expect(
            not (hashed and is_address), "It says that its recipient is hashed, but that is no hash."
        )
        found.expect(hashed or is_address or "$" in identity, "Its recipient is not an e-mail address.")


def _check_standing(revoked: Json, found: Findings) -> None:
    # The standard has no such member of what still stands, but issuers do, and a yes in other words is one.
    is_plain = not revoked or truth(revoked) is not None
    found.expect(is_plain, "It does not say properly whether it was taken back.")


def _check_time(value: Json, member: str, found: Findings) -> None:
    if value is not None:
        found.expect(loose_time(value) is not None, f"Its {member} is not a date.")
