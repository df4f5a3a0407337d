"""Has its issuer a newer version of it? Asked once, after its signature held; the earner's own is kept as it is.

1EdTechCredentialRefresh (open-badges.md §3.10). What a newer version says is never taken for what this one
says: a report only tells that there is one, and a refresh that fails changes nothing.
"""

from collections.abc import Callable
from datetime import datetime

from ..errors import Unreadable
from .addresses import is_secure_address
from .case import Case
from .credential import Credential, JsonObject
from .documents import Document
from .fields import identifier, objects, types
from .identities import same_recipient
from .report import Outcome, Report
from .times import date_time_stamp

KIND = "1EdTechCredentialRefresh"
NEWER = "The issuer has a newer version of this badge. Yours stays as it is; ask the issuer for the new file."
UNSURE = "The issuer names an address for newer versions of this badge; what is there could not be confirmed."


def wanted(case: Case, needs: Callable[[Credential], set[str]]) -> set[str]:
    """The address of the newer version, then what verifying that needs; nothing before the signature held."""
    address = _address(case)
    if address is None:
        return set()
    document = case.documents.get(address)
    if document is None:
        return {address}
    newer = _served(document)
    return needs(newer) if newer is not None else set()


def note(case: Case, verify: Callable[[Credential], Report]) -> tuple[str, ...]:
    """What to say of a newer version; nothing when there is none, or when no address for one is named."""
    address = _address(case)
    document = case.documents.get(address) if address else None
    if document is None:
        return ()
    served = _served(document)
    if served is None or not _is_of(served, case.credential) or not verify(served).valid:
        return (UNSURE,)
    return (NEWER,) if _is_newer(served, case.credential) else ()


def _address(case: Case) -> str | None:
    services = [one for one in objects(case.credential.raw.get("refreshService")) if KIND in types(one)]
    address = next((found for one in services if is_secure_address(found := identifier(one))), None)
    # A newer version is not refreshed again, and nobody is asked at the wish of a forger.
    return address if address and case.depth == 0 and _holds(case) else None


def _holds(case: Case) -> bool:
    signature = case.signature
    return signature is not None and signature.outcome is Outcome.passed is signature.bound


def _served(document: Document) -> Credential | None:
    if not document.ok:
        return None
    from .reading import read  # reading knows every version, and is known by all of them

    try:
        found = read(document.body)
    except Unreadable:
        return None
    return found if found.version else None


def _is_of(served: Credential, ours: Credential) -> bool:
    is_named_so = ours.id and served.id == ours.id and served.issuer.id == ours.issuer.id
    return bool(is_named_so) and _is_for_the_same(served, ours)


def _is_for_the_same(served: Credential, ours: Credential) -> bool:
    """Whether the two may be one person's; some issuers give one id to what they award to many."""
    mine, theirs = ours.recipients, served.recipients
    return not mine or any(same_recipient(a, b) is not False for a in mine for b in theirs)


def _is_newer(served: Credential, ours: Credential) -> bool:
    theirs, own = _begins(served.raw), _begins(ours.raw)
    if theirs and own and theirs < own:
        return False
    return _unsigned(served.raw) != _unsigned(ours.raw)


def _begins(raw: JsonObject) -> datetime | None:
    return date_time_stamp(raw.get("validFrom")) or date_time_stamp(raw.get("issuanceDate"))


def _unsigned(raw: JsonObject) -> dict[str, object]:
    return {name: value for name, value in raw.items() if name != "proof"}
