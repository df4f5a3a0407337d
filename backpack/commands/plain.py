"""Strangers' words on a terminal, which obeys what it is told to print."""

import re

_BREAKS = re.compile(r"[\t\n\r]+")
_BEYOND_ASCII = "\x7f-\x9f\u2028-\u202e\u2066-\u2069"
_COMMANDS = re.compile(f"[\x00-\x1f{_BEYOND_ASCII}]")
_IN_JSON = re.compile(f"[{_BEYOND_ASCII}]")


def plain(text: str) -> str:
    """The text in one line, without what moves the cursor, colours, or turns the direction of reading."""
    return _COMMANDS.sub("\N{REPLACEMENT CHARACTER}", _BREAKS.sub(" ", text))


def plain_json(text: str) -> str:
    """JSON that says the same to programs, and nothing to the terminal it may be printed on."""
    return _IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
