"""Short ways to ask the verifier about an issued badge."""

import json
from datetime import datetime
from typing import Any

from backpack.demo.shapes import Issued
from backpack.verifier import Check, Documents, Report, read, verify
from backpack.verifier.case import Case
from backpack.verifier.locating import completed, located
from tests.issuing import AT, documents


def report(badge: Issued, recipients: tuple[str, ...] | None = None, at: datetime = AT) -> Report:
    """The whole report on a badge whose issuer answers."""
    return verify(read(badge.data), documents(badge), recipients, at)


def check(name: str, badge: Issued, recipients: tuple[str, ...] | None = None, at: datetime = AT) -> Check:
    """One check of that report."""
    return next(c for c in report(badge, recipients, at).checks if c.id == name)


def case(badge: Issued, held: Documents | None = None, at: datetime = AT) -> Case:
    """The badge before its judges."""
    held = documents(badge) if held is None else held
    found, _ = located(read(badge.data), held)
    return Case(completed(found, held), held, None, at, original=found)


def raw(badge: Issued) -> dict[str, Any]:
    """The JSON inside a badge."""
    found: dict[str, Any] = json.loads(badge.text)
    return found
