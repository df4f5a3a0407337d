"""From the inbox: an award mail is forwarded, waits, is accepted, and is verified among the badges."""

import re
import smtplib

import pytest
from playwright.sync_api import Locator, Page, expect

from backpack.demo.shapes import Issued
from tests.browsing import NewPage
from tests.journeys.conftest import sign_in
from tests.serving import Server
from tests.web.mailing import award_mail

SOON = 20_000  # milliseconds that reading and checking may take on a busy machine


def _wait(page: Page, sight: Locator, scripts: bool) -> None:
    """Wait for it as people do: the page asks by itself where there is a script, else they reload it."""
    if scripts:
        expect(sight).to_be_visible(timeout=SOON)
        return
    for _ in range(SOON // 250):
        if sight.is_visible():
            return
        page.wait_for_timeout(250)
        page.reload()
    expect(sight).to_be_visible()


def forward(page: Page, server: Server, badge: Issued) -> None:
    """Send the award to the import address that the page shows, as a mail program does."""
    address = page.get_by_label("Your import address").inner_text()
    with smtplib.SMTP(*server.smtp, timeout=20) as smtp:
        smtp.send_message(award_mail(badge), "maria@mail.example", [address])


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_forwarded_award_waits_is_declined_undone_accepted_and_verified(
    live_server: Server, new_page: NewPage, email: str, badge: Issued, scripts: bool
) -> None:
    page = new_page(java_script_enabled=scripts)
    sign_in(page, live_server.base_url, email)
    forward(page, live_server, badge)
    if not scripts:  # otherwise the page looks by itself
        page.reload()
    waiting = page.get_by_role("region", name=re.compile("New, waiting for you"))
    _wait(page, waiting.get_by_text("Verified"), scripts)
    waiting.get_by_role("button", name="Decline").click()
    page.get_by_role("button", name="Undo").click()
    waiting.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", name="Your badges 1")).to_be_visible()
    page.get_by_role("link", name=badge.title).click()
    expect(page.get_by_text("Verified, and yours")).to_be_visible()
