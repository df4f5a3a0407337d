"""A credential signed as a JWT (OB 3.0 §8.2; VC-JOSE-COSE): the signature covers the text as it was received.

The algorithm must be on our list before any key is looked up, and fit the key; what the header brings
along (``jwk``) is a key like any other, which the issuer must vouch for; ``jku`` and ``x5u`` are never
followed. Registered claims must say what the credential says (open-badges.md §3.7).
"""

from collections.abc import Iterator
from datetime import timedelta

from ...errors import Unreadable
from ..addresses import origin
from ..algorithms import ALGORITHMS, UNSUPPORTED, is_known, verifies
from ..binding import KEY_SET, Binding, bind, keys_like
from ..case import Case, Demand, Signature
from ..compact import claimed_time, is_of_second_model, is_plain
from ..credential import LEGACY, Json, JsonObject
from ..encodings import Misspelt, base64url
from ..fields import an_object, identifier, many, objects
from ..keys import BadKey, of_jwk
from ..methods import (
    MAX_METHODS,
    Foreign,
    Method,
    NoSuchKey,
    document_address,
    is_protected,
    listed_methods,
    resolve,
)
from ..report import Outcome
from ..shelf import Unavailable, object_at
from ..times import CLOCK_DIFFERENCE, date_time_stamp
from ._outcomes import UNREADABLE, Broken, Changed, OtherChallenge, OtherDomain, held, not_held, of_key

SPEC = "https://www.w3.org/TR/vc-jose-cose/"
_TYPES = ("jwt", "vc+jwt", "vc+ld+jwt", "vc+ld+json+jwt")
_REFUSED = {
    "crit": "It asks for something extra that we do not know (crit).",
    "zip": "Its content is compressed, which a badge's may not be.",
    "b64": "Its content is not written as a JWT's is.",
    "enc": "It is encrypted, so nobody but its addressee can read it.",
}
_TIMES = {"nbf": ("validFrom", "issuanceDate"), "exp": ("validUntil", "expirationDate")}
"""In the order of a token's term, each with the members of both data models that say the same."""
_A_SECOND = timedelta(seconds=1)


def recognises(case: Case) -> bool:
    """Whether it is a verifiable credential in compact form."""
    return is_plain(case.credential.compact) and case.credential.version not in (*LEGACY, "vp")


def needs(case: Case) -> set[str]:
    """The key that the header names, the issuer's own document, the set of keys of its host."""
    try:
        head = token_header(case)
        method = _method(head, case)
    except Unavailable as error:
        return ({error.url} if error.problem is None else set()) | _issuer_places(case)
    except (Broken, Unreadable, NoSuchKey, Foreign):
        return set()
    return set(_bound(method, case).wants)


def holds(case: Case) -> tuple[Signature, ...]:
    """The one signature of a JWT."""
    detail = {"Method": "JWT", "Spec": SPEC}
    try:
        head = token_header(case)
        detail["Method"] = f"JWT with {head['alg']}"
        claims = _claims(case)
        method = _method(head, case)
        detail |= {"Key": method.id or "in the token itself", **of_key(method)}
        expect_signature(head, method, case)
    except (Broken, NoSuchKey, Unreadable) as error:
        return (not_held("vc-jwt", Outcome.failed, error, detail),)
    except (Foreign, Unavailable) as error:
        return (not_held("vc-jwt", Outcome.unknown, error, detail),)
    return (held("vc-jwt", method.id, _bound(method, case), detail, _notes(head, claims, case)),)


def token_header(case: Case) -> JsonObject:
    """How the token says it is signed; raises Broken where that would not protect it, Foreign where we cannot tell."""
    head = case.token.header
    if head.get("alg") in UNSUPPORTED:
        raise Foreign(f"it is signed with {head['alg']}, which we do not know how to check.")
    if not is_known(head.get("alg")):
        raise Broken("It is not signed, or in a way that does not protect it.")
    for member, says in _REFUSED.items():
        if member in head:
            raise Broken(says)
    return head


def expect_signature(head: JsonObject, method: Method, case: Case) -> None:
    """Raise Broken unless the key made the token's signature."""
    signed, _, signature = (case.credential.compact or "").rpartition(".")
    try:
        sound = verifies(head["alg"], method.key, base64url(signature), signed.encode())
    except (Misspelt, UnicodeEncodeError) as error:
        raise Broken(UNREADABLE) from error
    if not sound:
        raise Changed


def expect_occasion(claims: JsonObject, demand: Demand) -> None:
    """Raise Broken unless the token was made for whoever asks (``aud``), in answer to their challenge (``nonce``)."""
    if demand.domains and not set(demand.domains) <= set(map(str, many(claims.get("aud")))):
        raise OtherDomain("The token was made for another site than the one that asks.")
    if demand.challenge is not None and claims.get("nonce") != demand.challenge:
        raise OtherChallenge("The token does not answer the challenge of the one that asks.")


def _claims(case: Case) -> JsonObject:
    """What the token says, which must be what the credential in it says."""
    claims, raw = case.claims, case.credential.raw
    if case.token.credential is not raw and case.token.credential != raw:
        raise Broken("What is shown is not what was signed.")
    if None in claims.values():  # which says nothing
        claims = {claim: said for claim, said in claims.items() if said is not None}
    is_old = "vc" in claims and "type" not in claims
    if not is_old and ("vc" in raw or "vp" in claims):
        raise Broken("It holds a second credential beside itself, so it is not clear which was awarded.")
    if is_old and is_of_second_model(raw):
        raise Broken("It is written in the second data model, but signed in the way of the first (vc).")
    subject = identifier(an_object(raw.get("credentialSubject")))
    for claim, said in (("iss", identifier(raw.get("issuer"))), ("jti", raw.get("id")), ("sub", subject)):
        if claim in claims and claims[claim] != said and (said is not None or claim != "sub"):
            raise Broken(f"The token says something else than the badge inside it ({claim}).")
    if is_old and "iss" not in claims:
        raise Broken("The token does not say who made it (iss).")
    for claim, at in zip(_TIMES, case.token.term, strict=True):
        if claim in claims and at is None:
            raise Broken(f"The token says a time that is none ({claim}).")
    expect_occasion(claims, case.demand)
    return claims


