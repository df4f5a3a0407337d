"""Does the issuer vouch for the key? The ladder of evidence (open-badges.md §3.9).

A key that a badge brings along proves that somebody signed, not who. The issuer vouches by being the
key (``did:key``), by listing it for assertions in the document at its DID or address, or, for JWTs, in
the key set of its host; failing that, whoever runs this backpack may vouch for it (``trusted``).
What cannot be fetched is unknown; what was fetched and does not list the key proves that it is not the
issuer's.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from datetime import datetime

from . import trusted
from .addresses import host, origin
from .credential import JsonObject
from .documents import Documents
from .fields import many, objects
from .frozen import frozen
from .keys import BadKey, Key, of_did, of_jwk, of_method, written_thumbprint
from .methods import (
    MAX_METHODS,
    PURPOSE,
    Foreign,
    Method,
    NoSuchKey,
    document_address,
    expect_all,
    expect_good,
    is_protected,
    listed_methods,
    refuse_ended,
)
from .report import KEY, Outcome
from .shelf import Unavailable, document_at, object_at

NOT_KNOWN = "Signed, but we cannot tell by whom"
KEY_SET = "/.well-known/jwks.json"


@frozen
class Binding:
    """Whether a key is the issuer's; ``evidence`` is label → sentence when it is, ``wants`` what is to be fetched.

    ``is_open``: somebody who may vouch for it was not heard, or not to the end.
    """

    outcome: Outcome
    because: str
    evidence: Mapping[str, str] = field(default_factory=dict)
    wants: frozenset[str] = frozenset()
    is_open: bool = False


def bind(
    method: Method,
    issuer: str | None,
    documents: Documents,
    at: datetime,
    *,
    jwt: bool = False,
    purpose: str = PURPOSE,
) -> Binding:
    """Whether this key speaks for this issuer (or holder) at a time, when used for this purpose.

    ``jwt``: the key may be told by itself, and stand in a key set.
    """
    if issuer is None:
        return Binding(Outcome.failed, "The badge does not say who its issuer is.")
    try:
        found = _by_issuer(method, issuer, documents, at, jwt=jwt, purpose=purpose)
    except NoSuchKey as error:  # the issuer's own word against a key: nothing and nobody else outweighs it
        return Binding(Outcome.failed, str(error))
    is_shown = found.outcome is Outcome.passed and found is not _BY_ITSELF
    if not is_shown and trusted.vouches(method, issuer, documents):
        return Binding(Outcome.passed, trusted.SAYS, {"Trust list": trusted.SAYS})
    return found


def _by_issuer(
    method: Method, issuer: str, documents: Documents, at: datetime, *, jwt: bool, purpose: str
) -> Binding:
    if issuer.startswith(("did:key:", "did:jwk:")):
        if _is_identity(issuer, method.key):
            return _BY_ITSELF
        return Binding(Outcome.failed, "It was signed with another key than the issuer's.")
    address = document_address(issuer)
    if address is None:
        return Binding(
            Outcome.unknown, f"{NOT_KNOWN}: the issuer has no address at which its keys could be looked up."
        )
    if not is_protected(address):
        return Binding(
            Outcome.unknown, f"{NOT_KNOWN}: the issuer's address is not protected (http instead of https)."
        )
    try:
        found = _by_document(method, issuer, address, documents, at, jwt=jwt, purpose=purpose)
    except Foreign as error:
        found = Binding(Outcome.unknown, f"{NOT_KNOWN}: {error}", is_open=True)
    if jwt and found.outcome is not Outcome.passed:
        may_list = found.is_open or found.outcome is Outcome.failed
        return _best(found, _by_key_set(method, issuer, documents, at, may_list=may_list))
    return found


def _is_identity(issuer: str, key: Key) -> bool:
    """Whether an identifier is this very key, by whatever name the badge calls it."""
    try:
        return of_did(issuer).thumbprint == key.thumbprint
    except BadKey:
        return False


_BY_ITSELF = Binding(
    Outcome.passed,
    "The issuer's identifier is the very key that signed it.",
    {KEY: "The issuer is known by this key alone; nothing tells who holds it."},
)


def published(address: str) -> Binding:
    """The issuer publishes the key at this address."""
    place = host(address)
    says = f"The key is published at {place}."
    return Binding(Outcome.passed, f"It was signed with a key that {place} publishes.", {"Web domain": says})


def _by_document(
    method: Method, issuer: str, address: str, documents: Documents, at: datetime, *, jwt: bool, purpose: str
) -> Binding:
    place = host(address)
    try:
        document = object_at(address, documents)
    except Unavailable as error:
        return _open(error, "the issuer's document")
    if document.get("id", issuer) != issuer:
        return Binding(Outcome.failed, f"The document at {place} speaks for somebody else than the issuer.")
    listed = dict(listed_methods(document, issuer, purpose)) | dict(_listed_by_profile(document))
    named = list(_among(method, listed, jwt=jwt))
    for given in named:
        expect_good(given, issuer, at)
    if named or _are_the_same(method, issuer, document, documents):
        return published(address)
    if not listed and not document.keys() & {PURPOSE, purpose, "verificationMethod"}:
        return Binding(Outcome.unknown, f"{NOT_KNOWN}: the issuer's document at {place} lists no keys.")
    expect_all(document, issuer, purpose)
    return Binding(
        Outcome.failed, f"It was not signed by the issuer: {place} does not list the key that signed it."
    )


def _among(method: Method, listed: Mapping[str, JsonObject | None], *, jwt: bool) -> Iterator[JsonObject]:
    """How the listed methods that are this key are given; empty where one is only named."""
    if method.id in listed:
        given = listed[method.id]
        if given is None or _is_key(given, method.key):
            yield given or {}
    elif jwt:
        yield from (given for given in listed.values() if given is not None and _is_key(given, method.key))


def _is_key(given: JsonObject, key: Key) -> bool:
    try:
        return of_method(given).thumbprint == key.thumbprint
    except BadKey:
        return False


def _listed_by_profile(document: JsonObject) -> list[tuple[str, JsonObject | None]]:
    """The keys of an Open Badges 2 profile, which has ``publicKey`` instead of a list by purpose."""
    if PURPOSE in document or "verificationMethod" in document:
        return []
    found: list[tuple[str, JsonObject | None]] = []
    for one in many(document.get("publicKey"))[:MAX_METHODS]:
        name = one.get("id") if isinstance(one, dict) else one
        if isinstance(name, str):
            found.append((name, one if isinstance(one, dict) and len(one) > 1 else None))
    return found


def _are_the_same(method: Method, issuer: str, document: JsonObject, documents: Documents) -> bool:
    """Whether issuer and key's controller each say that they are the other (``alsoKnownAs``)."""
    if (
        not method.vouched
        or method.controller is None
        or method.controller not in many(document.get("alsoKnownAs"))
    ):
        return False
    address = document_address(method.controller)
    if address is None:
        return False
    return issuer in many(object_at(address, documents).get("alsoKnownAs"))


