"""A presentation signed as a JWT (VC-JOSE-COSE): by a key of its holder, for whoever asked (``aud``, ``nonce``).

The rules for the token are those of ``vc_jwt``: the algorithm must be on our list and fit the key, which
the header must name (``kid``) where its owner publishes it, or which the holder's own identifier is.
"""

from collections.abc import Callable
from datetime import datetime

from ...errors import Unreadable
from ..binding import Binding, bind
from ..case import Case, Signature
from ..compact import claimed_time, is_of_second_model, is_plain, presentation_in
from ..credential import JsonObject
from ..methods import Foreign, Method, NoSuchKey, resolve
from ..report import Outcome
from ..shelf import Unavailable
from ..times import CLOCK_DIFFERENCE
from ._outcomes import Broken, held, not_held, of_key
from .vc_jwt import SPEC, expect_occasion, expect_signature, token_header

_NAME = "vp-jwt"
_TIMES: dict[str, Callable[[datetime, datetime], bool]] = {
    "nbf": lambda said, at: said <= at + CLOCK_DIFFERENCE,
    "exp": lambda said, at: at < said,
}


def recognises(case: Case) -> bool:
    """Whether it is a presentation in compact form."""
    return is_plain(case.credential.compact) and case.credential.version == "vp"


def needs(case: Case) -> set[str]:
    """The document of the key, and that of the holder."""
    try:
        return set(_bound(_method(token_header(case), case), case).wants)
    except Unavailable as error:
        return {error.url} if error.problem is None else set()
    except (Broken, Unreadable, NoSuchKey, Foreign):
        return set()


def holds(case: Case) -> tuple[Signature, ...]:
    """The one signature of a JWT."""
    detail = {"Method": "JWT", "Spec": SPEC}
    try:
        head = token_header(case)
        detail["Method"] = f"JWT with {head['alg']}"
        method = _method(head, case)
        detail |= {"Key": method.id, **of_key(method)}
        expect_signature(head, method, case)
        _expect_claims(case.claims, case)
    except (Broken, NoSuchKey, Unreadable) as error:
        return (not_held(_NAME, Outcome.failed, error, detail),)
    except (Foreign, Unavailable) as error:
        return (not_held(_NAME, Outcome.unknown, error, detail),)
    return (held(_NAME, method.id, _bound(method, case), detail),)


def _method(head: JsonObject, case: Case) -> Method:
    return resolve(head.get("kid", case.credential.issuer.id), case.documents, case.at, case.demand.purpose)


def _bound(method: Method, case: Case) -> Binding:
    return bind(method, case.credential.issuer.id, case.documents, case.at, purpose=case.demand.purpose)


def _expect_claims(claims: JsonObject, case: Case) -> None:
    raw = case.credential.raw
    if presentation_in(claims) != raw or raw.keys() & {"vc", "vp"}:
        raise Broken("What is shown is not what was signed.")
    if "type" not in claims and is_of_second_model(raw):
        raise Broken("It is written in the second data model, but signed in the way of the first (vp).")
    same = {"iss": case.credential.issuer.id, "jti": raw.get("id", claims.get("jti"))}
    for claim, said_inside in same.items():
        if claim in claims and claims[claim] != said_inside:
            raise Broken(f"The token says something else than the presentation inside it ({claim}).")
    for claim, is_fine in _TIMES.items():
        said = claimed_time(claims, claim)
        if claim in claims and (said is None or not is_fine(said, case.at)):
            raise Broken(f"The token is not good at this time ({claim}).")
    expect_occasion(claims, case.demand)
