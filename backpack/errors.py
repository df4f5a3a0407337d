"""Every exception a person may meet. A bad badge is not among them: that is a result.

    BackpackError(says, try_this)         web/errors.py alone maps these to a status
    ├── Unreadable   NothingInside · UnknownFormat · TooLarge · TooComplex · Damaged · Unopened   422/413
    ├── Refused      NotSignedIn (to sign-in) · WrongScope 403 · TooMany 429
    ├── Missing      also when it is someone else's                                    404
    ├── Clash        AlreadyInBackpack · AddressTaken                                  409
    ├── NotConnected WrongPassword · NoSuchFolder: a mailbox cannot be read            422
    └── Misconfigured   raised at start-up only

Not errors: a fetch that fails (``Document.problem``), a check that fails (``Check.outcome``).
"""


class BackpackError(Exception):
    """Something a person asked for cannot be done; it carries one sentence why and one what to try.

    ``code`` is a stable word for programs (the last part of the problem type in the JSON API).
    """

    code = "error"
    says_by_default = "That did not work."

    def __init__(self, says: str = "", try_this: str = "", *, code: str = "") -> None:
        super().__init__(says or self.says_by_default)
        self.says = says or self.says_by_default
        self.try_this = try_this
        self.code = code or type(self).code


class Unreadable(BackpackError):
    """The bytes cannot be read as a badge."""

    code = "unreadable"
    says_by_default = "This cannot be read as a badge."


class NothingInside(Unreadable):
    """Well-formed, but there is no badge in it."""

    code = "no_badge"
    says_by_default = "There is no badge inside."


class UnknownFormat(Unreadable):
    """Neither a picture, nor JSON, nor a signed text that we know."""

    code = "unknown_format"
    says_by_default = "This is not a kind of file that a badge travels in."


class TooLarge(Unreadable):
    """More bytes than we take (413)."""

    code = "too_large"
    says_by_default = "This is too large."


class TooComplex(Unreadable):
    """Reading it safely would cost more work than a badge ever needs."""

    code = "too_complex"
    says_by_default = "This file is too complex to read safely."


class Damaged(Unreadable):
    """It was a badge once, but the file is broken."""

    code = "damaged"
    says_by_default = "This file is damaged."


class Unopened(Unreadable):
    """Its file cannot even be opened."""

    code = "unopened"
    says_by_default = "This file cannot be opened."


class Refused(BackpackError):
    """Not allowed, for this caller, now."""

    code = "refused"
    says_by_default = "That is not allowed."


class NotSignedIn(Refused):
    """Nobody is signed in (pages lead to the sign-in page; the API answers 401)."""

    code = "not_signed_in"
    says_by_default = "Please sign in first."


class WrongScope(Refused):
    """Signed in, but not for this (403)."""

    code = "wrong_scope"
    says_by_default = "You may not do this."


class TooMany(Refused):
    """Too often (429); ``retry_after`` is in seconds."""

    code = "too_many"
    says_by_default = "That was too often. Please wait a little."

    def __init__(self, says: str = "", try_this: str = "", *, retry_after: int = 60) -> None:
        super().__init__(says, try_this)
        self.retry_after = retry_after


class Missing(BackpackError):
    """Absent, or someone else's: the answer is the same (404)."""

    code = "missing"
    says_by_default = "There is nothing here."


class Clash(BackpackError):
    """It conflicts with what is already there (409)."""

    code = "clash"
    says_by_default = "That conflicts with what is already here."


class AlreadyInBackpack(Clash):
    """The same badge is already in this backpack."""

    code = "already_in_backpack"
    says_by_default = "You have this badge already."


class AddressTaken(Clash):
    """Someone has confirmed this address already."""

    code = "address_taken"
    says_by_default = "This address is already confirmed in another backpack."


class NotConnected(BackpackError):
    """A mailbox cannot be read, for now or as it was connected."""

    code = "not_connected"
    says_by_default = "This mailbox could not be read."


class WrongPassword(NotConnected):
    """The mail server does not let us in with this name and this password."""

    code = "wrong_password"
    says_by_default = "The mail server did not accept this name and password."


class NoSuchFolder(NotConnected):
    """The mail server has no folder of this name."""

    code = "no_such_folder"
    says_by_default = "There is no such folder in this mailbox."


class Misconfigured(BackpackError):
    """A setting is missing, weak or contradictory; raised at start-up only."""

    code = "misconfigured"
    says_by_default = "The settings are not usable."


def reason(error: BaseException | None) -> str:
    """What a library says of its error, as the end of a sentence of ours."""
    said = " ".join(str(error).split())
    return said if said.endswith((".", "?", "!")) else f"{said}."
