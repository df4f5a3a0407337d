"""What the standards call each of their own words, out of the published contexts themselves."""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from types import MappingProxyType

from ..contexts import PUBLISHED, shipped
from ..credential import Json

_STANDARDS = (
    "https://www.w3.org/2018/credentials#",
    "https://www.w3.org/ns/credentials",
    "https://w3id.org/security#",
    "https://w3id.org/vc/status-list#",
    "https://purl.imsglobal.org/spec/",
    "https://imsglobal.github.io/openbadges-specification/",
    "https://schema.org/",  # names, descriptions, keywords: much of what people are shown
)


# What records are written in, whose published contexts do not ship: their types, and the words that these have.
WORDS_OF_RECORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Association": ("associationType", "sourceId", "targetId"),
        "ClrCredential": ("partial",),
        "ClrSubject": ("achievement", "association", "identifier", "verifiableCredential"),
    }
)
_RECORDS = "https://purl.imsglobal.org/spec/vc/clr/vocab.html#"
_SPELLED = {"associationType": "AssociationType", "identifier": "identifier-1"}

# Some published contexts give one address to two words: to a class and a property, or to an old word and its
# successor. A part of a badge under the other name would be signed as before, but read by nobody.
OTHER_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "Achievement": "achievement",
        "Address": "address",
        "Criteria": "criteria",
        "GeoCoordinates": "geo",
        "Image": "image",
        "Profile": "creator",
        "Result": "result",
        "RubricCriterionLevel": "rubricCriterionLevel",
        "expiration": "expires",
    }
)
_PARTS = re.compile("[/#:?=]")
_PROPERTIES = frozenset(OTHER_NAMES.values())


# What is read of a credential, of whom it is about and of what for, whatever its vocabularies are.
_READ = frozenset(
    {
        "achievedLevel", "achievement", "achievementType", "activityEndDate", "activityStartDate", "address",
        "addressCountry", "addressCountryCode", "addressLocality", "addressRegion", "alignment", "allowedValue",
        "association", "associationType", "audience", "author", "awardedDate", "caption", "creator",
        "credentialStatus", "creditsAvailable", "creditsEarned", "criteria", "description", "email", "endorsement",
        "endorsementComment", "endorsementJwt", "evidence", "expirationDate", "familyName", "fieldOfStudy", "genre",
        "givenName", "hashed", "humanCode", "identifier", "identifierType", "identityHash", "identityType", "image",
        "inLanguage", "issuanceDate", "licenseNumber", "logo", "name", "narrative", "otherIdentifier", "phone",
        "postOfficeBoxNumber", "postalCode", "refreshService", "related", "requiredLevel", "requiredValue", "result",
        "resultDescription", "resultType", "role", "rubricCriterionLevel", "salt", "source", "sourceId",
        "specialization", "status", "statusListCredential", "statusListIndex", "statusMessage", "statusPurpose",
        "statusSize", "streetAddress", "tag", "tags", "targetCode", "targetDescription",
        "targetFramework", "targetId", "targetName", "targetType", "targetUrl", "term", "url", "validFrom",
        "validUntil", "value", "valueMax", "valueMin", "version",
    }
)  # fmt: skip
_READ_TYPES = frozenset(
    {"1EdTechRevocationList", "BitstringStatusListEntry", "EndorsementCredential", "EndorsementSubject",
     "StatusList2021Entry"}
)  # fmt: skip
_READ_AS = {name.lower(): name for name in _READ}


def is_read(name: str) -> bool:
    """Whether whoever is shown a credential is told what it says in this word."""
    return name in _READ


def is_misleading(name: str, address: str) -> bool:
    """Whether a word that we read stands for something else, or another one for what we read.

    A word stands for what its address says, or what a published context calls that. No vocabulary of an issuer's own
    is signed: a forger's could call anything what we read, or what we read anything.
    """
    said = _PARTS.split(address)[-1]
    if name == said or name in _known_names(address):
        return False
    read = _READ_AS.get(_letters(said))
    return name != read if name in _READ else read is not None


def is_misleading_type(name: str, address: str) -> bool:
    """The same of a type by which we tell what a thing is."""
    return (
        name in _READ_TYPES
        and name not in _known_names(address)
        and _letters(_PARTS.split(address)[-1]) != name.lower()
    )


def _known_names(address: str) -> Collection[str]:
    return standard_names().get(address) or _published_names().get(address) or ()


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()


def proper_property(name: str, address: str) -> str | None:
    """What a property of the standards must be called where a published context has another word for it too."""
    return OTHER_NAMES.get(name) if address.startswith(_STANDARDS) else None


def is_property(name: str, address: str) -> bool:
    """Whether a word that stands for a type is the name of a property of the standards."""
    return name in _PROPERTIES and address.startswith(_STANDARDS)


@cache
def standard_names() -> Mapping[str, frozenset[str]]:
    """The names that the published contexts give to each address of the standards' own vocabularies."""
    found: dict[str, set[str]] = {}
    for kind, words in WORDS_OF_RECORDS.items():
        found |= {_RECORDS + _SPELLED.get(name, name): {name} for name in (kind, *words)}
    found |= {
        address: names for address, names in _published_names().items() if address.startswith(_STANDARDS)
    }
    return {address: frozenset(names - {"expiration"}) for address, names in found.items()}


@cache
def _published_names() -> Mapping[str, set[str]]:
    """The names that the published contexts give to any address."""
    found: dict[str, set[str]] = {}
    for url in PUBLISHED:
        if vocabulary := shipped(url):
            for name, address in _named(vocabulary.context, {}):
                found.setdefault(address, set()).add(name)
    return found


def _named(contexts: Json, prefixes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for context in contexts if isinstance(contexts, list) else [contexts]:
        if not isinstance(context, dict):
            continue
        addresses = {
            k: a for k, v in context.items() if k[:1] != "@" and (a := _address_in(k, v)) is not None
        }
        prefixes = {**prefixes, **addresses}
        for name, address in addresses.items():
            prefix, _, rest = address.partition(":")
            yield name, prefixes[prefix] + rest if prefix in prefixes else address
        for value in context.values():
            if isinstance(value, dict) and "@context" in value:
                yield from _named(value["@context"], prefixes)


def _address_in(name: str, definition: Json) -> str | None:
    found = definition.get("@id", name) if isinstance(definition, dict) else definition
    return found if isinstance(found, str) else None
