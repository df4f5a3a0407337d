"""Strangers' words on a terminal, which obeys what it is told to print."""

import re

_BREAKS = re.compile(r"[\t\n\r]+")
_COMMANDS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """The text in one line, without what moves the cursor, colours, or turns the direction of reading."""
    return _COMMANDS.sub("\N{REPLACEMENT CHARACTER}", _BREAKS.sub(" ", text))