def _by_key_set(
    method: Method, issuer: str, documents: Documents, at: datetime, *, may_list: bool
) -> Binding:
    """In its host's set of keys; where there is none, on its host, unless the issuer itself may say which its keys are.

    A host that is silent may have a set, and an issuer's document say that the key is a neighbour's.
    """
    site = origin(issuer)
    if site is None:
        return Binding(Outcome.unknown, f"{NOT_KNOWN}: the issuer has no web site with a set of keys.")
    try:
        keys = keys_like(site + KEY_SET, method.key.thumbprint, documents)
    except Unavailable as error:
        if may_list or not error.is_absent or not _is_on(site, method, issuer):
            return _open(error, "the issuer's set of keys")
        says = f"The key is at {host(site)}; whether it is this issuer's or a neighbour's there is not said."
        return Binding(
            Outcome.passed, f"It was signed with a key that {host(site)} publishes.", {"Web domain": says}
        )
    named = [one for one in keys if _is_in_set(one, method.key, issuer)]
    for given in named:
        refuse_ended(given, at)
    if named:
        return published(site)
    return Binding(
        Outcome.failed, f"It was not signed by the issuer: {host(site)} does not list the key that signed it."
    )


def keys_like(address: str, thumbprint: str, documents: Documents) -> tuple[JsonObject, ...]:
    """The keys of a set that may have this thumbprint: those written so, and the first ones, however they are written.

    A host of many issuers has one set for all of them, too many keys to read for each badge.
    """
    keys = objects(object_at(address, documents).get("keys"))
    if len(keys) <= MAX_METHODS:
        return keys
    written = documents.once("thumbprints", document_at(address, documents), lambda _: _by_thumbprint(keys))
    return (*written.get(thumbprint, ()), *keys[:MAX_METHODS])


def _by_thumbprint(keys: Iterable[JsonObject]) -> Mapping[str | None, list[JsonObject]]:
    found: dict[str | None, list[JsonObject]] = {}
    for one in keys:
        found.setdefault(written_thumbprint(one), []).append(one)
    return found


def _is_on(site: str, method: Method, issuer: str) -> bool:
    return method.source is not None and origin(method.source) == site and method.controller in (None, issuer)


def _is_in_set(jwk: JsonObject, key: Key, issuer: str) -> bool:
    """Whether a key of a host's set is this one; on a host of many issuers it may say whose it is (``iss``)."""
    try:
        return jwk.get("iss", issuer) == issuer and of_jwk(jwk).thumbprint == key.thumbprint
    except BadKey:
        return False


def _best(one: Binding, other: Binding) -> Binding:
    """Of two ways of vouching one yes is enough; a no counts once everybody was heard."""
    order = [Outcome.passed, Outcome.failed, Outcome.unknown]
    if one.is_open or other.is_open:
        order = [Outcome.passed, Outcome.unknown, Outcome.failed]
    best = min((one, other), key=lambda b: order.index(b.outcome))
    return Binding(best.outcome, best.because, best.evidence, one.wants | other.wants)


def _open(error: Unavailable, what: str) -> Binding:
    if error.problem is None:
        return Binding(
            Outcome.unknown,
            f"{NOT_KNOWN}: {what} has not been fetched.",
            wants=frozenset({error.url}),
            is_open=True,
        )
    says = f"{NOT_KNOWN}: {what} could not be read ({error})."
    return Binding(Outcome.unknown, says, is_open=not error.is_absent)
