"""What journeys share: an earner who signs in the way people do."""

import itertools
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from backpack.demo.shapes import Issued
from tests.issuing import award, issuer

ON_ONE_DATABASE = pytest.mark.parametrize("live_server", ["sqlite"], indirect=True, scope="session")
"""For what the page does in the browser: what its routes ask of either database is tested with the pages."""
_numbers = itertools.count()


@pytest.fixture
def email() -> str:
    """The address of an earner nobody else is: the servers of journeys are shared."""
    return f"earner{next(_numbers)}@backpack.example"


@pytest.fixture
def badge(email: str) -> Issued:
    """A sound badge that was awarded to this earner, baked into a PNG."""
    return issuer().ob3(award(name="Data Stewardship, Level 2", recipient=email))


def upload(data: bytes, name: str = "badge.png", kind: str = "image/png") -> dict[str, object]:
    """A file as a browser's file field takes it."""
    return {"name": name, "mimeType": kind, "buffer": data}


def sign_in(page: Page, base_url: str, email: str) -> None:
    """Ask for a link, read the mail where local mail is kept, and press the button behind the link."""
    page.goto(base_url)
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Send me a sign-in link").click()
    page.get_by_role("link", name="read the message here").click()
    mail = page.get_by_role("article").filter(has_text=email).first
    mail.get_by_role("link", name="/signin/link/").click()
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{base_url}/badges")


def open_drawer(page: Page) -> Locator:
    """Open the drawer of the page of badges, once its script is there to do so."""
    expect(page.locator("html.js")).to_be_attached()
    page.get_by_role("link", name=re.compile("^(Add badges|add a picture, a file or a link)$")).click()
    drawer = page.get_by_role("dialog", name="Add badges")
    expect(drawer).to_be_visible()  # what is in it is fetched first
    return drawer
