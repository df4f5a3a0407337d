"""A drawer full of badges, brought in at once: drop a ZIP, watch, stop, go on, and take the summary away."""

import re

from playwright.sync_api import Page, expect

from tests.archives import zipped
from tests.issuing import award, issuer, renamed
from tests.journeys.conftest import open_drawer, sign_in, upload
from tests.serving import Server

MANY = 150  # so many that reading them takes longer than it takes to press Stop
SOON = 180_000  # milliseconds that reading and checking may take on a busy machine


def archive(email: str) -> bytes:
    """Many small badges, a forged one, and what is none."""
    badges = [issuer().ob3(award(name=f"Badge {n}", recipient=email), carrier="bare") for n in range(MANY)]
    files = {f"badges/{number}.json": badge.data for number, badge in enumerate(badges)}
    return zipped({**files, "forged.json": renamed(badges[0]).data, "notes.txt": b"remember the milk"})


def test_many_badges_at_once(live_server: Server, page: Page, email: str) -> None:
    sign_in(page, live_server.base_url, email)
    drawer = open_drawer(page)
    field = drawer.locator("input[type=file]").first
    field.set_input_files(upload(archive(email), "badges.zip", "application/zip"))

    drawer.get_by_role("button", name="Stop").click(timeout=SOON)
    expect(drawer.get_by_text(re.compile(f"^Stopped: \\d+ of {MANY + 2} files done$"))).to_be_visible(
        timeout=SOON
    )
    drawer.get_by_role("button", name="Go on").click()
    expect(drawer.get_by_text(f"All {MANY + 2} files done")).to_be_visible(timeout=SOON)

    for row, count in (("Verified", MANY), ("Kept, but not verified 1 not valid", 1), ("No badge inside", 1)):
        expect(drawer.get_by_role("row", name=f"{row} {count}", exact=True)).to_be_visible()
    with page.expect_download() as download:
        drawer.get_by_role("link", name="Table (CSV)").click()
    table = download.value.path().read_text("utf-8-sig").splitlines()
    assert len(table) == MANY + 3
    assert sum(",imported," in line for line in table) == MANY
    drawer.get_by_role("link", name="Kept, but not verified").click()
    expect(page.get_by_role("link", name="Doctor of Everything")).to_be_visible()
