"""Keys that whoever runs this backpack vouches for: the last step of the ladder (open-badges.md §3.9).

The list is a document like any other, at an address that nobody can serve: a report that stands on it
names it with its hash, and can be derived again from the archive. An issuer's id leads to its keys (a
Multikey, a ``did:key``, a JWK or a PEM key) or to other identities that are known to be the same
issuer's (a ``did:web``, the address of a document of keys).
"""

from .credential import Json
from .documents import Documents
from .fields import many
from .keys import BadKey, Key, of_did, of_jwk, of_multikey, of_pem
from .methods import Method
from .shelf import Unavailable, object_at

ADDRESS = "urn:backpack:trusted-issuers"
SAYS = "It was signed with a key that whoever runs this backpack vouches for."


def vouches(method: Method, issuer: str, documents: Documents) -> bool:
    """Whether the list in hand, if there is one, says that this key is the issuer's."""
    if documents.get(ADDRESS) is None:
        return False
    try:
        listed = object_at(ADDRESS, documents).get(issuer)
    except Unavailable:
        return False
    return any(_is(one, method) for one in many(listed))


def _is(listed: Json, method: Method) -> bool:
    if method.vouched and method.controller == listed:
        return True
    try:
        return _key(listed).thumbprint == method.key.thumbprint
    except BadKey:
        return False


def _key(listed: Json) -> Key:
    if not isinstance(listed, str):
        return of_jwk(listed)
    if listed.startswith(("did:key:", "did:jwk:")):
        return of_did(listed)
    return of_pem(listed) if listed.lstrip().startswith("-----BEGIN") else of_multikey(listed)
