"""Archives as people, machines and scoundrels make them."""

import io
import zipfile
from collections.abc import Mapping
from email.message import EmailMessage


def zipped(files: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive of these files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packing) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def with_link(name: str, to: str) -> bytes:
    """A ZIP archive of one symbolic link."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo(name)
        link.external_attr = 0o120777 << 16
        archive.writestr(link, to)
    return made.getvalue()


def patched(archive: bytes, field: int, value: bytes) -> bytes:
    """The archive with bytes of the first entry of its directory overwritten, at this offset."""
    at = archive.index(b"PK\1\2") + field
    return archive[:at] + value + archive[at + len(value) :]


def mail(
    subject: str, words: str = "Congratulations!", attached: bytes = b"", name: str = "badge.png"
) -> bytes:
    """An award mail."""
    made = EmailMessage()
    made["From"], made["Subject"], made["Date"] = (
        "awards@montalvo.example",
        subject,
        "Mon, 4 May 2026 12:00:00 +0000",
    )
    made.set_content(words)
    if attached:
        made.add_attachment(attached, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


def mbox(*mails: bytes) -> bytes:
    """A mailbox file, quoted as mbox files are."""
    quoted = [
        b"\n".join(
            b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in one.split(b"\n")
        )
        for one in mails
    ]
    return b"".join(
        b"From awards@montalvo.example Mon May  4 12:00:00 2026\n" + one + b"\n" for one in quoted
    )
