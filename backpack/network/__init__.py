"""The one way out: a URL in, a Document out, whatever happens. Nothing else in the house opens a connection.

Strangers choose these URLs, so nothing is taken on trust: the scheme, every address the name leads to,
every redirect, the time, and the size after decoding. A fetch that fails is a Document with a problem.
"""

import contextlib
import functools
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

import httpcore
import httpx

from backpack.config import Settings
from backpack.verifier.addresses import led_away, same_host
from backpack.verifier.documents import Document

from . import demo
from .connecting import CONNECT_SECONDS, TOTAL_SECONDS, WAIT_SECONDS, Deadline, GuardedTransport
from .guard import WEB_PORTS, Allowed
from .patience import AT_ONCE, Patience, Slots
from .problems import NoAnswer, status_problem
from .reading import body_of
from .rules import KINDS, MIB, Kind, KindName, acceptable, host_of, port_of, redirected

Own = Callable[[str], Document | None]

MOST_REDIRECTS = 3
MOST_REQUESTS = 40
MOST_SECONDS = 60.0
MOST_BYTES = 32 * MIB

_TIMEOUT = httpx.Timeout(WAIT_SECONDS, connect=CONNECT_SECONDS)
_REDIRECTS = (301, 302, 303, 307, 308)
_LONGEST_TYPE = 200

_patience = Patience()
_slots = Slots()


def fetch(url: str, settings: Settings, *, kind: KindName = "json", own: Own | None = None) -> Document:
    """What this URL answers, as a Document under the URL without its fragment; never raises for a bad answer.

    ``kind`` sets what is asked for, how much is taken, and whether plain http will do. ``own`` answers
    for addresses on our own BASE_URL, under the rights of a stranger; those are never fetched. The
    document's ``final_url`` is where the body came from, after at most three redirects.
    """
    asked = url.partition("#")[0]
    try:
        return _answer(asked, settings, KINDS[kind], own)
    except NoAnswer as reason:
        return _nothing(asked, str(reason))


def fetch_all(
    urls: Iterable[str], settings: Settings, *, kind: KindName = "json", own: Own | None = None
) -> list[Document]:
    """All of these at once, in the order given, each URL once; eight at a time, two of one host.

    One call asks at most 40 URLs, takes at most 60 seconds and 32 MB; what is over that is a problem.
    """
    wanted = list(dict.fromkeys(url.partition("#")[0] for url in urls))
    end = time.monotonic() + MOST_SECONDS
    taken = 0

    def one(url: str) -> Document:
        nonlocal taken
        if taken > MOST_BYTES or time.monotonic() > end:
            return _nothing(url, "reading everything that this badge names took too long")
        document = fetch(url, settings, kind=kind, own=own)
        taken += len(document.body)
        return document

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="fetch") as threads:
        documents = list(threads.map(one, wanted[:MOST_REQUESTS]))
    too_many = f"this badge names more than {MOST_REQUESTS} addresses at once"
    return documents + [_nothing(url, too_many) for url in wanted[MOST_REQUESTS:]]


def _nothing(url: str, problem: str) -> Document:
    return Document(url, status=0, problem=problem, fetched_at=datetime.now(UTC))


def _answer(asked: str, settings: Settings, kind: Kind, own: Own | None) -> Document:
    """Follow redirects from here to a document; every hop is held to the same rules."""
    deadline = Deadline(TOTAL_SECONDS)
    url, spelled, elsewhere = acceptable(asked, kind), asked, None
    for _ in range(MOST_REDIRECTS + 1):
        answer = _answer_inside(url, spelled, settings, own) or _answer_outside(url, settings, kind, deadline)
        if isinstance(answer, Document):
            return replace(
                answer,
                url=asked,
                final_url=_told(asked, spelled, elsewhere),
                fetched_at=datetime.now(UTC),
            )
        url, spelled = answer, str(answer)
        elsewhere = elsewhere or (spelled if led_away(asked, spelled) else None)
    raise NoAnswer(f"{host_of(url)} sent us on too often")