def _method(head: JsonObject, case: Case) -> Method:
    """The key: named by ``kid``, else brought along as ``jwk``, else the issuer's only one for this algorithm."""
    name = head.get("kid")
    if name is not None and not isinstance(name, str):
        raise Broken("It names its key in a way that leads nowhere.")
    if name and name.startswith(("did:", "https:", "http:")):
        try:
            return resolve(name, case.documents, case.at)
        except Unavailable as error:
            if error.problem is None:
                raise
            return _of_issuer(name, head["alg"], case)
    if not name and "jwk" in head:
        try:
            return Method("", of_jwk(head["jwk"]), None, vouched=False)
        except BadKey as error:
            raise Broken(str(error)) from error
    return _of_issuer(name, head["alg"], case)


def _of_issuer(name: str | None, algorithm: str, case: Case) -> Method:
    """The key among those that the issuer publishes, by a name that means something only there."""
    found: dict[str, Method] = {}
    trouble: list[Unavailable] = []
    for candidates in (_in_document(case), _in_key_set(case, name)):
        try:
            for method, names in candidates:
                if (name is None or name in names) and method.key.kind == ALGORITHMS[algorithm][0]:
                    found.setdefault(method.key.thumbprint, method)
        except Unavailable as error:
            trouble.append(error)
    if len(found) == 1:
        method = next(iter(found.values()))
        silent = next((t for t in trouble if not t.is_absent), None)
        if silent is not None and not _is_by(method, algorithm, case):
            raise silent  # the key that is meant may be there
        return method
    if trouble and not found:
        raise next((t for t in trouble if t.problem is None), trouble[0])
    raise NoSuchKey(
        "The issuer publishes no such key."
        if not found
        else "It does not say which of the issuer's keys it is."
    )


def _is_by(method: Method, algorithm: str, case: Case) -> bool:
    try:
        expect_signature({"alg": algorithm}, method, case)
    except Broken:
        return False
    return True


def _in_document(case: Case) -> Iterator[tuple[Method, set[str]]]:
    issuer = case.credential.issuer.id
    if issuer is None:
        return
    if issuer.startswith(("did:key:", "did:jwk:")):
        method = resolve(issuer, case.documents, case.at)
        fragment = method.id.partition("#")[2]
        yield method, {method.key.thumbprint, fragment, f"#{fragment}"}
        return
    address = document_address(issuer)
    if address is None or not is_protected(address):
        return
    document = object_at(address, case.documents)
    if document.get("id", issuer) != issuer:
        return
    for method_id, given in listed_methods(document, issuer):
        jwk = given.get("publicKeyJwk") if given else None
        try:
            method = resolve(method_id, case.documents, case.at)
        except (NoSuchKey, Foreign, Unavailable):
            continue
        fragment = method_id.partition("#")[2]
        names = {fragment, f"#{fragment}", method.key.thumbprint}
        yield method, names | _names(jwk)


def _in_key_set(case: Case, name: str | None) -> Iterator[tuple[Method, set[str]]]:
    site = origin(case.credential.issuer.id or "")
    if site is None or not is_protected(site):
        return
    address = f"{site}{KEY_SET}"
    named = [one for one in objects(object_at(address, case.documents).get("keys")) if name in _names(one)]
    for one in named[:MAX_METHODS] or keys_like(address, name or "", case.documents):
        try:
            key = of_jwk(one)
        except BadKey:
            continue
        yield Method(address, key, None, vouched=False, source=address), {key.thumbprint} | _names(one)


def _names(jwk: Json) -> set[str]:
    name = jwk.get("kid") if isinstance(jwk, dict) else None
    return {name} if isinstance(name, str) else set()


def _bound(method: Method, case: Case) -> Binding:
    return bind(method, case.credential.issuer.id, case.documents, case.at, jwt=True)


def _issuer_places(case: Case) -> set[str]:
    """Where the issuer may publish keys, asked for at once to save a round."""
    issuer = case.credential.issuer.id or ""
    try:
        places = {document_address(issuer), *([f"{origin(issuer)}{KEY_SET}"] if origin(issuer) else [])}
    except NoSuchKey:
        return set()
    return {p for p in places if p and is_protected(p) and p not in case.documents}


def _notes(head: JsonObject, claims: JsonObject, case: Case) -> Iterator[str]:
    raw = case.credential.raw
    if "typ" in head and str(head["typ"]).lower().removeprefix("application/") not in _TYPES:
        yield "Its token says that it is of another type than a credential's."
    for (claim, (newer, older)), claimed in zip(_TIMES.items(), case.token.term, strict=True):
        said = date_time_stamp(raw.get(newer)) or date_time_stamp(raw.get(older))
        if claimed and said and abs(said - claimed) > _A_SECOND:
            yield f"Its token says another date than the badge inside it ({claim})."
    made = claimed_time(claims, "iat")
    if made and made > case.at + CLOCK_DIFFERENCE:
        yield "Its token says that it was made in the future."
