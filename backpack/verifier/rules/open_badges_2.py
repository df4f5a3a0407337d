"""What Open Badges 2.0 asks of an assertion, a badge class and an issuer (open-badges.md §3.2, step 7)."""

import re

from ..addresses import is_uri, is_web_address
from ..credential import Json, JsonObject
from ..fields import contexts, identifier, is_text, many, objects, text
from ..linked import identity_kinds, plain, plain_types
from ..times import has_zone, loose_time
from . import Findings

HASH = re.compile(
    r"(?:md5\$[0-9a-fA-F]{32}|sha1\$[0-9a-fA-F]{40}|sha256\$[0-9a-fA-F]{64}|sha512\$[0-9a-fA-F]{128})\Z"
)
CONTEXTS_2 = (
    "https://w3id.org/openbadges/v2",
    "https://openbadgespec.org/v2/context.json",
    "https://purl.imsglobal.org/spec/ob/v2p1/ob_v2p1.jsonld",
)
_CLASSES = {
    "AlignmentObject", "Assertion", "BadgeClass", "Criteria", "CryptographicKey", "Endorsement",
    "EndorsementClaim", "Evidence", "Extension", "IdentityObject", "Image", "Issuer", "Profile",
    "RevocationList", "VerificationObject", "HostedBadge", "SignedBadge",
}  # fmt: skip
_IDENTITIES = {"id", "email", "url", "telephone", "IdentityObject"}
_HOSTED, _SIGNED = ("hosted", "HostedBadge"), ("signed", "SignedBadge")
_ANCHORED = "MerkleProofVerification2017"
_RASTER_OR_SVG = re.compile(r"data:image/(?:png|svg\+xml)[;,]", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\Z")


def is_context_2(context: Json) -> bool:
    """Whether this is a published context of Open Badges 2.x."""
    return isinstance(context, str) and (
        context in CONTEXTS_2 or context.replace("http:", "https:", 1) in CONTEXTS_2
    )


def check_assertion(raw: JsonObject, found: Findings) -> None:
    """The assertion itself."""
    _check_context(raw, "The badge", found)
    said = plain(raw)
    _check_type(said, ("Assertion",), "The badge", found)
    found.expect(is_uri(said.get("id")), "The badge has no id that is an address or URN.")
    _check_recipient(said.get("recipient"), found)
    badges = many(said.get("badge"))
    found.expect(bool(badges), "It does not say which badge was awarded.")
    found.expect(len(badges) < 2, "It names more than one badge.")
    _check_verification(said.get("verification"), found)
    found.expect(said.get("issuedOn") is not None, "It does not say when it was issued.")
    for member in ("issuedOn", "expires"):
        if said.get(member) is not None:
            _check_time(said[member], member, found)
    _check_image(said.get("image"), "The badge", found, data_allowed=False)
    found.expect(
        said.get("revoked") is None or isinstance(said["revoked"], bool),
        "It does not say properly whether it was taken back.",
    )
    found.expect(
        all(isinstance(e, dict) or is_uri(e) for e in many(said.get("evidence"))),
        "A piece of evidence is neither an address nor an object.",
    )


def check_class(raw: JsonObject, found: Findings) -> None:
    """The badge class."""
    if "@context" in raw:
        _check_context(raw, "The badge's description", found)
    said = plain(raw)
    _check_type(said, ("BadgeClass",), "The badge's description", found)
    _check_id(said.get("id"), "The badge's description", found)
    described = said.get("description")
    found.expect(is_text(said.get("name")), "The badge's description has no name.")
    found.text(described, is_text(described), "The badge's description has no description.")
    found.expect(
        all(isinstance(t, str) for t in many(said.get("tags"))), "One of the badge's tags is not text."
    )
    found.expect(len(many(said.get("issuer"))) == 1, "The badge's description does not say who issues it.")
    found.expect(bool(many(said.get("image"))), "The badge's description has no image.")
    _check_image(said.get("image"), "The badge's description", found, data_allowed=True)
    criteria = many(said.get("criteria"))
    found.expect(bool(criteria), "The badge's description does not say what it takes to earn it.")
    check_kind(criteria, ("Criteria",), "The badge's criteria", found)
    for one in criteria:
        narrated = isinstance(one, dict) and (text(one.get("narrative")) or identifier(one))
        found.expect(
            bool(narrated or is_uri(one)), "The badge's criteria hold neither an address nor a text."
        )
    check_kind(said.get("alignment"), ("AlignmentObject",), "An alignment of the badge", found)
    for one in many(said.get("alignment")):
        named = isinstance(one, dict) and text(one.get("targetName")) and is_uri(one.get("targetUrl"))
        found.expect(bool(named) or is_uri(one), "An alignment of the badge lacks its name or address.")


def check_issuer(raw: JsonObject, found: Findings) -> None:
    """The issuer's profile."""
    if "@context" in raw:
        _check_context(raw, "The issuer's profile", found)
    said = plain(raw)
    _check_type(said, ("Issuer", "Profile"), "The issuer's profile", found)
    _check_id(said.get("id"), "The issuer's profile", found)
    found.expect(is_text(said.get("name")), "The issuer's profile has no name.")
    found.expect(is_web_address(said.get("url")), "The issuer's profile has no web address.")
    email = said.get("email")
    is_address = isinstance(email, str) and bool(_EMAIL.match(email))
    found.text(email, is_address, "The issuer's profile has no e-mail address.")
    found.prefer(is_web_address(said.get("id")), "The issuer's id is not a web address.")


def is_signed(verification: Json) -> bool:
    """Whether a verification object says that the badge is signed."""
    return any(t in _SIGNED for v in objects(verification) for t in plain_types(v))


def says_how(verification: Json) -> bool:
    """Whether a verification object says that the badge is hosted or signed."""
    return any(t in (*_HOSTED, *_SIGNED) for v in objects(verification) for t in plain_types(v))


def is_anchored(verification: Json) -> bool:
    """Whether a verification object says that the badge is signed by an entry in a blockchain, as Blockcerts 2 are."""
    kinds = [t for v in objects(verification) for t in plain_types(v)]
    return _ANCHORED in kinds and not says_how(verification)


def check_kind(value: Json, wanted: tuple[str, ...], what: str, found: Findings) -> None:
    """That things which need not say what they are say nothing else than one of these words."""
    for one in objects(value):
        kinds = plain_types(one)
        found.expect(not kinds or any(k in wanted for k in kinds), f"{what} is not of type {wanted[0]}.")


def _check_context(raw: JsonObject, what: str, found: Findings) -> None:
    listed = contexts(raw)
    found.prefer(bool(listed), f"{what} has no @context; it was read as Open Badges 2.0.")
    fine = not listed or any(is_context_2(c) for c in listed)
    found.expect(fine, f"{what} has a @context that is not one of Open Badges.")


def _check_type(said: JsonObject, wanted: tuple[str, ...], what: str, found: Findings) -> None:
    kinds = plain_types(said)
    found.expect(any(k in wanted for k in kinds), f"{what} is not of type {wanted[0]}.")
    found.expect(
        all(k in _CLASSES or ":" in k for k in kinds), f"{what} has a type that its @context does not define."
    )


def _check_id(value: Json, what: str, found: Findings) -> None:
    is_nameless = value is None or (isinstance(value, str) and value.startswith("_:"))
    found.expect(is_nameless or is_uri(value), f"{what} has an id that is no address or URN.")


def _check_recipient(value: Json, found: Findings) -> None:
    found.expect(len(many(value)) < 2, "It names more than one recipient.")
    if not isinstance(value, dict):
        found.expect(bool(value), "It names no recipient.")
        found.expect(not value, "Its recipient is not an object.")
        return
    said = plain(value)
    identity, hashed = said.get("identity"), said.get("hashed")
    found.expect(isinstance(identity, str) and bool(identity), "Its recipient has no identity.")
    kinds = identity_kinds(said)
    found.expect(bool(kinds), "Its recipient does not say what kind of identity it is.")
    known = all(k in _IDENTITIES or ":" in k for k in kinds)
    found.expect(known, "Its recipient is named by a kind of identity that its @context does not define.")
    found.expect(isinstance(hashed, bool), "Its recipient does not say properly whether it is hashed.")
    if isinstance(identity, str) and isinstance(hashed, bool):
        is_hash = bool(HASH.match(identity))
        found.expect(
            is_hash or not hashed, "It says that its recipient is hashed, but that is not a hash we know."
        )
        found.expect(hashed or not is_hash, "It says that its recipient is not hashed, but that is a hash.")
        plain_email = "email" in kinds and not hashed and not is_hash
        found.expect(
            not plain_email or bool(_EMAIL.match(identity)), "Its recipient is not an e-mail address."
        )


def _check_verification(value: Json, found: Findings) -> None:
    found.expect(value is not None, "It does not say how it can be verified.")
    if value is not None:
        found.expect(says_how(value) or is_anchored(value), "It is neither hosted nor signed.")


def _check_time(value: Json, member: str, found: Findings) -> None:
    read = loose_time(value) if isinstance(value, str) else None
    found.expect(read is not None, f"Its {member} is not a date with a time.")
    if read is not None:
        found.expect(has_zone(value), f"Its {member} names no time zone, or has no T before its time.")


def _check_image(value: Json, what: str, found: Findings, *, data_allowed: bool) -> None:
    for one in many(value):
        url = identifier(one) or ""
        if url.startswith("data:"):
            found.expect(data_allowed, f"{what} carries its image inside, which is not allowed there.")
            found.expect(bool(_RASTER_OR_SVG.match(url)), f"{what} has an image that is neither PNG nor SVG.")
        else:
            found.expect(is_uri(url), f"{what} has an image without an address.")
