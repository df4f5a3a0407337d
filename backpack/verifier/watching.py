"""Documents under observation: those that were looked at are what a report stands on."""

from .addresses import is_web_address
from .contexts import shipped
from .documents import Document, Documents
from .report import UsedDocument


class Watched(Documents):
    """Documents that remember which of them were looked at; who watches a watched one is seen by both."""

    __slots__ = ("_beneath", "_looked_at", "answers", "known")

    def __init__(self, documents: Documents) -> None:
        self._by_url = documents._by_url
        self._beneath = documents
        self.kept = documents.kept
        self.answers: dict[str, Document | None] = {}
        """Whatever was asked for, and that it was not there."""
        self.known: dict[str, bool] = {}
        """The addresses of which it was only asked whether they were there."""
        self._looked_at: dict[str, Document] = {}

    def get(self, url: str) -> Document | None:
        """The document of this URL; it is remembered."""
        document = self.answers[url] = self._beneath.get(url)
        if document is not None:
            self._looked_at[document.url] = document
        return document

    def __contains__(self, url: str) -> bool:
        found = self.known[url] = url in self._beneath
        return found

    def lacks_any(self) -> bool:
        """Whether a document was looked for that may still be fetched: what it says could change what was found.

        That a vocabulary which ships has not been fetched as well leaves nothing open.
        """
        asked = (url for url, answer in self.answers.items() if answer is None and is_web_address(url))
        return any(asked) or any(not there and shipped(url) is None for url, there in self.known.items())

    def seen(self) -> tuple[UsedDocument, ...]:
        """The documents looked at so far, in the order of their addresses."""
        found = sorted(self._looked_at.values(), key=lambda document: document.url)
        return tuple(UsedDocument(d.url, d.sha256, d.fetched_at) for d in found)
