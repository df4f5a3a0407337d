"""Public links."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from .common import BADGE_ID, SHARE_ID, SLUG, Audience, Id, Text, given, taken

_PAGE = f"https://backpack.example/b/{SLUG}"
_QUOTED = f"https%3A%2F%2Fbackpack.example%2Fb%2F{SLUG}"
SHARE = {
    "id": SHARE_ID,
    "url": _PAGE,
    "slug": SLUG,
    "kind": "badge",
    "title": "Robotics, Level 1",
    "audience": "link",
    "label": "Application to Example Works",
    "shows_name": True,
    "shows_evidence": True,
    "shows_original": False,
    "expires_at": "2026-12-31T00:00:00Z",
    "created_at": "2026-05-03T09:33:00Z",
    "closed_at": None,
    "targets": {
        "linkedin_profile": f"https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME&certUrl={_QUOTED}",
        "email": f"mailto:?subject=Robotics%2C%20Level%201&body={_QUOTED}",
    },
    "embed_html": f'<iframe src="{_PAGE}/embed" title="Robotics, Level 1" width="360" height="160"></iframe>',
}


def _moment(at: datetime) -> datetime:
    """Refuse what is no time any more in UTC."""
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError("must lie within the years 1 to 9999") from None


class NewShare(BaseModel):
    """A public link to make: to a badge or to a collection, exactly one of the two."""

    model_config = taken({"badge": BADGE_ID, "audience": "link", "label": "Application to Example Works"})
    badge: Id | None = Field(None, description="Id of the badge to show")
    collection: Id | None = Field(None, description="Id of the collection to show")
    audience: Audience = Field(
        "link", description="`link`: whoever has the link; `world`: search engines may list it too"
    )
    expires_at: Annotated[AwareDatetime, AfterValidator(_moment)] | None = Field(
        None, description="When it closes by itself, with its time zone"
    )
    label: Annotated[Text, Field(max_length=100)] = Field("", description="For whom it is; only you see it")
    shows_name: bool = Field(True, description="Whether the page says your name")
    shows_evidence: bool = Field(
        True, description="Whether the page shows the evidence, story and results in the badge"
    )
    shows_original: bool = Field(
        False,
        description="Whether the page offers the original file, which tells all that is in the badge, also the "
        "address it was awarded to",
    )


class Share(BaseModel):
    """A public link, and the addresses that show it elsewhere."""

    model_config = given(SHARE)
    id: str
    url: str
    slug: str
    kind: Literal["badge", "collection"] = Field(description="What it shows")
    title: str = Field(description="What that is called")
    audience: Audience
    label: str
    shows_name: bool
    shows_evidence: bool
    shows_original: bool
    expires_at: datetime | None
    created_at: datetime
    closed_at: datetime | None
    targets: dict[str, str] = Field(description="Opened in a browser, each starts sharing there")
    embed_html: str = Field(description="HTML that shows it on another page")


class Shares(BaseModel):
    """All public links, the newest first."""

    model_config = given({"shares": [SHARE]})
    shares: list[Share]


EMBED = {
    "version": "1.0",
    "type": "rich",
    "title": "Robotics, Level 1",
    "provider_name": "Backpack",
    "provider_url": "https://backpack.example",
    "cache_age": 3600,
    "html": SHARE["embed_html"],
    "width": 360,
    "height": 160,
    "thumbnail_url": f"{_PAGE}/card.png",
    "thumbnail_width": 1200,
    "thumbnail_height": 630,
}
