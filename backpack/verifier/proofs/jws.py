"""A signed assertion of Open Badges 1.x and 2.x: a compact JWS whose key the issuer publishes (§3.1, §3.3).

OB 2 names a key document by ``creator``, or leaves it to the issuer's profile, which may list several;
profile and key document must name each other. OB 1 names the address of a PEM key by ``verify.url``;
nothing but a common host ties it to the issuer.
"""

from typing import NamedTuple

from ...errors import Unreadable
from ..addresses import host, is_web_address, same_but_for_scheme, same_host
from ..algorithms import UNSUPPORTED, is_known, verifies
from ..binding import NOT_KNOWN, Binding, published
from ..case import Case, Signature
from ..compact import is_plain
from ..credential import LEGACY, JsonObject
from ..encodings import Misspelt, base64url
from ..fields import an_object, identifier, many
from ..keys import BadKey, Key, of_method, of_pem
from ..legacy import trail_of
from ..legible import quoted
from ..linked import Part, plain
from ..methods import Foreign, NoSuchKey, refuse_ended
from ..report import Outcome
from ..rules.open_badges_2 import is_signed
from ..shelf import Unavailable, document_at, object_at
from ._outcomes import UNREADABLE, Broken, Changed, held, not_held

SPEC = "https://www.imsglobal.org/spec/ob/v2p0/#SignedBadge"
MAX_KEYS = 8
_BEST_FIRST = (Outcome.passed, Outcome.unknown, Outcome.failed)


class _Named(NamedTuple):
    """A key that an assertion, or its issuer, names: by which address, and who it says owns it (OB 2)."""

    address: str
    key: Key
    owner: str | None = None


def recognises(case: Case) -> bool:
    """Whether it is an assertion in compact form."""
    return is_plain(case.credential.compact) and case.credential.version in LEGACY


def needs(case: Case) -> set[str]:
    """The documents of its keys, once it is known which; class and issuer are the version's own need."""
    try:
        return {url for name in _names(case)[:MAX_KEYS] for url in _wanted(name, case)}
    except Unavailable as error:
        return {error.url} if error.problem is None else set()
    except Broken:
        return set()


def _wanted(name: str, case: Case) -> set[str]:
    try:
        _named_key(name, case)
    except Unavailable as error:
        return {error.url} if error.problem is None else set()
    except (Broken, BadKey, NoSuchKey, Unreadable):
        return set()
    return set()


def holds(case: Case) -> tuple[Signature, ...]:
    """The one signature of a JWS: with the key that it names, or else with any that its issuer lists."""
    detail = {"Method": "JWS", "Spec": SPEC}
    try:
        head = _header(case)
        detail["Method"] = f"JWS with {head['alg']}"
        names = _names(case)
        best = min(
            (_tried(name, head, case, detail) for name in names[:MAX_KEYS]),
            key=lambda one: _BEST_FIRST.index(one.outcome),
        )
        if best.outcome is Outcome.failed and len(names) > MAX_KEYS:
            raise Foreign("its issuer lists more keys than we look at.")
    except (Foreign, Unavailable) as error:
        return (not_held("jws", Outcome.unknown, error, detail),)
    except (Broken, Unreadable) as error:
        return (not_held("jws", Outcome.failed, error, detail),)
    return (best,)


def _tried(name: str, head: JsonObject, case: Case, detail: dict[str, str]) -> Signature:
    detail = {**detail, "Key": name, "Source": name}
    if name.startswith("http:"):
        detail["Note"] = "Its key was fetched without encryption."
    try:
        named = _named_key(name, case)
        detail["Key fingerprint"] = named.key.thumbprint
        _expect_signature(head, named.key, case)
    except (Broken, BadKey, NoSuchKey, Unreadable) as error:
        return not_held("jws", Outcome.failed, error, detail)
    except Unavailable as error:
        return not_held("jws", Outcome.unknown, error, detail)
    return held("jws", name, _bound(named, case), detail)


def _header(case: Case) -> JsonObject:
    head = case.token.header
    if head.get("alg") in UNSUPPORTED:
        raise Foreign(f"it is signed with {head['alg']}, which we do not know how to check.")
    if not is_known(head.get("alg")):
        raise Broken("It is not signed, or in a way that does not protect it.")
    if head.keys() & {"crit", "zip", "b64", "enc"}:
        raise Broken("It asks for something extra that we do not know.")
    return head


