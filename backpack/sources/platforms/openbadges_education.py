"""openbadges.education (Open Educational Badges): its mails have the badge attached."""

from .._parcel import Letter
from ._addresses import is_at, is_from
from .badgr import assertion_in

LABEL = "Open Educational Badges"
HOSTS: tuple[str, ...] = ("openbadges.education",)


def data_address(url: str) -> str | None:
    """Their API's address of the award."""
    award = award_in(url)
    return f"https://api.openbadges.education/public/assertions/{award}" if award else None


def award_in(url: str) -> str:
    """The award's random id."""
    return assertion_in(url) if is_at(url, HOSTS) else ""


def sends(letter: Letter) -> bool:
    """From their hosts."""
    return is_from(letter, HOSTS)


def next_step(url: str) -> str:
    """The picture in the mail is the badge; else there is one to download."""
    if not is_at(url, HOSTS):
        return ""
    return (
        "Add the picture (PNG) that was attached to the e-mail. Without it, sign in at openbadges.education, "
        "open the badge, download its picture and add that file here."
    )
