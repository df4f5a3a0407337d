"""From the name of a key to the key: ``did:key``, ``did:jwk``, ``did:web``, and addresses of documents (§3.8).

A verification method is looked up where it says it lives, and must be listed there for what the signature
was made for: to make statements (``assertionMethod``), or for a holder to show them (``authentication``).
Whether that place speaks for the issuer is ``binding``'s question.
"""

import ipaddress
import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from urllib.parse import unquote

from .addresses import host, is_web_address
from .credential import Json, JsonObject
from .documents import Documents
from .fields import an_object, identifier, many, objects, types
from .frozen import frozen
from .keys import BadKey, Key, of_did, of_jwk, of_method, of_multikey
from .legible import quoted
from .shelf import object_at
from .times import date_time_stamp

PURPOSE = "assertionMethod"
USES = {PURPOSE: "signing badges", "authentication": "showing badges"}
_PROFILES = frozenset({"Profile", "Issuer"})
_PURPOSES = frozenset(
    {PURPOSE, "authentication", "capabilityDelegation", "capabilityInvocation", "keyAgreement"}
)
MAX_METHODS = 50
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_DID_WEB = re.compile(
    r"did:web:(?P<host>[A-Za-z0-9.-]+)(?:%3[Aa](?P<port>[0-9]{1,5}))?(?P<path>(?::[A-Za-z0-9._%-]+){0,10})\Z"
)
_MULTIKEY = re.compile(r"z[1-9A-HJ-NP-Za-km-z]{40,}\Z")


class NoSuchKey(Exception):
    """There is no usable key by this name, now or later; says why in a sentence."""


class Foreign(Exception):
    """The name is of a kind that we cannot look up; says so in a sentence."""


@frozen
class Method:
    """A key with its name. ``controller`` is whose document it stands in, or who it says controls it.

    ``vouched`` is whether the controller's own document (or identifier) holds it; False when the key
    came from its own name or a document of its own, which anyone can make.
    """

    id: str
    key: Key
    controller: str | None
    vouched: bool
    source: str | None = None


def resolve(name: Json, documents: Documents, at: datetime, purpose: str = PURPOSE) -> Method:
    """The key that a proof names, for this purpose; raises Unavailable, NoSuchKey or Foreign."""
    if isinstance(name, dict):
        name = name.get("id")
    if not isinstance(name, str) or not name:
        raise NoSuchKey("The signature does not name the key it was made with.")
    place, _, fragment = name.partition("#")
    try:
        if place.startswith(("did:key:", "did:jwk:")):
            return _self_describing(place, fragment)
        if place.startswith("did:web:"):
            return in_document(name, place, object_at(did_web_address(place), documents), at, purpose)
        if place.startswith("did:"):
            raise Foreign(f"We cannot look up keys of the kind {quoted(':'.join(place.split(':')[:2]), 30)}.")
        if not is_web_address(place):
            raise NoSuchKey("The signature names its key in a way that leads nowhere.")
        if not is_protected(place):
            raise Foreign(
                "The signature names a key at an address that is not protected (http instead of https)."
            )
        if _MULTIKEY.match(fragment):
            return Method(name, of_multikey(fragment), place, vouched=False)
        return at_address(name, place, object_at(place, documents), at, purpose)
    except BadKey as error:
        raise NoSuchKey(str(error)) from error


@lru_cache(maxsize=256)
def did_web_address(did: str) -> str:
    """Where the document of a ``did:web`` is; raises NoSuchKey when it is none."""
    found = _DID_WEB.match(did)
    segments = found["path"].split(":")[1:] if found else []
    if found is None or _is_number(found["host"]) or {".", ".."} & {unquote(one) for one in segments}:
        raise NoSuchKey("The issuer's did:web is not one of a web site.")
    port = f":{found['port']}" if found["port"] else ""
    return f"https://{found['host']}{port}/{'/'.join(segments or ['.well-known'])}/did.json"


def document_address(identifier: str) -> str | None:
    """Where the document of an identity is: a ``did:web``'s, or the web address itself; None when nowhere."""
    if identifier.startswith("did:web:"):
        return did_web_address(identifier)
    return identifier.partition("#")[0] if is_web_address(identifier) else None


def site_of(identifier: str) -> str | None:
    """The host that speaks for an identity which is a web address or a ``did:web``; None of any other.

    As machines read it: no letter can be taken for another.
    """
    try:
        return host(document_address(identifier) or "")
    except NoSuchKey:
        return None


def is_protected(address: str) -> bool:
    """Whether nobody on the way can change what this address answers: https, or this very machine."""
    return address.lower().startswith("https:") or host(address) in _LOOPBACK


def in_document(name: str, owner: str, document: JsonObject, at: datetime, purpose: str = PURPOSE) -> Method:
    """A key of an identity's own document (DID or controller document)."""
    if document.get("id") != owner:
        raise NoSuchKey(f"The document of {_place(owner)} speaks for somebody else.")
    listed = dict(listed_methods(document, owner, purpose))
    if name == owner and len(listed) == 1:
        name = next(iter(listed))
    if listed.get(name) is None:
        expect_all(document, owner, purpose)
    if name not in listed and name not in _all_methods(document, owner, purpose):
        raise NoSuchKey(f"{_place(owner)} lists no such key.")
    if name not in listed:
        raise NoSuchKey(f"{_place(owner)} does not list this key for {USES[purpose]}.")
    method = listed[name]
    if method is None:
        raise NoSuchKey(f"{_place(owner)} lists the key, but does not give it.")
    expect_good(method, owner, at)
    return Method(name, of_method(method), owner, vouched=True, source=document_address(owner))


