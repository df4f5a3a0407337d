"""A mailbox of years, connected once: the award mails in it become verified badges while the earner looks on."""

from playwright.sync_api import expect

from tests.browsing import NewPage
from tests.conftest import StartServer
from tests.issuing import award, issuer
from tests.journeys.conftest import sign_in
from tests.journeys.test_journey import SOON
from tests.postbox import HOST, PASSWORD, USER, Postbox, mail


def test_from_a_connected_mailbox_to_verified_badges(
    start_server: StartServer, new_page: NewPage, postbox: Postbox, email: str
) -> None:
    badge = issuer().ob3(award(name="Data Stewardship, Level 2", recipient=email))
    lunches = [mail(number, "Ada <ada@people.example>", f"Lunch number {number}?") for number in range(30)]
    folder = postbox.folder(*lunches, mail(100, attached=badge), mail(101))
    server, page = start_server("sqlite", SSL_CERT_FILE=str(postbox.certificate)), new_page()
    sign_in(page, server.base_url, email)
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Mailboxes").click()
    page.get_by_role("link", name="Another").click()
    page.get_by_label("IMAP server").fill(HOST)
    page.get_by_label("User name").fill(USER)
    page.get_by_label("App password").fill("not this one")
    page.get_by_role("textbox", name="Folder").fill(folder)
    page.get_by_text("Port and encryption").click()
    page.get_by_label("Port", exact=True).fill(str(postbox.tls_port))
    page.get_by_role("button", name="Test").click()
    expect(page.locator("#tested")).to_contain_text("did not accept this name and password", timeout=SOON)
    page.get_by_label("App password").fill(PASSWORD)
    page.get_by_role("button", name="Test").click()
    expect(page.locator("#tested")).to_contain_text("It works: 32 messages", timeout=SOON)
    page.get_by_role("button", name="Connect").click()
    # The page is not loaded again: what it says changes by itself.
    expect(page.get_by_text("32 messages looked at, 2 taken.")).to_be_visible(timeout=SOON)
    expect(page.get_by_text("1 message brought badges, 1 had none.")).to_be_visible(timeout=SOON)
    page.get_by_role("link", name="See them").click()
    expect(page.get_by_role("listitem").filter(has_text=badge.title)).to_contain_text(
        "Verified", timeout=SOON
    )
