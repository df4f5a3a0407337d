"""Open Badges 3.0: a verifiable credential about one achievement, in data model 1.1 or 2.0."""

from ..carriers import Unbaked
from ..credential import Credential, JsonObject
from ..documents import Documents
from ..fields import types
from ..rules import Findings
from ..rules.data_model import check_data_model
from ..rules.open_badges_3 import BADGE_TYPES, bare, check_badge
from ..rules.ordinary import is_ordinary
from ..vc import credential_of

NAMES = ("3.0",)


def recognises(raw: JsonObject) -> bool:
    """Whether it says it is an OpenBadgeCredential or AchievementCredential."""
    return not BADGE_TYPES.isdisjoint(types(raw))


def parse(raw: JsonObject, unbaked: Unbaked, compact: str | None) -> Credential:
    """The badge as the object itself says, with what is wrong with its structure."""
    found, ordinary = Findings(), is_ordinary(raw)
    if not ordinary:
        check_data_model(raw, found)
        check_badge(bare(raw, compact), found)
    return credential_of(raw, unbaked, compact, "3.0", found, is_ordinary=ordinary)


def needs(credential: Credential, documents: Documents) -> set[str]:
    """Nothing: an OB 3.0 badge is complete in itself."""
    return set()


def complete(credential: Credential, documents: Documents) -> Credential:
    """The badge as it is."""
    return credential
