"""Open Badges 0.5 to 2.x: an assertion names a badge class, which names an issuer; each by value or by address."""

import re
from dataclasses import field, replace

from ..errors import Unreadable
from .addresses import is_web_address, led_away, same_but_for_scheme, same_host
from .before import Before
from .credential import Json, JsonObject
from .documents import Document, Documents
from .fields import an_object, identifier, sole, text, truth, types
from .frozen import frozen
from .legible import quoted
from .strict_json import loads

_PREFIXES = ("https://w3id.org/openbadges#", "obi:")
_ALIASES = {"@id": "id", "@type": "type", "verify": "verification"}
_WRITTEN_OUT = (
    (_PREFIXES, "issueDate=issuedOn identityHash=identity verify=verification"),
    (
        ("http://schema.org/", "https://schema.org/", "schema:"),
        "name description url email telephone image caption author genre version keywords=tags"
        " targetName targetUrl targetDescription targetFramework",
    ),
    (("https://w3id.org/security#", "sec:"), "owner publicKey publicKeyPem expiration=expires"),
    (("http://purl.org/dc/terms/", "dc:"), "creator created relation=related"),
    (("https://w3id.org/credentials#", "cred:"), "claim credential=endorsement"),
    (("http://purl.org/dqm-vocabulary/v1/dqm#",), "startsWith"),
)
"""What the context of Open Badges 2 means by its words, where that is not a word of its own vocabulary."""
_NAMES = _ALIASES | {
    prefix + word.partition("=")[0]: word.partition("=")[2] or word
    for prefixes, words in _WRITTEN_OUT
    for prefix in prefixes
    for word in words.split()
}
_SCHEMA_ORG = re.compile("^(?:schema:|https?://schema.org/)")


@frozen
class Part:
    """One of the linked objects. ``problem`` is a sentence when it could not be read, ``wants`` what is missing.

    ``revoked`` is set when its address answers that it was withdrawn; ``gone`` when that was a 410.
    """

    raw: JsonObject = field(default_factory=dict)
    address: str | None = None
    problem: str | None = None
    wants: str | None = None
    note: str | None = None
    fetched: bool = False
    gone: bool = False
    mismatch: str | None = None
    served_by: str | None = None
    """Where its content came from in the end, after redirects."""

    @property
    def known(self) -> bool:
        """Whether its content is at hand."""
        return self.problem is None and self.wants is None and bool(self.raw)

    @property
    def revoked(self) -> bool:
        """Whether its address says it was withdrawn."""
        return self.gone or is_withdrawn(self.raw)

    @property
    def stands(self) -> bool:
        """Whether its content is at hand and was not withdrawn."""
        return self.known and not self.revoked

    @property
    def goes_by(self) -> str | None:
        """The id that it gives itself, where it is not read from there: nothing shows that the name is its own."""
        own = _id(self.raw)
        return own if own != self.address else None

    @property
    def led_away(self) -> str | None:
        """The host that its address led on to, when nothing shows that it is the same site's."""
        return led_away(self.address or "", self.served_by)


@frozen
class Trail:
    """The assertion as hosted, its badge class and its issuer, as far as the documents in hand go."""

    assertion: Part
    badge: Part
    issuer: Part

    @property
    def wants(self) -> set[str]:
        """The addresses that are still to be fetched."""
        return {p.wants for p in (self.assertion, self.badge, self.issuer) if p.wants}

    @property
    def is_whole(self) -> bool:
        """Whether all of it can be read."""
        return self.assertion.stands and self.badge.known and self.issuer.known


def follow(assertion: JsonObject, address: str | None, documents: Documents) -> Trail:
    """From an assertion and the address it is hosted at (None when it is signed) to class and issuer."""
    hosted = at_address(address, documents, "The badge") if address else Part(raw=assertion)
    if "VerifiableCredential" in types(hosted.raw):
        newer = "The issuer now serves it in Open Badges 3.0; add its link to have that badge checked."
        hosted = Part(address=hosted.address, problem=newer)
    last = hosted if hosted.stands or not address else at_address(address, Before(documents), "The badge")
    named = plain(last.raw if last.stands else assertion).get("badge")
    badge = resolve(
        named, documents, "The badge's description", trust_embedded=_is_of_its_issuer(an_object(named))
    )
    named = plain(badge.raw).get("issuer") if badge.known else None
    issuer = resolve(named, documents, "The issuer's profile", trust_embedded=False)
    return Trail(hosted, badge, issuer)


