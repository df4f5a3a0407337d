"""The verifier: a pure function from bytes and documents in hand to a report.

``read(data) -> Credential`` · ``wanted(credential, documents) -> set[str]`` ·
``verify(credential, documents, recipients, at) -> Report``. The caller's loop is four lines:

    credential = read(data)
    while urls := wanted(credential, documents):
        documents = documents.plus(*fetch_all(urls))
    report = verify(credential, documents, recipients, at)

``verify_so_far`` answers both questions at once, for less where nothing is wanted.
"""

from .case import Demand
from .credential import Achievement, Alignment, Credential, Evidence, Issuer, Picture, Recipient, Result
from .documents import Document, Documents
from .reading import read, read_all, read_shown
from .report import Check, Outcome, Report, UsedDocument, Verdict, as_json, no_badge_as_json
from .verifying import verify, verify_so_far, wanted

__all__ = [
    "Achievement",
    "Alignment",
    "Check",
    "Credential",
    "Demand",
    "Document",
    "Documents",
    "Evidence",
    "Issuer",
    "Outcome",
    "Picture",
    "Recipient",
    "Report",
    "Result",
    "UsedDocument",
    "Verdict",
    "as_json",
    "no_badge_as_json",
    "read",
    "read_all",
    "read_shown",
    "verify",
    "verify_so_far",
    "wanted",
]
