"""Texts and addresses of strangers, made fit to stand on a page of ours."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from html import unescape
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from backpack.verifier.addresses import as_asked
from backpack.verifier.legible import quoted as between_marks

from .assets import static
from .dates import dated

_TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "a", "code", "blockquote"}
# Zero-width and direction controls, and letters without a shape: they make a text look other than it is.
_UNSEEN = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\u3164\ufeff\uffa0]")
_ON_LETTERS, _MOST_MARKS = ("Mn", "Me"), 4
_LINK = re.compile(r"(https?://[^\s<>]+)")
_HOST = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}")
_LONGEST_HOST = 253
_ANCHOR = re.compile('<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_THEIRS = "nofollow ugc noopener noreferrer"
_MOST = 20_000
_ENDS = re.compile("</p>|</li>|<br>")
_LINE, _MOST_LINES, _BEGINNING = 80, 16, 240
"""What a line holds, how many lines stand open, and how many letters of a longer text do."""


def plain(text: str | None) -> str:
    """A stranger's text without characters that cannot be seen, and no taller than a line."""
    seen = _UNSEEN.sub("", text or "")
    return seen if seen.isascii() else "".join(_without_towers(seen))


def _without_towers(text: str) -> Iterator[str]:
    """So many marks on one letter as a script may need: more of them would be drawn across the lines around it."""
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.category(letter) in _ON_LETTERS else 0
        if marks <= _MOST_MARKS:
            yield letter


def quoted(text: str | None, most: int) -> str:
    """A stranger's text as their own words within a line of ours; nothing for nothing."""
    said = " ".join(plain(text).split())
    return between_marks(said, most) if said else ""


def markdown(text: str | None) -> Markup:
    """A stranger's Markdown as HTML: no pictures, no markup of theirs, links that are marked as theirs."""
    cleaned = nh3.clean(
        _markdown().render(plain(text)[:_MOST]),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=_THEIRS,
        # nh3 lets addresses without a scheme pass, such as //evil.example
        attribute_filter=lambda _tag, name, value: (
            value if name == "rel" else safe_link(value, "mailto") or None
        ),
    )
    told = _ANCHOR.sub(
        lambda found: f"{found[0]}{escape(_elsewhere(unescape(found[1]), _bare(found[2])))}", cleaned
    )
    return Markup(told)  # noqa: S704 - cleaned just now, from a short list of tags


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    # A stranger's headings would break the order of ours.
    parser.add_render_rule("heading_open", lambda *_: "<p><strong>")
    parser.add_render_rule("heading_close", lambda *_: "</strong></p>\n")
    return parser


def told(text: str | None) -> Markup:
    """A stranger's Markdown as HTML; a long one behind its beginning, to be opened without a script."""
    said = markdown(text)
    if sum(1 + len(line) // _LINE for line in map(_bare, _ENDS.split(said))) <= _MOST_LINES:
        return said
    begins = _bare(_ENDS.sub(" ", said))[:_BEGINNING]
    begins = begins.rpartition(" ")[0] or begins  # not every script has blanks between words
    return Markup(
        '<details class="long"><summary><span class="begins">{}…</span> '
        '<span class="act" lang="en"><span class="all">Read all of it</span><span class="less">Show less</span>'
        "</span></summary>{}</details>"
    ).format(begins, said)


def _bare(said: str) -> str:
    return Markup(said).striptags()  # noqa: S704 - part of what was cleaned, and no markup comes out


def safe_link(address: str | None, *also: str) -> str:
    """The address when a person may follow it (absolute, http or https, or a scheme of ``also``), or nothing."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return ""
    if parts.scheme in ("http", "https"):
        # What stands before an @ is no host, and would be read as one.
        return (address or "") if parts.netloc and "@" not in parts.netloc else ""
    return (address or "") if parts.scheme in also else ""


def out(address: str, name: str) -> Markup:
    """A link to a stranger's page, marked as leading away."""
    return Markup(
        '<a href="{}" rel="{}">{}<svg class="icon turns after" aria-hidden="true"><use href="{}#out"/></svg></a>{}'
    ).format(address, _THEIRS, name, static("icons.svg"), _elsewhere(address, name))


def tag(name: str, address: str = "") -> Markup:
    """A skill or tag, as a link when it has an address."""
    if not address:
        return Markup('<span class="tag">{}</span>').format(name)
    return Markup('<a class="tag" href="{}" rel="{}">{}</a>{}').format(
        address, _THEIRS, name, _elsewhere(address, name)
    )


def _elsewhere(address: str, name: str) -> str:
    """Where a link leads that reads like the address of another site; nothing of any other."""
    named, place = _HOST.search(name[:_LONGEST_HOST]), host_of(address)
    is_other = named and not f".{place}".endswith(f".{as_asked(named[0]).removeprefix('www.')}")
    return f" ({place})" if is_other and place else ""


def bare_address(address: str | None) -> str:
    """An address as people say it: without https:// and a closing slash."""
    return re.sub(r"^https?://", "", address or "").removesuffix("/")


def host_of(address: str) -> str:
    """The host that an address leads to, as machines read it: no letter can be taken for another."""
    try:
        return as_asked(urlsplit(address).hostname or "")
    except ValueError:
        return ""


def linked(text: str) -> Markup:
    """A message of ours with its addresses made links."""
    parts = _LINK.split(text)
    return Markup().join(
        Markup('<a href="{0}">{0}</a>').format(part) if at % 2 else escape(part)
        for at, part in enumerate(parts)
    )


def proven(value: str) -> Markup:
    """A value under a check: addresses, keys and hashes in the even type they are compared in."""
    if " " not in value and len(value) > 16:
        return Markup('<span class="code">{}</span>').format(plain(value))
    return dated(plain(value))


def grouped(digest: str) -> str:
    """A hash in groups of eight, for reading aloud."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


_BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
_SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "a Mac",
    "Linux": "Linux",
}


def browser(user_agent: str) -> str:
    """ "Firefox on Linux", as far as the browser tells."""
    name = next((name for mark, name in _BROWSERS.items() if mark in user_agent), "A browser")
    system = next((f" on {name}" for mark, name in _SYSTEMS.items() if mark in user_agent), "")
    return name + system