def resolve(value: Json, documents: Documents, what: str, *, trust_embedded: bool = True) -> Part:
    """A linked object. An embedded issuer is read from its own address, because anyone may embed anyone."""
    if isinstance(value, dict):
        own = _id(value)
        by_value = trust_embedded and plain(value).keys() - {"@context", "id", "type"}
        if by_value or not is_web_address(own):
            return Part(raw=value, address=own)
        value = own
    if not is_web_address(value):
        return Part()
    found = at_address(value, documents, what)
    if found.gone:
        return Part(address=value, problem=f"{what} is gone from its address (410).")
    return found


def _is_of_its_issuer(badge: JsonObject) -> bool:
    """Whether an embedded class has its address on its issuer's site: else a stranger's may have been made his own."""
    own, issuer = _id(badge), _id(plain(badge).get("issuer"))
    return not (is_web_address(own) and is_web_address(issuer)) or same_host(own, issuer)


def _id(value: Json) -> str | None:
    """The id of a linked object, or of the one that is named: as its other members are read, in plain words."""
    return identifier(plain(value)) if isinstance(value, dict) else identifier(value)


def at_address(address: str, documents: Documents, what: str) -> Part:
    """The object at an address; when it says its id is another one, that one is read instead, once."""
    first = _fetched(address, documents, what)
    declared = _declared(first.raw, address) if first.known else None
    if declared is None or declared == address or not is_web_address(declared) or first.revoked:
        return first
    second = _fetched(declared, documents, what)
    if second.wants or second.problem or second.revoked:
        return second
    if _declared(second.raw, declared) != declared:
        return Part(
            raw=second.raw,
            address=declared,
            fetched=True,
            served_by=second.served_by,
            mismatch=f"{what} says its address is {declared}, but what is there says otherwise.",
        )
    return replace(second, note=f"{what} is served from a second address as well.")


def _declared(raw: JsonObject, address: str) -> str | None:
    """Where an object says that it is: by its id, or as an assertion of 1.0 by where it is to be verified."""
    said = plain(raw)
    url = an_object(said.get("verification")).get("url")
    return identifier(said) or (address if same_but_for_scheme(url, address) else identifier(url))


def _fetched(address: str, documents: Documents, what: str) -> Part:
    document = documents.get(address)
    if document is None:
        return Part(address=address, wants=address.partition("#")[0])
    if document.status == 410:
        raw = documents.once("part", document, _object_or_empty)
        return Part(raw=raw, address=address, fetched=True, gone=True)
    if not document.ok:
        return Part(
            address=address, problem=f"{what} could not be fetched: {document.problem or document.status}"
        )
    raw = documents.once("part", document, _object_or_empty)
    if not raw:
        return Part(address=address, problem=f"{what} at {address} is not readable as JSON.")
    return Part(raw=raw, address=address, fetched=True, served_by=document.final_url or address)


def _object_or_empty(document: Document) -> JsonObject:
    try:
        return an_object(loads(document.body))
    except Unreadable:
        return {}


def says_withdrawn(document: Document) -> bool:
    """Whether an address answers that what was there is gone for good: 410, or ``revoked`` in its JSON."""
    return document.status == 410 or (document.ok and is_withdrawn(_object_or_empty(document)))


def is_withdrawn(raw: JsonObject) -> bool:
    """Whether an object says of itself that it was taken back."""
    return truth(plain(raw).get("revoked")) is True


def why_withdrawn(document: Document) -> str | None:
    """What such an answer says of why, where it says it."""
    return text(plain(_object_or_empty(document)).get("revocationReason"))


def told_back(why: str | None) -> str:
    """That a badge was taken back, with what its issuer says of why."""
    return f"The issuer has taken it back: {quoted(why, 200)}" if why else "The issuer has taken it back."


def plain(raw: JsonObject) -> JsonObject:
    """The same object in plain words: prefixes, old aliases and lists around one value taken away."""
    return {_NAMES.get(key) or _bare(key): sole(value) for key, value in raw.items()}


def _bare(name: str) -> str:
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return name


def identity_kinds(recipient: JsonObject) -> tuple[str, ...]:
    """The properties by which a recipient is named (``email``), by their plain names; each is one of schema.org."""
    return tuple(_SCHEMA_ORG.sub("", kind) for kind in plain_types(recipient))


def plain_types(raw: JsonObject) -> tuple[str, ...]:
    """The types of an object by their plain names."""
    return tuple(_bare(t) for t in types(raw))
