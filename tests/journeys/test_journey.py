"""What the product is for, in a real browser: from an award to a page that an employer trusts."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from backpack.demo.shapes import Issued
from tests.browsing import NewPage
from tests.issuing import renamed
from tests.journeys.conftest import ON_ONE_DATABASE, open_drawer, sign_in, upload
from tests.serving import Server

SOON = 20_000  # milliseconds that reading and checking may take on a busy machine


def test_from_an_award_to_linkedin(
    live_server: Server, any_page: Page, new_page: NewPage, email: str, badge: Issued
) -> None:
    page = any_page
    sign_in(page, live_server.base_url, email)
    _name(page, live_server, "Maria Silva")
    _drop(page, live_server, badge)
    _gather(page)
    link = _share(page)
    _look_as_an_employer(new_page, link)
    _link_to_linkedin(page, live_server, link)


def _name(page: Page, server: Server, name: str) -> None:
    page.goto(f"{server.base_url}/settings/profile")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Save").click()


def _drop(page: Page, server: Server, badge: Issued) -> None:
    page.goto(f"{server.base_url}/badges")
    drawer = open_drawer(page)
    drawer.locator("input[name=file]").set_input_files(upload(badge.data))
    expect(drawer.get_by_role("status")).to_have_text("All done", timeout=SOON)
    expect(drawer.get_by_role("listitem").first).to_contain_text("Verified and in your backpack")
    expect(drawer.locator("img[src$='/picture']")).to_be_visible(timeout=SOON)
    drawer.get_by_role("link", name=badge.title).click()
    expect(page.get_by_text("Verified, and yours")).to_be_visible()
    expect(page.locator(".check.passed")).to_have_count(5)


def _gather(page: Page) -> None:
    page.get_by_role("button", name="Add to a collection").click()
    page.get_by_label("Title of the new collection").fill("Research data management")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_label("Remark").fill("The plan behind the atlas.")
    page.get_by_role("button", name="Save").first.click()


def _share(page: Page) -> str:
    page.get_by_role("link", name="Share", exact=True).click()
    page.get_by_role("radio", name="Everyone").check()
    page.get_by_role("button", name="Make the link").first.click()
    return page.get_by_label("Link", exact=True).inner_text()


def _look_as_an_employer(new_page: NewPage, link: str) -> None:
    stranger = new_page(java_script_enabled=False)
    answer = stranger.goto(link)
    assert answer is not None
    assert (answer.status, answer.headers.get("set-cookie")) == (200, None)
    expect(stranger.locator(".seal .verdict")).to_have_text("One badge, verified")
    expect(stranger.get_by_text("Shown by Maria Silva")).to_be_visible()
    expect(stranger.get_by_text("The plan behind the atlas.")).to_be_visible()
    stranger.get_by_role("link", name="Data Stewardship, Level 2").click()
    expect(stranger.get_by_text("Signed by Universidade de Montalvo.")).to_be_visible()
    stranger.locator("summary", has_text="Not altered").click()
    expect(stranger.get_by_text("eddsa-rdfc-2022", exact=True)).to_be_visible()
    assert stranger.context.cookies() == []


def _link_to_linkedin(page: Page, server: Server, link: str) -> None:
    page.goto(f"{server.base_url}/badges")
    page.get_by_role("link", name="Data Stewardship, Level 2").click()
    page.get_by_role("link", name="Share", exact=True).click()
    page.get_by_role("button", name="Make the link").first.click()
    shown = page.get_by_label("Link", exact=True).inner_text()
    form = urlsplit(page.get_by_role("link", name="Add to LinkedIn profile").get_attribute("href") or "")
    fields = {name: values[0] for name, values in parse_qs(form.query).items()}
    assert (form.hostname, form.path) == ("www.linkedin.com", "/profile/add")
    assert fields["startTask"] == "CERTIFICATION_NAME"
    assert fields["name"] == "Data Stewardship, Level 2"
    assert fields["organizationName"] == "Universidade de Montalvo"
    assert (fields["issueYear"], fields["issueMonth"]) == ("2025", "3")
    assert fields["certUrl"] == shown != link


@ON_ONE_DATABASE
def test_two_files_of_which_one_is_bad_each_get_their_line(
    live_server: Server, page: Page, email: str, badge: Issued
) -> None:
    sign_in(page, live_server.base_url, email)
    drawer = open_drawer(page)
    files = [upload(badge.data), upload(b"\x89PNG\r\n\x1a\n" + b"no badge" * 9, "photo.png")]
    drawer.locator("input[name=file]").set_input_files(files)
    expect(drawer.get_by_role("status")).to_contain_text("1 import brought a badge, 1 none", timeout=SOON)
    expect(drawer.get_by_role("listitem").filter(has_text=badge.title)).to_contain_text("Verified")
    photo = drawer.get_by_role("listitem").filter(has_text="photo.png")
    expect(photo).to_contain_text("Ask the issuer for the original file")


@ON_ONE_DATABASE
def test_whoever_was_signed_out_meanwhile_is_asked_to_sign_in_when_adding_a_file(
    live_server: Server, page: Page, email: str, badge: Issued
) -> None:
    sign_in(page, live_server.base_url, email)
    drawer = open_drawer(page)
    page.context.clear_cookies()
    drawer.locator("input[name=file]").set_input_files(upload(badge.data))
    expect(page).to_have_url(f"{live_server.base_url}/signin?next=/badges")


@ON_ONE_DATABASE
def test_files_that_are_refused_as_a_whole_get_their_sentence_above_the_form(
    live_server: Server, page: Page, email: str, badge: Issued
) -> None:
    sign_in(page, live_server.base_url, email)
    drawer = open_drawer(page)
    refusal = {
        "status": 500,
        "headers": {"HX-Retarget": "#drawer-problem"},
        "body": "<p>Not at the moment</p>",
    }
    page.route("**/import", lambda route: route.fulfill(**refusal))
    drawer.locator("input[name=file]").set_input_files(upload(badge.data))
    expect(drawer.get_by_role("alert")).to_contain_text("Not at the moment")
    expect(drawer.locator("input[name=file]")).to_be_visible()


@ON_ONE_DATABASE
def test_a_film_is_refused_in_the_drawer_before_it_travels(
    live_server: Server, page: Page, email: str, tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(9 * 1024 * 1024))
    sign_in(page, live_server.base_url, email)
    drawer = open_drawer(page)
    drawer.locator("input[name=file]").set_input_files(film)
    expect(drawer.get_by_role("alert")).to_contain_text("film.mp4 is larger than 8 MB")


@ON_ONE_DATABASE
def test_a_file_dropped_anywhere_on_the_page_is_added(
    live_server: Server, page: Page, email: str, badge: Issued
) -> None:
    sign_in(page, live_server.base_url, email)
    files = page.evaluate_handle(
        """bytes => { const held = new DataTransfer();
        held.items.add(new File([new Uint8Array(bytes)], "dropped.png", { type: "image/png" })); return held; }""",
        list(badge.data),
    )
    for event in ("dragenter", "dragover", "drop"):
        page.dispatch_event("h1", event, {"dataTransfer": files, "bubbles": True, "cancelable": True})
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("status")).to_have_text("All done", timeout=SOON)
    drawer.get_by_role("button", name="Close").click()
    expect(page.get_by_role("heading", name="Your badges 1")).to_be_visible()


@ON_ONE_DATABASE
def test_everything_works_without_a_script(
    live_server: Server, new_page: NewPage, email: str, badge: Issued
) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, live_server.base_url, email)
    page.get_by_role("link", name="add a picture, a file or a link").click()
    page.locator("input[type=file]").set_input_files([upload(badge.data), upload(b"{}", "empty.json")])
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("listitem").filter(has_text=badge.title)).to_contain_text(
        "Verified", timeout=SOON
    )
    expect(page.get_by_role("listitem").filter(has_text="empty.json")).to_be_visible()
    page.get_by_role("link", name=badge.title).click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name=badge.title)).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{live_server.base_url}/badges")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@ON_ONE_DATABASE
def test_a_forged_badge_is_kept_and_shown_for_what_it_is(
    live_server: Server, page: Page, email: str, badge: Issued
) -> None:
    sign_in(page, live_server.base_url, email)
    page.goto(f"{live_server.base_url}/import?way=text")
    page.get_by_label("Link or text").fill(renamed(badge).text)
    page.get_by_role("button", name="Add", exact=True).click()
    line = page.get_by_role("listitem").filter(has_text="Doctor of Everything")
    expect(line).to_contain_text("Not valid", timeout=SOON)
    line.get_by_role("link").click()
    expect(page.locator(".seal .verdict")).to_have_text("Not valid: changed after it was signed")


@ON_ONE_DATABASE
def test_an_old_address_is_confirmed_and_the_badge_becomes_theirs(
    live_server: Server, page: Page, email: str, badge: Issued
) -> None:
    sign_in(page, live_server.base_url, f"new.{email}")
    page.goto(f"{live_server.base_url}/import")
    page.locator("input[type=file]").set_input_files(upload(badge.data))
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("listitem").filter(has_text=badge.title)).to_contain_text(
        "Not yet yours", timeout=SOON
    )
    page.get_by_role("link", name="Confirm that address").click()
    page.get_by_label("Add an address").fill(email)
    page.get_by_role("button", name="Send a link").click()
    page.get_by_role("link", name="Read it here").click()
    mail = page.get_by_role("article").filter(has_text=f"To {email}").first
    mail.get_by_role("link", name="/confirm/").click()
    page.get_by_role("button", name="Yes, it is mine").click()
    page.get_by_role("link", name="To your badges").click()
    page.get_by_role("form", name="Badges").get_by_role("link", name=badge.title).click()
    expect(page.get_by_text("Verified, and yours")).to_be_visible(timeout=SOON)
