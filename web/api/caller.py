"""Who calls: the earner whose token it is. Cookies mean nothing here."""

from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from backpack.errors import NotSignedIn
from backpack.services import granting
from backpack.storage.tables import Earner
from web.deps import Db, Now

_token = HTTPBearer(
    scheme_name="token",
    description="A personal access token: `backpack token EMAIL` prints one.",
    auto_error=False,
)


def _caller(sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_token)], db: Db, at: Now) -> Earner:
    if sent is None:
        raise NotSignedIn("This call needs a token.", "Send it in the header: Authorization: Bearer TOKEN")
    return granting.bearer(db, sent.credentials, at)


Caller = Annotated[Earner, Depends(_caller, scope="function")]
"""The earner who calls; without a working token the answer is 401."""
