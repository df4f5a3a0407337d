"""1EdTechRevocationList: the issuer's plain JSON list of credentials it took back (§3.10)."""

from ...errors import Unreadable
from ..addresses import is_secure_address
from ..case import Case
from ..credential import JsonObject
from ..fields import an_object, identifier, objects, text
from ..report import Outcome, Verdict
from ..strict_json import loads
from . import Standing

MAX_LIST = 4 * 1024 * 1024


def needs(entry: JsonObject, case: Case) -> set[str]:
    """The list."""
    address = identifier(entry)
    return {address} if is_secure_address(address) and address not in case.documents else set()


def read(entry: JsonObject, case: Case) -> Standing:
    """Failed as revoked when the badge's id is listed."""
    address = identifier(entry)
    if not is_secure_address(address):
        return Standing(Outcome.unknown, "The list of withdrawn badges has no secure address.")
    if address not in case.lists:
        case.lists[address] = _standing(address, case)
    return case.lists[address]  # type: ignore[no-any-return]


def _standing(address: str, case: Case) -> Standing:
    document = case.documents.get(address)
    if document is None or not document.ok:
        why = document.problem if document else "it has not been fetched"
        return Standing(Outcome.unknown, f"The list of withdrawn badges could not be read: {why}.")
    try:
        listed = an_object(loads(document.body, limit=MAX_LIST))
    except Unreadable:
        listed = {}
    if "revokedCredential" not in listed:
        return Standing(Outcome.unknown, "The list of withdrawn badges is not readable.")
    detail = {"Source": address}
    if identifier(listed.get("issuer")) != case.credential.issuer.id:
        detail["Note"] = "The list names another issuer."
    for one in objects(listed["revokedCredential"]):
        if case.credential.id and identifier(one) == case.credential.id and one.get("revoked") is not False:
            reason = text(one.get("revocationReason"))
            says = f"The issuer has taken it back: {reason}" if reason else "The issuer has taken it back."
            return Standing(Outcome.failed, says, Verdict.revoked, detail)
    return Standing(Outcome.passed, "The issuer has not taken it back.", detail=detail)
