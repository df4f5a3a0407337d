"""LinkedIn, Add to profile: its own form for licences and certifications, every field filled in."""

from datetime import UTC, datetime

from ._shareable import Shareable, link

LABEL = "Add to LinkedIn profile"
ICON = "out"

_LONGEST_ID = 40


def address(share: Shareable) -> str:
    """The form with name, organisation, dates, link and id. Nothing is sent until the earner saves it there.

    Months are those of UTC, so that midnight somewhere does not move a badge into another month. The
    organisation is named by number when that is known (its logo shows then), else by name. An end is
    given only when there is one.
    """
    organisation = share.issuer_linkedin_id if share.issuer_linkedin_id.isdecimal() else ""
    return link(
        "https://www.linkedin.com/profile/add",
        startTask="CERTIFICATION_NAME",
        name=share.title,
        organizationId=organisation,
        organizationName="" if organisation else share.issuer_name,
        issueYear=_year(share.issued_at),
        issueMonth=_month(share.issued_at),
        expirationYear=_year(share.expires_at),
        expirationMonth=_month(share.expires_at),
        certUrl=share.url,
        certId=_short(share.credential_id),
    )


def _year(at: datetime | None) -> str:
    return str(at.astimezone(UTC).year) if at else ""


def _month(at: datetime | None) -> str:
    return str(at.astimezone(UTC).month) if at else ""


def _short(identifier: str) -> str:
    """An id that a person can read aloud; a URN or an address would only look wrong in that field."""
    return "" if ":" in identifier or len(identifier) > _LONGEST_ID else identifier