def expect_good(method: JsonObject, owner: str, at: datetime) -> None:
    """Raise NoSuchKey where an identity's own document says that one of its keys is not its own, or has ended."""
    is_own = str(absolute(method.get("id"), owner)).startswith(f"{owner}#")
    if is_own and any(identifier(one) != owner for one in many(method.get("controller"))):
        raise NoSuchKey(f"{_place(owner)} says that somebody else controls the key.")
    refuse_ended(method, at)


def at_address(name: str, place: str, document: JsonObject, at: datetime, purpose: str = PURPOSE) -> Method:
    """A key at a web address: in a controller document, a profile, a JWK or JWK set, or a document of its own."""
    if "verificationMethod" in document or purpose in document:
        return in_document(name, place, document, at, purpose)
    if "keys" in document:
        return Method(name, _in_set(name, document, at), None, vouched=False, source=place)
    if "kty" in document:
        refuse_ended(document, at)
        return Method(name, of_jwk(document), None, vouched=False, source=place)
    in_profile = objects(document.get("publicKey"))[:MAX_METHODS]  # of Open Badges 2
    given = next((one for one in in_profile if one.get("id") == name), document)
    if given.get("id") not in (name, place):
        raise NoSuchKey(f"What is at {place} is not the key that the signature names.")
    refuse_ended(given, at)
    controller = given.get("controller", given.get("owner"))
    return Method(name, of_method(given), controller if isinstance(controller, str) else None, False, place)


def listed_methods(
    document: JsonObject, owner: str, purpose: str = PURPOSE
) -> Iterator[tuple[str, JsonObject | None]]:
    """The names under which a document lists keys for a purpose, with the keys it gives itself."""
    given = _all_methods(document, owner, purpose)
    for one in many(document.get(purpose))[:MAX_METHODS]:
        named = absolute(one.get("id") if isinstance(one, dict) else one, owner)
        if named:
            yield named, given.get(named)
    # What an Open Badges profile lists without a word of what for is for what its issuer does: award badges.
    if purpose == PURPOSE and not _PROFILES.isdisjoint(types(document)) and _PURPOSES.isdisjoint(document):
        yield from given.items()


def expect_all(document: JsonObject, owner: str, purpose: str) -> None:
    """Raise Foreign where a document lists more keys than we look at: what was not found may be among the others."""
    if any(
        len(many(document.get(name))) > MAX_METHODS for name in (purpose, "verificationMethod", "publicKey")
    ):
        raise Foreign(f"{_place(owner)} lists more keys than we look at.")


def absolute(name: Json, owner: str) -> str | None:
    """A method's name in full: “#key-1” is one of the document's owner."""
    if not isinstance(name, str) or not name:
        return None
    return owner + name if name.startswith("#") else name


def _all_methods(document: JsonObject, owner: str, purpose: str) -> dict[str, JsonObject]:
    """The keys that a document gives, by their names; what it says of one in several places counts together."""
    found: dict[str, JsonObject] = {}
    for member in ("verificationMethod", purpose):
        for one in objects(document.get(member))[:MAX_METHODS]:
            if named := absolute(one.get("id"), owner):
                found[named] = {**found.get(named, {}), **one}
    return found


@lru_cache(maxsize=256)  # only of those that are keys, and these are not long
def _self_describing(did: str, fragment: str) -> Method:
    expected = did.removeprefix("did:key:") if did.startswith("did:key:") else "0"
    if fragment not in ("", expected):
        raise NoSuchKey("The signature names a key that is not the one in the identifier.")
    return Method(f"{did}#{expected}", of_did(did), did, vouched=True)


def _in_set(name: str, document: JsonObject, at: datetime) -> Key:
    keys = objects(document["keys"])  # all: a host of many issuers has one set for all of them
    wanted = [name, name.partition("#")[2]]
    named = [one for one in keys if one.get("kid") in wanted and one["kid"]]
    if not named and "#" not in name and len(keys) == 1:
        named = list(keys)
    if len(named) != 1:
        raise NoSuchKey("The issuer's set of keys has no such key.")
    refuse_ended(named[0], at)
    return of_jwk(named[0])


def refuse_ended(method: JsonObject, at: datetime) -> None:
    """Raise NoSuchKey where a key itself says that it was withdrawn, or has ended; a JWK in a method may say so too."""
    for one in (method, an_object(method.get("publicKeyJwk"))):
        for member, says in (("revoked", "was withdrawn"), ("expires", "ended")):
            if one.get(member) not in (None, False) and (
                (when := date_time_stamp(one[member])) is None or when <= at
            ):
                raise NoSuchKey(f"The key {says} before today.")


def _place(owner: str) -> str:
    address = document_address(owner)
    return (host(address) if address else None) or owner


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name.replace(".", "").isdigit()
    return True
