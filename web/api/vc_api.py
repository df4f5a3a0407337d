"""The verifier of the VC-API (VCALM): 200 when a credential or presentation is verified, 400 when it is not.

For whoever runs checks by machine, without an account. Nothing that is sent is kept. What cannot be read
is not verified either: garbage is 400, never 422 or 500.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from backpack.errors import Unreadable
from backpack.services import examining, faults
from backpack.services.examining import Examined, Terms
from backpack.services.faults import Counting, Problem
from backpack.verifier import Demand, strict_json
from web.api import shapes
from web.api.problems import problems
from web.deps import Config, Db, Now
from web.security import network_of

router = APIRouter(tags=["verifying"], generate_unique_id_function=lambda route: route.name)

_STATUS_CHECKS = {"status", "credentialStatus", "revocation"}
_CHECKS = _STATUS_CHECKS | {"proof", "structure", "issuer", "holder", "dates"}
_PURPOSES = ("assertionMethod", "authentication")
_RETURNS = ("returnProblemDetails", "returnResults", "returnCredential", "returnPresentation")


async def _body(request: Request) -> bytes:
    return await request.body()


Body = Annotated[bytes, Depends(_body)]


def _documented(model: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{model}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"model": shapes.Verified, "description": "It is verified"},
    400: {"model": shapes.NotVerified, "description": "It is not verified, or cannot be read"},
    **problems(413, 429),
}


@router.post(
    "/credentials/verify",
    summary="Verify a credential",
    responses=_RESPONSES,
    openapi_extra=_documented("VerifyCredential"),
)
def verify_credential(request: Request, body: Body, db: Db, settings: Config, at: Now) -> JSONResponse:
    """Is it verified: well-formed, every proof sound, from its issuer, valid now, and not revoked?

    Open Badges 3.0, CLR 2.0 and any other verifiable credential, with Data Integrity proofs or as a JWT.
    Whoever runs this backpack decides by `BACKPACK_VC_API_BINDING` whether the key must be shown to be the issuer's.
    """

    def examine(asked: "_Asked") -> Examined:
        return examining.examine_credential(db, asked.given, asked.terms, settings, network_of(request), at)

    return _answer(body, "verifiableCredential", "assertionMethod", settings.vc_api_binding, examine)


@router.post(
    "/presentations/verify",
    summary="Verify a presentation",
    responses=_RESPONSES,
    openapi_extra=_documented("VerifyPresentation"),
)
def verify_presentation(request: Request, body: Body, db: Db, settings: Config, at: Now) -> JSONResponse:
    """Was it signed by its holder, for the challenge and the site of this occasion, and is all it shows verified?

    Send the challenge that you set: without one, a copy of an earlier presentation is verified as well.
    """

    def examine(asked: "_Asked") -> Examined:
        return examining.examine_presentation(db, asked.given, asked.terms, settings, network_of(request), at)

    return _answer(body, "verifiablePresentation", "authentication", settings.vc_api_binding, examine)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request that was understood."""

    given: Any
    terms: Terms
    wants: frozenset[str]
    """Those of the options ``return…`` that are on."""


class _Misunderstood(Exception):
    """The request itself is not one; carries the problem."""

    def __init__(self, kind: str, title: str, detail: str) -> None:
        self.problem = Problem(kind, title, detail)


def _answer(
    body: bytes, member: str, purpose: str, binding: bool, examine: Callable[[_Asked], Examined]
) -> JSONResponse:
    try:
        asked = _asked(body, member, purpose, binding)
    except _Misunderstood as error:
        return JSONResponse({"verified": False, "problemDetails": [asdict(error.problem)]}, 400)
    found = examine(asked)
    told: dict[str, Any] = {"verified": found.verified}
    if "returnProblemDetails" in asked.wants:
        told["problemDetails"] = [asdict(problem) for problem in found.problems]
    if "returnResults" in asked.wants:
        told["results"] = found.report
    for wish in asked.wants & {"returnCredential", "returnPresentation"}:
        if wish.removeprefix("return") in member and isinstance(asked.given, dict | str):
            told[wish.removeprefix("return").lower()] = asked.given
    return JSONResponse(told, 200 if found.verified else 400)


def _asked(body: bytes, member: str, purpose: str, binding: bool) -> _Asked:
    try:
        said = strict_json.load_object(body)
    except Unreadable as error:
        raise _Misunderstood(
            f"{faults.DATA_MODEL}PARSING_ERROR", "This cannot be read", error.says
        ) from error
    _expect_known("member", said, {member, "options"})
    options = said.get("options")
    if options is None:
        options = {}
    if not isinstance(options, dict):
        raise _malformed("options", "an object")
    given = {name: value for name, value in options.items() if value is not None}
    return _Asked(said.get(member), _terms(given, purpose, binding), _wishes(given))


def _terms(options: dict[str, Any], purpose: str, binding: bool) -> Terms:
    _expect_known("option", options, {"checks", "challenge", "domain", "expectedProofPurpose", *_RETURNS})
    checks, domains = options.get("checks"), options.get("domain", [])
    domains = [domains] if isinstance(domains, str) else domains
    purpose = options.get("expectedProofPurpose", purpose)
    if checks is not None and not _are_texts(checks):
        raise _malformed("checks", "a list of texts")
    _expect_known("check", checks or (), _CHECKS)
    if not _are_texts(domains):
        raise _malformed("domain", "a text or a list of texts")
    if not isinstance(options.get("challenge", ""), str):
        raise _malformed("challenge", "a text")
    if not isinstance(purpose, str):
        raise _malformed("expectedProofPurpose", "a text")
    _expect_known("purpose", [purpose], _PURPOSES)
    counts_status = checks is None or not _STATUS_CHECKS.isdisjoint(checks)
    demand = Demand(purpose, options.get("challenge"), tuple(domains))
    return Terms(demand, Counting(binding=binding, status=counts_status))


def _wishes(options: dict[str, Any]) -> frozenset[str]:
    said = {"returnProblemDetails": True} | {name: options[name] for name in _RETURNS if name in options}
    for name, value in said.items():
        if not isinstance(value, bool):
            raise _malformed(name, "true or false")
    return frozenset(name for name, is_on in said.items() if is_on)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _expect_known(what: str, given: Any, known: Any) -> None:
    if unknown := sorted(set(given) - set(known)):
        says = f"There is no {what} “{unknown[0][:60]}” here; we know {', '.join(sorted(known))}."
        raise _Misunderstood(f"{faults.VC_API}UNKNOWN_OPTION_PROVIDED", "An unknown option", says)


def _malformed(name: str, wanted: str) -> _Misunderstood:
    says = f"The option “{name}” must be {wanted}."
    return _Misunderstood(f"{faults.DATA_MODEL}MALFORMED_VALUE_ERROR", "An option of the wrong kind", says)
