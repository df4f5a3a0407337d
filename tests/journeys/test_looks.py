"""Every page of a filled backpack, crawled: nothing for axe to find, nothing wider than the screen, no dead link."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from backpack.config import Settings
from backpack.demo import content
from tests.browsing import NewPage
from tests.conftest import StartServer
from tests.issuing import award, issuer
from tests.serving import Server
from tests.web.mailing import CONFIRMATION, VOUCHED, award_mail, deliver, offer_links

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASKED = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
FILES = ("/original", "/bundle", ".json", ".csv", ".png", ".svg", "/export")
APART = ("/api/", "/static/")
ALIKE = {"/share/badge/": 2, "/share/collection/": 1, "/c/": 3, "/import/": 2, "/badges?": 4, "/badges/": 30}
"""Of pages that look alike, so many are enough."""
LARGE = {"width": 195, "height": 422}
"""A phone on which everything is twice as large."""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SCREENS = [({"width": 320, "height": 640}, "light"), ({"width": 1280, "height": 900}, "dark")]


@pytest.fixture
def filled(start_server: StartServer) -> tuple[Server, str]:
    """A server with the demo's badges, and a link that signs its earner in."""
    server = start_server("sqlite")
    command = [sys.executable, "-m", "backpack", "demo"]
    environment = {**os.environ, **server.settings}
    told = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    _mail(server.known)
    return server, next(word for word in told.split() if "/signin/link/" in word)


def _mail(settings: Settings) -> None:
    """What comes by mail and waits: a badge, addresses to look at, a code."""
    deliver(settings, content.EMAIL, award_mail(issuer().ob3(award())), vouched=VOUCHED)
    offer_links(settings, content.EMAIL, "https://montalvo.example/badges/7", confirmation=CONFIRMATION)


@pytest.mark.timeout(600)
def test_every_page_can_be_used_by_everyone_on_every_screen(
    filled: tuple[Server, str], new_page: NewPage
) -> None:
    server, way_in = filled
    # axe is a script of its own, which our policy would keep out
    page = new_page(bypass_csp=True)
    page.goto(way_in)
    page.get_by_role("button", name="Sign in").click()
    troubles = []
    for address in _crawled(page, server.base_url):
        troubles += [f"{address}: {trouble}" for trouble in (*_lost_on_paper(page), *_troubles(page))]
    assert troubles == []


def _crawled(page: Page, base_url: str) -> Iterator[str]:
    """Go to every page that a link leads to, once each."""
    waiting, seen = ["/badges", "/verify", "/signin/sent", "/dev/mail", "/nowhere", "/b/closed"], set()
    left = Counter(ALIKE)
    while waiting:
        path = waiting.pop(0)
        kind = next((start for start in ALIKE if path.startswith(start)), "")
        if path in seen or (kind and not left[kind]):
            continue
        seen.add(path)
        left[kind] -= 1
        answer = page.goto(base_url + path)
        assert answer is not None
        assert answer.status == (404 if path in ("/nowhere", "/b/closed") else 200), path
        yield path
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        waiting += sorted(
            {_path(link) for link in links if link.startswith(base_url) and _is_page(link)} - seen
        )


def _path(link: str) -> str:
    parts = urlsplit(link)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _is_page(link: str) -> bool:
    path = urlsplit(link).path
    return not path.endswith(FILES) and not path.startswith(APART)


def _lost_on_paper(page: Page) -> Iterator[str]:
    page.emulate_media(media="print")
    for part in (".card", ".seal", ".entries > li"):
        if lost := page.locator(f"main {part}").count() - page.locator(f"main {part}:visible").count():
            yield f"paper: {lost} of {part} are not printed"
    page.emulate_media(media="screen")


def _troubles(page: Page) -> Iterator[str]:
    page.set_viewport_size(LARGE)
    if wider := page.evaluate(WIDER):
        yield f"large: {wider} pixels wider than the screen"
    page.evaluate(Axe().axe_script)
    for size, scheme in SCREENS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        if wider := page.evaluate(WIDER):
            yield f"{scheme}: {wider} pixels wider than the screen"
        # Its own way to run would also hand over every element in which nothing was found.
        for found in page.evaluate("asked => axe.run(asked).then(found => found.violations)", ASKED):
            yield f"{scheme}: {found['id']}: {found['help']}: {[node['html'][:120] for node in found['nodes']][:3]}"
