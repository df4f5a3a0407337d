"""A badge as plain JSON: an assertion, a verifiable credential or a presentation."""

from ...errors import Damaged
from . import Unbaked


def recognises(data: bytes) -> bool:
    """Whether these bytes begin like a JSON object."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def unbake(data: bytes) -> tuple[Unbaked, ...]:
    """The text as it is."""
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError as error:
        raise Damaged(
            "This file is not readable as JSON: it is not UTF-8 text.",
            "Ask the issuer for the original file.",
        ) from error
    return (Unbaked(text=text.strip(), carrier="json"),)
