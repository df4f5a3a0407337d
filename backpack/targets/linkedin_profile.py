"""LinkedIn, Licenses & certifications of the earner's profile.

LinkedIn shows the issuer's logo when it is given the number of the issuer's page, else takes the name.
Dates are months; an end is left out when there is none. The credential's id is the share's short slug,
never a raw urn, which people took for an error.
"""

from ._shareable import Shareable, link, month_of

LABEL = "LinkedIn profile"


def address(share: Shareable) -> str:
    """The form "Add license or certification" with everything filled in."""
    issued_year, issued_month = month_of(share.issued_at)
    ends_year, ends_month = month_of(share.expires_at)
    named = "" if share.issuer_linkedin_id else share.issuer_name
    return link(
        "https://www.linkedin.com/profile/add",
        startTask="CERTIFICATION_NAME",
        name=share.title,
        organizationId=share.issuer_linkedin_id,
        organizationName=named,
        issueYear=issued_year,
        issueMonth=issued_month,
        expirationYear=ends_year,
        expirationMonth=ends_month,
        certUrl=share.url,
        certId=share.credential_id,
    )
