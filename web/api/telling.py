"""Rows as the JSON API tells them: the one place that knows both our tables and the API's shapes."""

from collections.abc import Mapping, Sequence

from backpack.config import Settings
from backpack.services import offering, sharing
from backpack.services.collecting import Entry
from backpack.storage.tables import Address, Arrival, Badge, Collection, Report, Share
from backpack.targets import TARGETS
from web import senders
from web.api import shapes
from web.deps import Db
from web.embedding import embed_html


def arrival(
    row: Arrival, badges: Sequence[Badge], children: Mapping[str, int] | None = None
) -> shapes.Arrival:
    """What became of one delivery; of an archive, with the numbers of its files."""
    return shapes.Arrival.model_validate(
        {
            "arrival": row.public_id,
            "state": row.state,
            "badges": [badge.public_id for badge in badges],
            "problem": row.problem,
            "try_this": row.try_this,
            "source": row.source,
            "origin": row.origin,
            "created_at": row.created_at,
            "letter": letter(row),
            "links": list(offering.open_links(row)),
            "children": children,
        }
    )


def letter(row: Arrival) -> shapes.Letter | None:
    """What is known of a mail and of its sender; None for what is no mail."""
    if row.source != "mail" and not row.letter:
        return None
    told = row.letter or {}
    return shapes.Letter(
        sender=senders.sender(row),
        subject=senders.subject(row),
        proves=senders.says(row),
        vouched=told.get("vouched"),
        confirmation=told.get("confirmation"),
    )


def badge(
    row: Badge, report: Report | None, settings: Settings, folded: Sequence[Badge] = ()
) -> shapes.Badge:
    """A badge with its last report."""
    listed = listed_badge(row, report, settings, folded)
    return shapes.Badge(**dict(listed), report=report.content if report else None)


def listed_badge(
    row: Badge, report: Report | None, settings: Settings, folded: Sequence[Badge] = ()
) -> shapes.ListedBadge:
    """A badge as it stands in a list, with those that lie ``folded`` under it."""
    image = f"{settings.base_url}/api/v1/badges/{row.public_id}/image" if row.picture_sha256 else None
    return shapes.ListedBadge(
        id=row.public_id,
        name=row.title,
        description=row.description,
        issuer=row.issuer_name,
        issuer_url=row.issuer_url,
        recipient=row.recipient_hint,
        version=row.version,
        carrier=row.carrier,
        verdict=row.verdict or None,
        mine=_is_mine(report),
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        image_url=image,
        tags=[tag for tag in row.tags.split(",") if tag],
        note=row.note,
        hidden=row.hidden_at is not None,
        offered=row.offered_at is not None,
        folded=[one.public_id for one in folded],
        created_at=row.created_at,
        checked_at=row.checked_at,
    )


def _is_mine(report: Report | None) -> bool:
    checks = report.content["checks"] if report else []
    return any(check["id"] == "recipient" and check["outcome"] == "passed" for check in checks)


def listed_collection(row: Collection, count: int) -> shapes.ListedCollection:
    """A collection as it stands in a list."""
    return shapes.ListedCollection(
        id=row.public_id, title=row.title, intro=row.intro, count=count, created_at=row.created_at
    )


def collection(row: Collection, entries: Sequence[Entry]) -> shapes.Collection:
    """A collection with its badges in order."""
    places = [
        shapes.Placed(
            badge=entry.badge.public_id,
            remark=entry.remark,
            name=entry.badge.title,
            issuer=entry.badge.issuer_name,
            verdict=entry.badge.verdict or None,
        )
        for entry in entries
    ]
    return shapes.Collection(**dict(listed_collection(row, len(places))), badges=places)


def share(db: Db, row: Share, settings: Settings) -> shapes.Share:
    """A public link, ready to be shown elsewhere."""
    shown = sharing.shareable(db, row, settings)
    return shapes.Share(
        id=row.public_id,
        url=shown.url,
        slug=row.slug,
        kind=shown.kind,
        title=shown.title,
        audience=row.audience,
        label=row.label,
        shows_name=row.shows_name,
        shows_evidence=row.shows_evidence,
        shows_original=row.shows_original,
        expires_at=row.expires_at,
        created_at=row.created_at,
        closed_at=row.closed_at,
        targets={name: target.address(shown) for name, target in TARGETS.items()},
        embed_html=embed_html(shown.url, shown.title, shown.kind),
    )


def address(row: Address) -> shapes.Address:
    """One of the earner's addresses."""
    return shapes.Address(id=row.public_id, email=row.email, confirmed_at=row.confirmed_at)
