"""E-mail addresses as people write them, and as they are compared."""

from email_validator import EmailNotValidError, validate_email

from ...errors import Unreadable
from ...verifier.providers import small


def normal(email: str) -> str:
    """The address in its normal form; raises Unreadable when it is none. No name server is asked."""
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise Unreadable(
            "This is not an e-mail address.", "Write it like name@example.org.", code="bad_email"
        ) from error


def key(email: str) -> str:
    """What two spellings of one mailbox have in common: small letters; strasse.example is not straße.example."""
    return small(email)
