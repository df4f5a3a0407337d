"""An address: of a badge's data, of the page that shows it to people, or of its picture."""

import re
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from backpack.errors import UnknownFormat

from . import _inside as inside
from . import _links as links
from . import _listing as listing
from . import platforms, text
from ._parcel import Finds, Parcel

LABEL = "Link"

MOST_FROM_PAGE = 10
SIGN_IN_FIRST = (
    "Sign in there, download the badge, and add the file; or look there for a public link to share."
)
_SIGN_IN = re.compile(r"/(?:log-?in|sign-?in|sso|saml|oauth|auth|accounts?/login)(?:[/.]|$)", re.IGNORECASE)
_DATA_TYPES = (
    "application/ld+json",
    "application/json",
    "application/vc",
    "application/vc+ld+json",
    "image/svg+xml",
)


def finds(parcel: Parcel) -> Finds:
    """The address, cleaned. Raises UnknownFormat when it is none."""
    found = text.finds(parcel)
    if not found.links:
        raise UnknownFormat("This is not a web address.", "Copy the address of the badge's page.")
    return found


def candidates(url: str) -> tuple[str, ...]:
    """The addresses to try for one badge, best first: its data on a known host, then the page itself."""
    clean = links.cleaned(url)
    return tuple(dict.fromkeys((platforms.data_address(url) or clean, clean)))


def from_page(html: bytes, url: str) -> Finds:
    """Where a web page that answered at ``url`` has its badge, in the order to try; the first that is one is it.

    Data in the page itself are pieces. Then its alternate form as JSON, addresses of known hosts, the
    picture it gives to link previews, and pictures it shows that may be baked. ``offered`` are the badges that a
    collection's page links to, each one meant; ``steps`` is what to do where the page is but a form to sign in.
    """
    page = LexborHTMLParser(html.decode(errors="replace"))
    known = _known(page)
    absolute = (_absolute(address, url) for address in (*_alternates(page), *known, *_pictures(page)))
    found = dict.fromkeys(links.cleaned(one) for one in absolute if links.is_plain(one))
    found.pop(links.cleaned(url), None)
    return Finds(
        pieces=tuple(inside.json_ld(page, url)),
        links=tuple(found)[:MOST_FROM_PAGE],
        offered=tuple(dict.fromkeys(known))[: listing.MOST_LISTED] if listing.is_collection(url) else (),
        steps=(platforms.next_step(url) or SIGN_IN_FIRST,) if _asks_to_sign_in(page, url) else (),
    )


def listed(data: bytes, url: str) -> Finds:
    """What a list of badges in JSON names; nothing when it is none."""
    return listing.in_json(data, url)


def _asks_to_sign_in(page: LexborHTMLParser, url: str) -> bool:
    """A field for a password, or an address that says so: many pages have such a form beside what they show."""
    return page.css_first('input[type="password"]') is not None or bool(_SIGN_IN.search(urlsplit(url).path))


def _alternates(page: LexborHTMLParser) -> list[str]:
    nodes = page.css('link[rel~="alternate"][href]')
    return [
        node.attributes.get("href") or ""
        for node in nodes
        if (node.attributes.get("type") or "").partition(";")[0].strip().lower() in _DATA_TYPES
    ]


def _known(page: LexborHTMLParser) -> list[str]:
    hrefs = [node.attributes.get("href") or "" for node in page.css('link[rel="canonical"][href], a[href]')]
    return [known for href in hrefs if links.is_plain(href) and (known := platforms.data_address(href))]


def _pictures(page: LexborHTMLParser) -> list[str]:
    previews = page.css('meta[property="og:image"][content], meta[property="og:image:secure_url"][content]')
    shown = page.css("img[src]")
    sources = [node.attributes.get("content") or "" for node in previews]
    sources += [node.attributes.get("src") or "" for node in shown]
    return [source for source in sources if source and not source.startswith("data:")]


def _absolute(address: str, url: str) -> str:
    try:
        return urljoin(url, address)
    except ValueError:
        return ""
