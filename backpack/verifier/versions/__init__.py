"""What a badge can be written in: one module a version, one line each here, first match wins."""

from typing import Protocol

from ..carriers import Unbaked
from ..credential import Credential, JsonObject
from ..documents import Documents


class Version(Protocol):
    """A generation of the standard."""

    @property
    def NAMES(self) -> tuple[str, ...]:  # noqa: N802  (a constant of the module)
        """What its credentials call their ``version``."""

    def recognises(self, raw: JsonObject) -> bool:
        """Whether this JSON object is written in this version."""

    def parse(self, raw: JsonObject, unbaked: Unbaked, compact: str | None) -> Credential:
        """The credential as far as the object itself says."""

    def needs(self, credential: Credential, documents: Documents) -> set[str]:
        """URLs still wanted to complete it (OB 1 and 2: assertion, class, issuer)."""

    def complete(self, credential: Credential, documents: Documents) -> Credential:
        """The credential with what the documents in hand add; hosted versions take the hosted copy."""


from . import clr2, ob1, ob2, ob3, plain_vc  # noqa: E402  (registered last, as everywhere)

VERSIONS: dict[str, Version] = {"clr2": clr2, "ob3": ob3, "vc": plain_vc, "ob2": ob2, "ob1": ob1}
BY_NAME = {name: version for version in VERSIONS.values() for name in version.NAMES}
