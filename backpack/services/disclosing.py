"""What an original tells of whom it was awarded to, for whoever decides to offer it to strangers."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import Session

from ..storage.tables import Badge, Collection
from . import collecting, reports

_SCRAMBLED = re.compile(r"\w+\$[0-9A-Fa-f]+\Z")


def readable(db: Session, thing: Badge | Collection) -> tuple[str, ...]:
    """The address and the name that stand readable in a badge, or in those of a collection; not what is scrambled."""
    badges = [thing] if isinstance(thing, Badge) else [one.badge for one in collecting.entries(db, thing)]
    latest = reports.latest_of(db, badges)
    found = [one for badge in badges if badge.id in latest for one in _named(latest[badge.id].content)]
    return tuple(dict.fromkeys(found))


def _named(content: Mapping[str, Any]) -> Iterator[str]:
    badge = content.get("badge") or {}
    identity, name = badge.get("recipient"), badge.get("recipient_name")
    if identity and not _SCRAMBLED.match(identity):
        yield str(identity).removeprefix("mailto:")
    if name:
        yield str(name)
    for inner in content.get("contained") or ():
        yield from _named(inner)
