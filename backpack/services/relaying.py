"""Relaying: a provider took a mail for us and hands it over by HTTP. It is told “done” only after the commit."""

import contextlib
from datetime import datetime

from sqlmodel import Session

from .. import network
from ..config import Settings
from ..errors import BackpackError, Missing, NotSignedIn
from ..sources.webhooks import WEBHOOKS, Call, NotRaw, Posted, Webhook
from ..storage.blobs import Blobs
from ..storage.tables import Arrival
from .admitting import admit
from .vouching import Reception

_certificates: dict[str, bytes] = {}
_MOST_CERTIFICATES = 8


class Later(BackpackError):
    """Not now; the provider is to try again."""

    code = "later"
    says_by_default = "This cannot be taken at the moment."


def webhook(settings: Settings, name: str) -> Webhook:
    """The provider of this name, when the operator has set its secret. Raises Missing."""
    found = WEBHOOKS.get(name)
    if found is None or not getattr(settings, found.SETTING):
        raise Missing("There is nothing here.")
    return found


def take(
    db: Session, blobs: Blobs, settings: Settings, provider: Webhook, call: Call, at: datetime
) -> list[Arrival]:
    """Keep the mail of a call for everyone it is for, and commit.

    Raises NotSignedIn for a call that is not genuine, Later when the provider is to try again (also while it
    sends no whole mails), Missing when nobody here has such an address, and what ``admit`` raises.
    """
    secret: str = getattr(settings, provider.SETTING)
    if not provider.is_genuine(call, secret, at, _document(provider.needs(call), settings)):
        raise NotSignedIn(f"This call is not from {provider.LABEL}, or not for us.")
    try:
        posted = provider.mail(call)
    except NotRaw as missing:
        raise Later(missing.says, missing.try_this) from missing
    if posted.confirm:
        _agree(posted.confirm, settings)
    return _kept(db, blobs, settings, posted, at) if posted.data else []


def _kept(db: Session, blobs: Blobs, settings: Settings, posted: Posted, at: datetime) -> list[Arrival]:
    reception = Reception("webhook", mail_from=posted.sender[:254])
    arrivals = []
    for address in dict.fromkeys(posted.recipients):
        with contextlib.suppress(Missing):
            arrivals.append(admit(db, blobs, settings, address, posted.data, reception, at))
    if not arrivals:
        raise Missing("There is no such import address here.")
    return arrivals


def _document(address: str, settings: Settings) -> bytes:
    """A provider's certificate: another one has another address, so it is fetched once."""
    if not address or address in _certificates:
        return _certificates.get(address, b"")
    found = network.fetch(address, settings, kind="key")
    if not found.ok:
        raise Later(f"The certificate could not be fetched: {found.problem}.")
    if len(_certificates) < _MOST_CERTIFICATES:
        _certificates[address] = found.body
    return found.body


def _agree(address: str, settings: Settings) -> None:
    answer = network.fetch(address, settings, kind="key")
    if not answer.ok:
        raise Later(f"The subscription could not be confirmed: {answer.problem}.")
