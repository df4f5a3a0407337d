"""Ordinary badges: Open Badges 3.0 in published words alone, each where and as the standard has it.

Of those neither the rules nor the vocabularies have anything to say, and one schema, which a compiled library
applies, tells so many times sooner than they do. It says nothing of any other badge, which may be as good: that one
is looked at word by word. So what is ordinary stays narrow, and the tests hold it against the rules.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

from ..credential import JsonObject
from .data_model import BASE_V2
from .members import Schema
from .open_badges_3 import EXTENSIONS, OB3_CONTEXT, SCHEMAS
from .words import LISTED

if TYPE_CHECKING:
    from jsonschema_rs import Validator

_MOST = 64  # of anything
_TEXT: Schema = {"type": "string"}
_SOME: Schema = {"type": "string", "minLength": 1}
# A part of what an address may be: no letter beyond ASCII, no port, nothing that a vocabulary could take for short.
_ADDRESSES = (
    r"https?://[a-z0-9]+(?:[.-][a-z0-9]+)*(?:[/?#][A-Za-z0-9._~/?#=&%+,;@:!$'()*-]*)?",
    r"urn:uuid:[0-9A-Za-z-]+",
    r"did:(?:key|jwk|web):[A-Za-z0-9._%:#-]+",
    r"mailto:[A-Za-z0-9._+-]+@[a-z0-9.-]+",
)
_ADDRESS: Schema = {"type": "string", "maxLength": 2048, "pattern": f"^(?:{'|'.join(_ADDRESSES)})$"}
_DRAWN: Schema = {"type": "string", "pattern": r"^data:image/(?:png|svg\+xml);base64,[A-Za-z0-9+/]+=*$"}
_DAYS = (
    "(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])",
    "(?:0[13-9]|1[0-2])-(?:29|30)",
    "(?:0[13578]|1[02])-31",
)
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])"
_TIME: Schema = {"type": "string", "pattern": f"^[12][0-9]{{3}}-(?:{'|'.join(_DAYS)})T{_CLOCK}$"}


def _thing(kind: str, *required: str, **members: Schema) -> Schema:
    """An object of this type that holds these members and no other."""
    return {
        "type": "object",
        "required": ["type", *required],
        "properties": {"type": {"enum": [kind, [kind]]}, **members},
        "additionalProperties": False,
    }


def _list(schema: Schema, least: int = 0, most: int = _MOST) -> Schema:
    return {"type": "array", "items": schema, "minItems": least, "maxItems": most}


def _many(schema: Schema, least: int = 0, most: int = _MOST) -> Schema:
    """One, or a list of them."""
    return {"if": {"type": "array"}, "then": _list(schema, least, most), "else": schema}


def _texts(*names: str) -> dict[str, Schema]:
    return dict.fromkeys(names, _TEXT)


def _word(member: str) -> Schema:
    return {"enum": sorted(LISTED[member])}


_IMAGE = _thing("Image", "id", id={"anyOf": [_ADDRESS, _DRAWN]}, caption=_TEXT)
_PROFILE = _thing(
    "Profile", "id",
    id=_ADDRESS, url=_ADDRESS, image=_IMAGE, **_texts("name", "description", "email", "phone"),
)  # fmt: skip
_ALIGNMENT = _thing(
    "Alignment", "targetName", "targetUrl",
    targetUrl=_ADDRESS, targetType=_word("targetType"),
    **_texts("targetName", "targetDescription", "targetFramework", "targetCode"),
)  # fmt: skip
_ACHIEVEMENT = _thing(
    "Achievement", "id", "name", "description", "criteria",
    id=_ADDRESS,
    name=_SOME,
    description=_SOME,
    criteria={
        "type": "object",
        "properties": {"id": _ADDRESS, "narrative": _SOME},
        "anyOf": [{"required": ["id"]}, {"required": ["narrative"]}],
        "additionalProperties": False,
    },
    achievementType=_word("achievementType"),
    image=_IMAGE,
    tag=_list(_TEXT),
    alignment=_many(_ALIGNMENT),
    resultDescription=_many(
        _thing("ResultDescription", "id", "name", "resultType", id=_ADDRESS, **_texts("name", "resultType"))
    ),
    **_texts("humanCode", "fieldOfStudy", "specialization"),
)  # fmt: skip
_SUBJECT = {
    **_thing(
        "AchievementSubject", "achievement",
        id=_ADDRESS,
        identifier=_many(
            _thing(
                "IdentityObject", "hashed", "identityHash", "identityType",
                hashed={"type": "boolean"}, identityHash=_SOME, identityType=_word("identityType"), salt=_TEXT,
            ),
            least=1,
        ),
        achievement=_ACHIEVEMENT,
        result=_many(_thing("Result", resultDescription=_ADDRESS, value=_TEXT)),
        image=_IMAGE,
        **_texts("role", "term", "narrative", "licenseNumber"),
    ),
    "anyOf": [{"required": ["id"]}, {"required": ["identifier"]}],
}  # fmt: skip
_STATUS = _thing(
    "BitstringStatusListEntry",
    id=_ADDRESS, statusListCredential=_ADDRESS, **_texts("statusPurpose", "statusListIndex"),
)  # fmt: skip
_WITHDRAWN = _thing("1EdTechRevocationList", "id", id=_ADDRESS)
_NAMED_SCHEMA = _thing(
    "1EdTechJsonSchemaValidator2019", "id",
    id={
        "type": "string", "maxLength": 2048,
        "pattern": f"^(?:{'|'.join(map(re.escape, SCHEMAS))})[a-z0-9_./-]+$",
    },
)  # fmt: skip


def _credential(contexts: list[str], **more: Schema) -> Schema:
    kinds = ("OpenBadgeCredential", "AchievementCredential")
    return {
        "type": "object",
        "required": ["@context", "id", "type", "issuer", "validFrom", "credentialSubject"],
        "properties": {
            "@context": {"const": contexts},
            "id": _ADDRESS,
            "type": {"enum": [["VerifiableCredential", kind] for kind in kinds]},
            **_texts("name", "description"),
            "issuer": _PROFILE,
            **dict.fromkeys(("validFrom", "validUntil", "awardedDate"), _TIME),
            "credentialSubject": _SUBJECT,
            "evidence": _many(
                _thing(
                    "Evidence",
                    id=_ADDRESS,
                    **_texts("name", "narrative", "description", "genre", "audience"),
                )
            ),
            "proof": {},
            **more,
        },
        "additionalProperties": False,
    }


_USUAL = [BASE_V2, OB3_CONTEXT]
SCHEMA: Schema = {
    "if": {"type": "object", "properties": {"@context": {"const": _USUAL}}},
    "then": _credential(_USUAL, credentialStatus=_many(_STATUS)),
    "else": _credential(
        [*_USUAL, EXTENSIONS],
        credentialStatus=_many({"anyOf": [_WITHDRAWN, _STATUS]}),
        credentialSchema=_many(_NAMED_SCHEMA, most=4),  # of more, a report says that not all are looked at
    ),
}


def is_ordinary(raw: JsonObject) -> bool:
    """Whether this is such a badge, whatever signs it."""
    return _validator().is_valid(raw)


@cache
def _validator() -> "Validator":
    # imported here: a badge of another generation needs none of it
    from jsonschema_rs import Draft202012Validator, RegexOptions

    return Draft202012Validator(SCHEMA, offline=True, pattern_options=RegexOptions())
