"""What forms and queries may hold: texts of a sensible length, without the one character no database keeps."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from fastapi import Form, Query, UploadFile
from pydantic import AfterValidator


def _clean(text: str) -> str:
    return text.replace("\0", "")


def _trimmed(text: str) -> str:
    return _clean(text).strip()


Line = Annotated[str, Form(max_length=300), AfterValidator(_trimmed)]
"""One line of a form."""
Secret = Annotated[str, Form(max_length=300), AfterValidator(_clean)]
"""A password, with every blank it may have."""
Words = Annotated[str, Form(max_length=20_000), AfterValidator(_clean)]
"""A longer text of a form."""
Email = Annotated[str, Form(max_length=254), AfterValidator(_trimmed)]
"""An e-mail address as typed; whether it is one is for the services to say."""
Several = Annotated[Sequence[str], Form(max_length=500)]
"""Public ids of what was chosen in a form."""
Tick = Annotated[bool, Form()]
"""A checkbox: absent means no."""
Asked = Annotated[str, Query(max_length=300), AfterValidator(_clean)]
"""One line of a query."""
AskedWords = Annotated[str, Query(max_length=20_000), AfterValidator(_clean)]
"""A longer text in a query."""
AskedSeveral = Annotated[Sequence[str], Query(max_length=500)]
"""Public ids in a query."""


class Parcel(NamedTuple):
    """Something that may hold badges: its bytes, how it came (file, link, text), and what people call it."""

    data: bytes
    source: str
    origin: str


def brought(files: Sequence[UploadFile | str], text: str) -> list[Parcel]:
    """What was put into a form: files, and a text that may be a link. A file not chosen is sent empty."""
    chosen = [one for one in files if not isinstance(one, str) and one.filename]
    parcels = [Parcel(one.file.read(), "file", one.filename or "file") for one in chosen]
    text = _trimmed(text)
    if text:
        is_link = text.startswith(("http://", "https://")) and len(text.split()) == 1
        parcels.append(
            Parcel(text.encode(), "link" if is_link else "text", text[:300] if is_link else "Pasted text")
        )
    return parcels