def _told(asked: str, final: str, elsewhere: str | None) -> str:
    """Where it came from. Whoever was led to may lead on to the path that was asked, as if the site had moved."""
    pretends = led_away(asked, final) is None and not same_host(asked, final)
    return elsewhere if elsewhere and pretends else final


def _answer_inside(url: httpx.URL, spelled: str, settings: Settings, own: Own | None) -> Document | None:
    """What needs no network: our own addresses, and the example names of the demo."""
    host = host_of(url)
    if _is_ours(url, settings):
        document = own(spelled) if own else None
        if document is None:
            raise NoAnswer("this address is our own, and shows nothing to everyone")
        return document
    if demo.is_example(host) and host not in Allowed.of(settings.fetch_allow).names:
        return demo.answer(spelled, host, settings.data_dir)
    return None


def _is_ours(url: httpx.URL, settings: Settings) -> bool:
    base = httpx.URL(settings.base_url)
    if host_of(url) != host_of(base):
        return False
    return port_of(url) == port_of(base) or {port_of(url), port_of(base)} <= set(WEB_PORTS)


def _answer_outside(
    url: httpx.URL, settings: Settings, kind: Kind, deadline: Deadline
) -> Document | httpx.URL:
    """One request: a document, or the URL it sends us on to. Raises NoAnswer for everything else."""
    host = host_of(url)
    _patience.check(host)
    transport = GuardedTransport(Allowed.of(settings.fetch_allow), deadline)
    with (
        _slots.taken(host),
        _said_plainly(host, deadline, transport),
        # A client of its own for every hop: no cookie, no credential and no proxy is ever carried along.
        httpx.Client(transport=transport, trust_env=False, timeout=_TIMEOUT) as client,
        client.stream("GET", url, headers=_headers(settings, kind)) as response,
    ):
        return _taken(response, url, host, kind)


def _headers(settings: Settings, kind: Kind) -> dict[str, str]:
    return {
        "User-Agent": f"BadgeBackpack/{_version()} (+{settings.base_url})",
        "Accept": kind.accept,
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


@functools.cache
def _version() -> str:
    try:
        return version("backpack")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "0"


def _taken(response: httpx.Response, url: httpx.URL, host: str, kind: Kind) -> Document | httpx.URL:
    status = response.status_code
    if status in _REDIRECTS and "location" in response.headers:
        return redirected(url, response.headers["location"], kind)
    body = body_of(response.iter_raw(), response.headers.get("content-encoding", ""), kind, host)
    problem = None if 200 <= status < 300 else status_problem(host, status)
    if problem is None and not kind.may_be_page and _is_page(body):
        problem = f"{host} answered with a web page, not with {kind.what}"
    content_type = response.headers.get("content-type", "")[:_LONGEST_TYPE]
    return Document(str(url), status, body, content_type, problem)


def _is_page(body: bytes) -> bool:
    head = body[:1024].lower()
    return (b"<html" in head or b"<!doctype html" in head) and b"<svg" not in head


@contextlib.contextmanager
def _said_plainly(host: str, deadline: Deadline, transport: GuardedTransport) -> Iterator[None]:
    """Turn trouble with the host into one sentence: no number, no port, nothing the host said."""
    try:
        yield
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
        if not transport.vouched:
            _patience.failed(host)
        raise NoAnswer(_reason(host, error, deadline)) from error
    _patience.answered(host)


def _reason(host: str, error: Exception, deadline: Deadline) -> str:
    # httpcore's pool drops the cause; the error it stands for is its argument.
    if any(isinstance(inner, ssl.SSLCertVerificationError) for inner in error.args):
        return f"{host} has no certificate that we trust"
    if isinstance(error, httpcore.ConnectError | httpcore.ConnectTimeout):
        return f"{host} could not be reached"
    if isinstance(error, httpcore.TimeoutException):
        return f"{host} did not answer in {TOTAL_SECONDS if deadline.is_over else WAIT_SECONDS:.0f} s"
    return f"{host} broke off its answer"
