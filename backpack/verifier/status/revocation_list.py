"""1EdTechRevocationList: the issuer's plain JSON list of credentials it took back (§3.10)."""

from collections.abc import Mapping
from typing import NamedTuple

from ...errors import Unreadable
from ..addresses import folded, is_secure_address
from ..case import Case
from ..credential import JsonObject
from ..documents import Document
from ..fields import an_object, identifier, many, text, truth
from ..linked import told_back
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
    place = f"withdrawn {address}"  # a list of another kind may be named at the same address
    if place not in case.lists:
        case.lists[place] = _standing(address, case)
    return case.lists[place]  # type: ignore[no-any-return]


def _standing(address: str, case: Case) -> Standing:
    document = case.documents.get(address)
    if document is None or not document.ok:
        why = document.problem if document else "it has not been fetched"
        return Standing(Outcome.unknown, f"The list of withdrawn badges could not be read: {why}.")
    listed = case.documents.once("withdrawn", document, _read)
    if listed is None:
        return Standing(Outcome.unknown, "The list of withdrawn badges is not readable.")
    detail = {"Source": address}
    if listed.issuer != case.credential.issuer.id:
        detail["Note"] = "The list names another issuer."
    elif listed.id not in (None, address):
        detail["Note"] = "The list says that it is at another address."
    own = folded(case.credential.id or "")
    if own not in listed.reasons:
        if not listed.is_whole:
            return Standing(Outcome.unknown, "Not all of the list of withdrawn badges is readable.")
        return Standing(Outcome.passed, "The issuer has not taken it back.", detail=detail)
    reason = listed.reasons[own]
    says = told_back(reason)
    return Standing(Outcome.failed, says, Verdict.revoked, detail)


class _Withdrawn(NamedTuple):
    """What a list says: where and by whom it is, and for each badge taken back the reason, if it gives one.

    ``is_whole``: whether there is nothing on it that we cannot read the name of.
    """

    id: str | None
    issuer: str | None
    reasons: Mapping[str, str | None]
    is_whole: bool


def _read(document: Document) -> _Withdrawn | None:
    try:
        listed = an_object(loads(document.body, limit=MAX_LIST))
    except Unreadable:
        return None
    if "revokedCredential" not in listed:
        return None
    reasons: dict[str, str | None] = {}
    is_whole = True
    for one in many(listed["revokedCredential"]):
        said = an_object(one)  # some lists hold the bare ids, as those of Open Badges 2 do
        name = None if isinstance(one, list) else identifier(one)
        if one and not name:
            is_whole = False
        elif name and truth(said.get("revoked")) is not False:
            reasons.setdefault(folded(name), text(said.get("revocationReason")))
    return _Withdrawn(identifier(listed), identifier(listed.get("issuer")), reasons, is_whole)