def _expect_signature(head: JsonObject, key: Key, case: Case) -> None:
    signed, _, signature = (case.credential.compact or "").rpartition(".")
    if case.claims != case.credential.raw:
        raise Broken("What is shown is not what was signed.")
    try:
        sound = verifies(head["alg"], key, base64url(signature), signed.encode())
    except Misspelt as error:
        raise Broken(UNREADABLE) from error
    if not sound:
        raise Changed


def _names(case: Case) -> tuple[str, ...]:
    """The keys that it may be signed with: the one that it names, or those that its issuer lists."""
    said = plain(an_object(plain(case.credential.raw).get("verification")))
    if not is_signed(said):
        raise Broken("It is signed, but says that it is not.")
    if case.credential.version != "2.0":
        if not is_web_address(said.get("url")):
            raise Broken("It does not say where its key is published.")
        return (said["url"],)
    if name := identifier(said.get("creator")):
        return (name,)
    return _listed(trail_of(case.credential, case.documents).issuer)


def _listed(issuer: Part) -> tuple[str, ...]:
    if issuer.wants or issuer.problem:
        raise Unavailable(issuer.wants or issuer.address or "the issuer's profile", issuer.problem)
    names = dict.fromkeys(identifier(one) for one in many(plain(issuer.raw).get("publicKey")))
    found = tuple(name for name in names if name)
    if not found:
        raise Broken("It names no key, and its issuer's profile lists none.")
    return found


def _named_key(name: str, case: Case) -> _Named:
    if case.credential.version != "2.0":
        return _by_address(name, case)
    return _by_document(name, trail_of(case.credential, case.documents).issuer, case)


def _by_address(address: str, case: Case) -> _Named:
    body = document_at(address, case.documents).body
    if body.lstrip().startswith(b"{"):
        return _Named(address, _good_key(plain(object_at(address, case.documents)), case))
    return _Named(address, of_pem(body.decode("ascii", "replace")))


def _by_document(name: str, issuer: Part, case: Case) -> _Named:
    # A badge of before its issuer's site was encrypted names the key as then; it is read where the issuer says today.
    listed = many(plain(issuer.raw).get("publicKey"))
    given = next((one for one in listed if same_but_for_scheme(identifier(one), name)), None)
    name = identifier(given) or name
    key = plain(an_object(given))
    if "publicKeyPem" not in key:
        if not is_web_address(name):
            raise Broken("It names its key in a way that leads nowhere.")
        key = plain(object_at(name, case.documents))
    if identifier(key) is not None and not same_but_for_scheme(identifier(key), name):
        raise Broken("The key at the address that it names says that it is another one.")
    return _Named(name, _good_key(key, case), identifier(key.get("owner")))


def _good_key(given: JsonObject, case: Case) -> Key:
    refuse_ended(given, case.at)
    return of_method(given)


def _bound(named: _Named, case: Case) -> Binding:
    issuer = trail_of(case.credential, case.documents).issuer
    if issuer.wants or issuer.problem or not issuer.known:
        return Binding(Outcome.unknown, f"{NOT_KNOWN}: {issuer.problem or 'the issuer is still to be read'}.")
    if (stranger := issuer.led_away) is not None:
        return Binding(Outcome.unknown, f"{NOT_KNOWN}: its issuer's address leads on to {stranger}.")
    if issuer.mismatch:
        return Binding(Outcome.failed, issuer.mismatch)
    if (name := issuer.goes_by) is not None:
        says = f"{NOT_KNOWN}: nothing shows that its issuer goes by {quoted(name)}."
        return Binding(Outcome.unknown, says)
    if case.credential.version != "2.0":
        return _of_one_site(named.address, issuer)
    profile = plain(issuer.raw)
    place = host(issuer.address or "") or "the issuer"
    if named.address not in [identifier(one) for one in many(profile.get("publicKey"))]:
        says = f"It was not signed by the issuer: {place} does not list the key that signed it."
        return Binding(Outcome.failed, says)
    if named.owner is None:
        return Binding(Outcome.unknown, f"{NOT_KNOWN}: the key that signed it does not say whose it is.")
    if not same_but_for_scheme(named.owner, identifier(profile)):
        return Binding(
            Outcome.failed, "The key that signed it says that it is somebody else's than the issuer's."
        )
    if not issuer.fetched:
        return Binding(Outcome.unknown, f"{NOT_KNOWN}: the issuer's profile stands only in the badge itself.")
    return published(issuer.address or place)


def _of_one_site(address: str, issuer: Part) -> Binding:
    if issuer.fetched and issuer.address and same_host(address, issuer.address):
        return published(issuer.address)
    home = host(issuer.address or "") or "no address"
    return Binding(Outcome.unknown, f"{NOT_KNOWN}: its key is at {host(address)}, its issuer at {home}.")
