"""Open Badges 0.5 to 2.x without a signature: the issuer vouches by serving the badge at its address."""

from collections.abc import Mapping

from ..addresses import authority, begins_with, host, is_web_address, moved, same_host
from ..case import Case, Signature
from ..credential import LEGACY, Credential, Json
from ..fields import an_object, many
from ..identities import how, same_recipient
from ..legacy import trail_of
from ..legible import quoted
from ..linked import Part, Trail, plain
from ..report import Outcome
from ..rules.open_badges_2 import is_anchored, is_signed

_Said = tuple[Outcome, str]
_NOT_COMPARED = (
    "The issuer's copy hides its recipient in another way than the file;"
    " only the recipient's address shows whether they are the same."
)
_LED_AWAY = "Its address leads on to {}; nothing ties that site to the issuer."


def recognises(case: Case) -> bool:
    """Whether it is an assertion that is not itself signed."""
    if case.credential.version not in LEGACY or case.credential.compact is not None:
        return False
    return not is_anchored(plain(case.credential.raw).get("verification"))


def needs(case: Case) -> set[str]:
    """Nothing beyond the linked documents, which the version itself asks for."""
    return set()


def holds(case: Case) -> tuple[Signature, ...]:
    """One answer: whether the address serves this badge, and whether it may speak for the issuer."""
    trail = trail_of(case.credential, case.documents)
    outcome, because = _served(case, trail)
    bound, bound_because = scope(case.credential, trail)
    place = host(trail.assertion.address or "")
    evidence = {"Web domain": f"{place} serves the badge and speaks for the issuer."} if place else {}
    detail = {"Method": "Hosted by the issuer"}
    if trail.assertion.address:
        detail["Source"] = trail.assertion.address
        if trail.assertion.address.startswith("http:"):
            detail["Note"] = "It was fetched without encryption."
    return (
        Signature(
            suite="hosted",
            outcome=outcome,
            because=because,
            bound=bound,
            bound_because=bound_because,
            method=trail.assertion.address,
            detail=detail,
            issuer_evidence=evidence if bound is Outcome.passed else {},
        ),
    )


def _served(case: Case, trail: Trail) -> _Said:
    said = plain(case.credential.raw)
    if is_signed(said.get("verification")):
        return Outcome.failed, "It says that it is signed, but there is no signature on it."
    if case.credential.address is None:
        if case.credential.version == "0.5":
            return (
                Outcome.unknown,
                "This old kind of badge does not say where it is hosted; its link is needed.",
            )
        return Outcome.failed, "It says that it is hosted, but not at which address."
    copy = trail.assertion
    if copy.wants:
        return Outcome.unknown, "The issuer's copy has not been fetched."
    if copy.revoked:
        return Outcome.unknown, "The issuer has taken this badge back."
    if copy.problem:
        return Outcome.unknown, copy.problem
    if copy.mismatch:
        return Outcome.failed, copy.mismatch
    if (difference := _other_recipient(case)) is not None:
        return difference
    return Outcome.passed, f"{host(copy.address or '')} serves exactly this badge at its address."


def _other_recipient(case: Case) -> _Said | None:
    """What is wrong when the file names somebody else than the issuer's copy does."""
    named = (case.original or case.credential).recipients
    for mine, theirs in zip(named, case.credential.recipients, strict=False):
        same = same_recipient(mine, theirs)
        if same is False:
            return Outcome.failed, "The file names another recipient than the badge that the issuer hosts."
        if same is None and not any(
            how(mine, asked) and how(theirs, asked) for asked in case.recipients or ()
        ):
            return Outcome.unknown, _NOT_COMPARED
    if named and not case.credential.recipients:
        return Outcome.failed, "The badge that the issuer hosts names no recipient."
    return None


