"""What an original tells of whom it was awarded to, for whoever decides to offer it to strangers."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import Session

from ..storage.tables import Badge, Collection
from ..verifier.identities import masked
from . import collecting, reports
from .redacting import is_hashed


def readable(db: Session, thing: Badge | Collection) -> tuple[str, ...]:
    """Whom a badge names for anybody to read, or those of a collection; not what is hashed.

    Of several addresses in one badge a report tells the first: of another there is its masked form.
    """
    badges = [thing] if isinstance(thing, Badge) else [one.badge for one in collecting.entries(db, thing)]
    latest = reports.latest_of(db, badges)
    found = [one for badge in badges if badge.id in latest for one in _named(latest[badge.id].content)]
    told = {masked(one) for one in found}
    found += [badge.recipient_hint for badge in badges if badge.recipient_hint not in told | {""}]
    return tuple(dict.fromkeys(found))


def _named(content: Mapping[str, Any]) -> Iterator[str]:
    badge = content.get("badge") or {}
    identity, name = badge.get("recipient"), badge.get("recipient_name")
    if identity and not is_hashed(identity):
        yield str(identity).removeprefix("mailto:")
    if name:
        yield str(name)
    for inner in content.get("contained") or ():
        yield from _named(inner)
