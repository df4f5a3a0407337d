"""Taking a key or an identity from the documents in hand: it is there, it is trouble, or it is still to be fetched."""

from ..errors import Unreadable
from . import strict_json
from .addresses import host, led_away
from .credential import JsonObject
from .documents import Document, Documents

_SILENT = (0, 408, 429)  # nobody answered, or would later


class Unavailable(Exception):
    """A document is not to be had. ``problem`` is None while nobody asked its address yet: then it is wanted.

    ``is_absent``: its host answered that there is none, or something else; a host that is silent may have one.
    """

    def __init__(self, url: str, problem: str | None = None, *, is_absent: bool = False) -> None:
        place = host(url) or url
        if problem is None:
            super().__init__(f"what is at {place} has not been fetched")
        else:
            super().__init__(problem if place in problem else f"{place}: {problem}")
        self.url = url.partition("#")[0]
        self.problem = problem
        self.is_absent = is_absent


def document_at(url: str, documents: Documents) -> Document:
    """What this address answered, well; raises Unavailable.

    A badge chooses the addresses of its keys. One that leads on to another site answers for neither: any
    open redirect at an issuer's would make a forger's key its own.
    """
    found = documents.get(url)
    if found is None:
        raise Unavailable(url)
    if not found.ok:
        is_absent = found.status not in _SILENT and found.status < 500
        raise Unavailable(url, found.problem or f"{url} answered {found.status}", is_absent=is_absent)
    if found.final_url != found.url and (stranger := led_away(url, found.final_url)) is not None:
        says = f"{host(url)} leads on to {stranger}, and nothing shows that the one is the other"
        raise Unavailable(url, says)
    return found


def object_at(url: str, documents: Documents) -> JsonObject:
    """The JSON object at this address; raises Unavailable."""
    found = documents.once("object", document_at(url, documents), _object)
    if found is None:
        raise Unavailable(url, f"what is at {url} is not readable as JSON", is_absent=True)
    return found


def _object(document: Document) -> JsonObject | None:
    try:
        return strict_json.load_object(document.body)
    except Unreadable:
        return None
