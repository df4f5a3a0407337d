"""A real browser for tests: Chromium, at a desk's and a phone's width."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

NAMES = ("chromium-headless-shell", "chromium", "google-chrome", "google-chrome-stable")
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
QUIETLY = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
FAILURES = Path("test-results")

NewPage = Callable[..., Page]


def chromium() -> str:
    """Where Chromium is: as ``make test`` found it, else on PATH."""
    path = os.environ.get("BACKPACK_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        raise RuntimeError("No Chromium: run `make test`, or name one by BACKPACK_CHROMIUM.")
    return path


# Not for the whole session: Playwright's loop would be in the way of tests that start one of their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not work for root, who runs tests in containers.
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*QUIETLY, *sandbox])
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[NewPage]:
    """Open a page of its own visitor: ``new_page(**PHONE, color_scheme="dark", java_script_enabled=False)``.

    At the end of the test it fails if any page met an error in a script, broke the Content-Security-Policy,
    or asked another host for anything.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(**options: object) -> Page:
        context = browser.new_context(**{**DESKTOP, "reduced_motion": "reduce", **options})
        contexts.append(context)
        context.on("weberror", lambda error: complaints.append(f"script: {error.error}"))
        context.on("console", lambda said: complaints.extend(_violation(said.text)))
        context.route(
            _is_elsewhere, lambda route: (complaints.append(f"asked {route.request.url}"), route.abort())
        )
        return context.new_page()

    yield open_page
    if request.node.stash.get(FAILED, False):
        _keep_pictures(request.node.name, contexts)
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page at a desk."""
    return new_page()


@pytest.fixture
def phone(new_page: NewPage) -> Page:
    """A page on a phone."""
    return new_page(**PHONE)


@pytest.fixture(params=["desktop", "phone"])
def any_page(request: pytest.FixtureRequest, new_page: NewPage) -> Page:
    """A page at a desk, and then the same test on a phone."""
    return new_page(**(PHONE if request.param == "phone" else DESKTOP))


def _violation(said: str) -> list[str]:
    return [said] if "Content Security Policy" in said or "Content-Security-Policy" in said else []


def _is_elsewhere(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and parts.hostname not in ("127.0.0.1", "localhost")


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


def _keep_pictures(test: str, contexts: list[BrowserContext]) -> None:
    FAILURES.mkdir(exist_ok=True)
    for number, page in enumerate(page for context in contexts for page in context.pages):
        page.screenshot(path=FAILURES / f"{test}-{number}.png", full_page=True)
