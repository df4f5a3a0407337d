"""What a credential really is: fetched when only its address is known, and completed by its hosted copy."""

from dataclasses import replace

from ..errors import Unreadable
from .before import Before
from .credential import LEGACY, Credential
from .documents import Documents
from .legacy import last_trail_of
from .versions import BY_NAME, Version, ob1, ob2

MAX_HOPS = 3  # an address may lead to a picture that holds another address


def located(credential: Credential, documents: Documents) -> tuple[Credential, str | None]:
    """The credential itself; when only its address is known, what is served there, or the address still open."""
    address = credential.address
    for _ in range(MAX_HOPS):
        if credential.version or address is None:
            return credential, None
        served = _served_at(address, documents)
        if served is None and documents.get(address) is not None:
            served = _served_at(address, Before(documents))
        if served is None:
            return credential, address
        if not served.version:
            address = served.address
            continue
        return _arrived(served, credential, address), None
    return credential, address


def _served_at(address: str, documents: Documents) -> Credential | None:
    document = documents.get(address)
    if document is None or not document.body or not (document.ok or document.status == 410):
        return None
    from .reading import read

    try:
        return read(document.body)
    except Unreadable:
        return None


def _arrived(served: Credential, asked: Credential, address: str) -> Credential:
    """A credential fetched from an address, as it came to us; only OB 0.5 cannot name its own address."""
    return replace(
        served,
        carrier=asked.carrier,
        address=address if served.version == "0.5" else served.address,
        notes=(*asked.notes, *served.notes),
        problems=(*asked.problems, *served.problems),
    )


def completed(credential: Credential, documents: Documents) -> Credential:
    """The credential with what the documents in hand add to it."""
    version = _served_version(credential, documents) or version_of(credential)
    return version.complete(credential, documents) if version else credential


def _served_version(credential: Credential, documents: Documents) -> Version | None:
    """The version that an issuer's copy is written in: some went on to a newer one after the file was made."""
    if credential.version not in LEGACY:
        return None
    copy = last_trail_of(credential, documents).assertion
    if not copy.fetched or not copy.stands:
        return None
    return next((version for version in (ob2, ob1) if version.recognises(copy.raw)), None)


def version_of(credential: Credential) -> Version | None:
    """The version that a credential is written in."""
    return BY_NAME.get(credential.version)
