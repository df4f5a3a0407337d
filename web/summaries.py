"""The summary of an import as files to take away: a table for people, JSON for programs."""

import csv
import io
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, fields

from backpack.services.batches import Outcome

# Where lists are separated by semicolons or tabs, as on the Continent, a spreadsheet begins a cell after each of them.
_FORMULA = re.compile("(?<![^;\t\r\n])(?=[=+\\-@\t\0\r＝＋－＠])")


def as_csv(outcomes: Iterable[Outcome]) -> str:
    """One row a file or badge. What a spreadsheet would take for a formula is made a text."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow(field.name for field in fields(Outcome))
    for one in outcomes:
        writer.writerow(_harmless(str(value)) for value in asdict(one).values())
    return "\ufeff" + made.getvalue()  # so that a spreadsheet reads it as UTF-8


def as_json(outcomes: Iterable[Outcome]) -> str:
    """The same rows as objects."""
    return json.dumps([asdict(one) for one in outcomes], ensure_ascii=False, indent=2)


def _harmless(cell: str) -> str:
    return _FORMULA.sub("'", cell)
