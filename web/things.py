"""What is shared, in the words of its share page, and what LinkedIn will be told of it."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from backpack.storage.tables import Badge, Collection, Report
from backpack.verifier.times import MONTHS

from . import numbers, words
from .rendering import title_of
from .texts import plain

LINKEDIN_FIELDS = {
    "name": "Name",
    "organizationName": "Issuing organisation",
    "organizationId": "Issuing organisation (LinkedIn’s number)",
    "issued": "Issue date",
    "expires": "Expiration date",
    "certId": "Credential ID",
    "certUrl": "Credential URL",
}


@dataclass(frozen=True, slots=True)
class Thing:
    """What is shared: a badge or a collection, as its share page needs it."""

    kind: str
    id: str
    title: str
    home: str
    words: str
    picture: str
    verdict: str
    issuer: str
    warning: str


def of_badge(row: Badge, report: Report | None) -> Thing:
    """A badge as its share page needs it, with its last report."""
    title, issuer = title_of(row), plain(row.issuer_name)
    return Thing(
        kind="badge",
        id=row.public_id,
        title=title,
        home=f"/badges/{row.public_id}",
        words=f"I have earned {title}{f' from {issuer}' if issuer else ''}. "
        "The page shows what it is for and lets anyone check it.",
        picture=f"/badges/{row.public_id}/picture" if row.picture_sha256 else "",
        verdict=row.verdict,
        issuer=issuer,
        warning=words.warning(
            row.verdict, words.headline(row.verdict, "stranger", report.content if report else {})
        ),
    )


def of_collection(row: Collection, badges: list[Badge], latest: dict[int, Report]) -> Thing:
    """A collection with its badges as its share page needs it, and the last report of each by the badge's id."""
    first = next((badge for badge in badges if badge.picture_sha256), None)
    worst = words.worst(badge.verdict for badge in badges)
    return Thing(
        kind="collection",
        id=row.public_id,
        title=row.title,
        home=f"/collections/{row.public_id}",
        words=f"{row.title}: {numbers.plural(len(badges), 'badge')}. The page lets anyone check each of them.",
        picture=f"/badges/{first.public_id}/picture" if first else "",
        verdict=worst,
        issuer=f"A collection of {numbers.plural(len(badges), 'badge')}",
        warning=words.warning(worst, words.summary(_standings(badges, latest))),
    )


def profile_fields(address: str) -> list[tuple[str, str]]:
    """What LinkedIn's form will hold, read back from the very address that opens it."""
    sent = dict(parse_qsl(urlsplit(address).query))
    sent["issued"] = _month(sent.get("issueYear"), sent.get("issueMonth"))
    sent["expires"] = _month(sent.get("expirationYear"), sent.get("expirationMonth"))
    return [(label, sent[name]) for name, label in LINKEDIN_FIELDS.items() if sent.get(name)]


def _standings(badges: list[Badge], latest: dict[int, Report]) -> list[str]:
    return [
        words.standing(badge.verdict, report.content if (report := latest.get(badge.id)) else None)
        for badge in badges
    ]


def _month(year: str | None, number: str | None) -> str:
    return f"{MONTHS[int(number) - 1]} {year}" if year and number else ""
