"""Comprehensive Learner Record 2.0: a signed record of achievements and of further credentials inside it."""

from dataclasses import replace

from ..carriers import Unbaked
from ..credential import Achievement, Credential, JsonObject
from ..documents import Documents
from ..fields import an_object, language, picture, text, types
from ..rules import Findings
from ..rules.data_model import check_data_model
from ..rules.open_badges_3 import bare, check_record
from ..vc import credential_of, described, name_of

NAMES = ("clr2.0",)


def recognises(raw: JsonObject) -> bool:
    """Whether it says it is a ClrCredential."""
    return "ClrCredential" in types(raw)


def parse(raw: JsonObject, unbaked: Unbaked, compact: str | None) -> Credential:
    """The record itself; ``reading`` adds what it contains."""
    found = Findings()
    check_data_model(raw, found)
    check_record(bare(raw, compact), found)
    record = credential_of(raw, unbaked, compact, "clr2.0", found)
    # A record is about many achievements: its own name is what it is for, not the first entry's. Of whom it is about
    # its badges tell too, each in its issuer's words, which must not become those of who signed the record.
    title, subject = text(raw.get("name")), an_object(raw.get("credentialSubject"))
    return replace(
        record,
        title=title,
        achievement=described(Achievement(name=title), raw),
        picture=picture(raw.get("image")),
        recipient_name=name_of({"identifier": subject.get("identifier")}),
        language=language(raw),
    )


def needs(credential: Credential, documents: Documents) -> set[str]:
    """Nothing: a record is complete in itself."""
    return set()


def complete(credential: Credential, documents: Documents) -> Credential:
    """The record as it is."""
    return credential