def scope(credential: Credential, trail: Trail) -> _Said:
    """Whether the address of what is hosted may speak for its issuer."""
    address = trail.assertion.address
    if credential.version == "0.5":
        if (elsewhere := trail.assertion.led_away) is not None:
            return Outcome.unknown, _LED_AWAY.format(elsewhere)
        return _one_site(address, {"its issuer": credential.issuer.url})
    if trail.issuer.wants or trail.issuer.problem or not trail.issuer.known:
        return Outcome.unknown, trail.issuer.problem or "The issuer's profile has not been read."
    if trail.issuer.mismatch:
        return Outcome.failed, trail.issuer.mismatch
    if (elsewhere := _led_away(trail)) is not None:
        return Outcome.unknown, elsewhere
    if (name := trail.issuer.goes_by) is not None:
        return Outcome.unknown, f"The issuer goes by {quoted(name)}; nothing shows that this is its name."
    if not is_web_address(address):
        return Outcome.unknown, "It is not hosted at a web address."
    if credential.version == "2.0":
        return _policy(address, trail.issuer)
    badge = trail.badge.address if trail.badge.fetched else address
    said = _one_site(address, {"its issuer": trail.issuer.address, "its description": badge})
    if said[0] is Outcome.passed:
        # An issuer that went on to 2.0 may have narrowed where its badges can be; writing one as 1.0 does not help.
        outcome, says = _policy(address, trail.issuer)
        return said if outcome is Outcome.passed else (Outcome.unknown, says)
    return said


def _one_site(address: str | None, others: Mapping[str, str | None]) -> _Said:
    """OB 0.5 and 1.x have no policy: badge, class and issuer must be of one site, or nothing ties them."""
    site = host(address or "")
    for part, other in others.items():
        if other is None or address is None or not same_host(address, other):
            where = host(other or "") or "nowhere"
            says = f"The badge is hosted by {site or 'nobody'}, {part} by {where}; nothing ties the two."
            return Outcome.unknown, says
    return Outcome.passed, f"The badge and its issuer are both of {site}."


def _led_away(trail: Trail) -> str | None:
    """A redirect to a site that is not the issuer's: any open redirect would do for a forger."""
    if (stranger := trail.issuer.led_away) is not None:
        return f"The issuer's address leads on to {stranger}; nothing shows that the issuer moved there."
    final, asked = trail.assertion.served_by, trail.assertion.address
    if final is None or asked is None or same_host(final, asked):
        return None
    if moved(asked, final) and same_host(final, trail.issuer.served_by or ""):
        return None
    policy = plain(an_object(plain(trail.issuer.raw).get("verification")))
    if any(_is_origin(final, entry) for entry in many(policy.get("allowedOrigins"))):
        return None
    return _LED_AWAY.format(host(final))


def _policy(address: str, issuer: Part) -> _Said:
    policy = plain(an_object(plain(issuer.raw).get("verification")))
    place, owner = host(address), authority(issuer.address or "")
    prefixes = [p for p in many(policy.get("startsWith")) if isinstance(p, str)]
    if policy.get("startsWith") is not None and not any(begins_with(address, p) for p in prefixes):
        return Outcome.failed, "The issuer does not allow badges at this address (startsWith)."
    if owner is None:
        return (
            Outcome.unknown,
            "The issuer's profile has no web address of its own, so nothing ties this badge to it.",
        )
    named = many(policy.get("allowedOrigins"))
    if named and not any(_is_origin(address, entry) for entry in named):
        return Outcome.failed, f"The issuer does not allow {place} to host its badges."
    if not named and authority(address) != owner:
        return Outcome.failed, f"{place} may not host badges of the issuer at {host(issuer.address or '')}."
    return Outcome.passed, f"The issuer allows {place} to host its badges."


def _is_origin(address: str, entry: Json) -> bool:
    if not isinstance(entry, str):
        return False
    named = entry.strip().rstrip("/")
    allowed = authority(named if "/" in named else f"{address.partition(':')[0]}://{named}")
    # The standard names hosts, the 1EdTech tools compare host and port: either will do.
    return allowed is not None and allowed in (authority(address), host(address))
