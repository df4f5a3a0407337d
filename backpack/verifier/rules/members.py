"""What the members of Open Badges 3.0 and CLR 2.0 hold: their data models (appendix B of each), in our own words.

No package ships the schemas that 1EdTech publishes. These say the same of members that are there and of members
that must be, with one leniency: where JSON-LD makes no difference, neither do we: between one value and a list of
one, a text and a text with its language, nothing and null.
"""

from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from ..credential import JsonObject

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError, Validator

Schema: TypeAlias = dict[str, Any]

_WORD: Schema = {"type": ["string", "null"]}
_TEXT: Schema = {"type": ["string", "object", "array", "null"]}
_NUMBER: Schema = {"type": ["number", "null"]}
_CALLED = {"string": "text", "number": "a number", "object": "an object"}


def _many(schema: Schema) -> Schema:
    """One value, or a list of them."""
    return {"if": {"type": "array"}, "then": {"items": schema}, "else": schema}


def _thing(*required: str, **members: Schema) -> Schema:
    return {
        "type": ["object", "null"],
        "required": list(required),
        "properties": {"type": _many(_WORD), **members},
    }


def _named(schema: Schema) -> Schema:
    """A thing, or only its address."""
    return {"if": {"type": "string"}, "else": schema}


def _words(*names: str) -> dict[str, Schema]:
    return dict.fromkeys(names, _WORD)


def _texts(*names: str) -> dict[str, Schema]:
    return dict.fromkeys(names, _TEXT)


def _of(kind: str) -> Schema:
    return {"$ref": f"#/$defs/{kind}"}


_KINDS: dict[str, Schema] = {
    "Image": _thing("id", **_words("id"), caption=_TEXT),
    "Alignment": _thing(
        "targetName", "targetUrl",
        **_texts("targetName", "targetDescription"),
        **_words("targetUrl", "targetFramework", "targetCode", "targetType"),
    ),
    "IdentifierEntry": _thing("identifier", "identifierType", **_words("identifier", "identifierType")),
    "Address": _thing(
        **_words(
            "addressCountry", "addressCountryCode", "addressRegion", "addressLocality", "streetAddress",
            "postOfficeBoxNumber", "postalCode",
        ),
        geo=_thing("latitude", "longitude", latitude=_NUMBER, longitude=_NUMBER),
    ),
    "Profile": _thing(
        "id", "type",
        **_texts("name", "description"),
        **_words(
            "id", "url", "phone", "email", "official", "familyName", "givenName", "additionalName",
            "patronymicName", "honorificPrefix", "honorificSuffix", "familyNamePrefix", "dateOfBirth",
        ),
        image=_many(_named(_of("Image"))),
        address=_of("Address"),
        otherIdentifier=_many(_of("IdentifierEntry")),
        parentOrg=_named(_of("Profile")),
    ),
    "Achievement": _thing(
        "id", "type", "name", "description", "criteria",
        **_texts("name", "description"),
        **_words("id", "achievementType", "humanCode", "fieldOfStudy", "specialization", "version", "inLanguage"),
        creditsAvailable=_NUMBER,
        criteria=_many(_named(_thing(**_words("id"), narrative=_TEXT))),
        tag=_many(_WORD),
        image=_many(_named(_of("Image"))),
        creator=_many(_named(_of("Profile"))),
        alignment=_many(_of("Alignment")),
        otherIdentifier=_many(_of("IdentifierEntry")),
        related=_many(_thing("id", **_words("id", "inLanguage", "version"))),
        resultDescription=_many(
            _thing(
                "id", "name", "resultType",
                **_words("id", "resultType", "requiredLevel", "requiredValue", "valueMin", "valueMax"),
                name=_TEXT,
                allowedValue=_many(_WORD),
                alignment=_many(_of("Alignment")),
                rubricCriterionLevel=_many(
                    _thing(
                        "id", "name",
                        **_words("id", "level", "points"),
                        **_texts("name", "description"),
                        alignment=_many(_of("Alignment")),
                    )
                ),
            )
        ),
    ),
    "Result": _thing(
        "type",
        **_words("achievedLevel", "resultDescription", "value"),
        status={"enum": ["Completed", "Enrolled", "Failed", "InProgress", "OnHold", "Provisional", "Withdrew", None]},
        alignment=_many(_of("Alignment")),
    ),
    "Association": _thing(
        "associationType", "sourceId", "targetId",
        **_words("sourceId", "targetId"),
        associationType={
            "enum": [
                "exactMatchOf", "isChildOf", "isParentOf", "isPartOf", "isPeerOf", "isRelatedTo", "precedes",
                "replacedBy",
            ]
        },
    ),
}  # fmt: skip

_CREDENTIAL: Schema = _thing(
    "id", "type",
    **_texts("name", "description"),
    image=_many(_named(_of("Image"))),
    issuer=_named(_of("Profile")),
    evidence=_many(
        _thing(**_words("id", "genre", "audience"), **_texts("name", "narrative", "description"))
    ),
    endorsementJwt=_many(_WORD),
    credentialSubject=_many(
        _thing(
            "type",
            **_words("id", "licenseNumber", "role", "term", "activityStartDate", "activityEndDate"),
            narrative=_TEXT,
            creditsEarned=_NUMBER,
            image=_many(_named(_of("Image"))),
            source=_many(_named(_of("Profile"))),
            achievement=_many(_of("Achievement")),
            result=_many(_of("Result")),
            association=_many(_of("Association")),
        )
    ),
)  # fmt: skip


def astray(raw: JsonObject) -> str | None:
    """The first member that does not hold what the data model says, as a sentence; None when all do."""
    validator, failure = _validator()
    try:
        validator.validate(raw)  # which stops at the first: of a hostile badge there may be thousands
    except failure as error:
        return _sentence(error)
    return None


@cache
def _validator() -> "tuple[Validator, type[ValidationError]]":
    # imported here: a badge of another generation needs none of it
    from jsonschema_rs import Draft202012Validator, ValidationError

    return Draft202012Validator({"$defs": _KINDS, **_CREDENTIAL}, offline=True), ValidationError


def _sentence(error: "ValidationError") -> str:
    where = ".".join(step for step in error.instance_path if isinstance(step, str))
    wrong = error.kind.as_dict()
    if "property" in wrong:
        return f"Its {where + '.' if where else ''}{wrong['property']} is missing."
    if "types" in wrong:
        return f"Its {where} is not {next(_CALLED[kind] for kind in _CALLED if kind in wrong['types'])}."
    return f"Its {where} is none of the words that the standard has for it."
