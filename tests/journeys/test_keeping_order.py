"""Keeping order, in a real browser: by keyboard, by dragging, and with a way back."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, Route, expect

from tests.browsing import NewPage
from tests.issuing import award, issuer
from tests.journeys.conftest import ON_ONE_DATABASE, sign_in, upload
from tests.serving import Server

SOON = 20_000
NAMES = ("Alpha", "Beta", "Gamma")

# What scripts and keys do on a page is the same whichever database is behind it.
pytestmark = ON_ONE_DATABASE


@pytest.fixture
def earner_page(live_server: Server, page: Page, email: str) -> Page:
    """The page of an earner with three badges."""
    sign_in(page, live_server.base_url, email)
    page.goto(f"{live_server.base_url}/import")
    badges = [issuer().ob3(award(name=name, recipient=email, number=at)) for at, name in enumerate(NAMES)]
    page.locator("input[type=file]").set_input_files(
        [upload(badge.data, badge.file_name) for badge in badges]
    )
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("All done", timeout=SOON)
    page.get_by_role("link", name="To your badges").click()
    expect(page.locator("html.js")).to_be_attached()
    return page


@pytest.fixture
def collection_page(earner_page: Page) -> Page:
    """The page of a collection of all three, in the order of their names."""
    page = earner_page
    for name in NAMES:
        page.get_by_role("checkbox", name=f"Choose {name}").check()
    page.get_by_role("button", name="Add to a collection").click()
    page.get_by_label("Title of the new collection").fill("Letters")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Letters")).to_be_visible()
    entries = page.locator(".editable h3")
    expect(entries).to_have_count(len(NAMES))
    order = _order(page)
    while order != list(NAMES):
        wrong = next(name for name, there in zip(NAMES, order, strict=True) if name != there)
        page.get_by_role("button", name=f"Earlier {wrong}").click()
        place = order.index(wrong)
        order[place - 1 : place + 1] = [wrong, order[place - 1]]
        expect(entries).to_have_text(order)  # or the next press would come before this one is done
    # What was put there only now hears what is done to it once it has settled, moments later.
    expect(page.locator(".htmx-added, .htmx-settling, .htmx-swapping")).to_have_count(0)
    page.wait_for_load_state()
    return page


def _order(page: Page) -> list[str]:
    return page.locator(".editable h3").all_inner_texts()


def test_badges_are_put_in_order_with_the_keyboard_alone(collection_page: Page) -> None:
    page = collection_page
    page.get_by_role("button", name="Later Alpha").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".editable h3").first).to_have_text("Beta")
    expect(page.get_by_role("button", name="Later Alpha")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".editable h3").last).to_have_text("Alpha")
    expect(page.get_by_role("button", name="Earlier Alpha")).to_be_focused()
    assert _order(page) == ["Beta", "Gamma", "Alpha"]


def test_remarks_are_saved_where_they_are_written_and_none_is_lost(collection_page: Page) -> None:
    page = collection_page
    entries = page.locator(".entries > li")
    page.get_by_label("Remark").first.fill("My first.")
    page.get_by_label("Remark").nth(1).fill("My second.")
    expect(entries.first.get_by_role("status")).to_have_text("Saved")
    entries.nth(1).get_by_role("button", name="Save").click()
    expect(entries.nth(1).get_by_role("status")).to_have_text("Saved")
    expect(entries.nth(1).get_by_text("Saved")).to_be_visible()
    page.get_by_label("Remark").nth(1).focus()
    expect(entries.nth(1).get_by_text("Saved")).to_be_hidden()
    page.reload()
    expect(page.get_by_label("Remark").first).to_have_value("My first.")
    expect(page.get_by_label("Remark").nth(1)).to_have_value("My second.")


def test_badges_are_put_in_order_by_dragging(collection_page: Page) -> None:
    page = collection_page
    page.set_viewport_size({"width": 1280, "height": 1600})
    for grips in (page.locator(".grip").first, page.locator(".grip").last):
        expect(grips).to_be_visible()
    grip, last = page.locator(".grip").first.bounding_box(), page.locator(".grip").last.bounding_box()
    assert grip
    assert last
    page.mouse.move(grip["x"] + 20, grip["y"] + 20)
    page.mouse.down()
    with page.expect_response(lambda answer: answer.url.endswith("/order")) as kept:
        page.mouse.move(last["x"], last["y"] + 150, steps=30)
        page.mouse.up()
    assert kept.value.status == 204
    page.reload()
    assert _order(page) == ["Beta", "Gamma", "Alpha"]


def test_a_deleted_badge_comes_back_at_the_press_of_undo(earner_page: Page) -> None:
    page = earner_page
    page.get_by_role("checkbox", name="Choose Beta").check()
    page.get_by_role("checkbox", name="Choose Gamma").check()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("status").filter(has_text="2 badges deleted.")).to_be_visible()
    expect(page.get_by_role("link", name="Beta")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Beta")).to_be_visible()
    expect(page.get_by_role("heading", name="Your badges 3")).to_be_visible()


def test_what_was_opened_stays_open_while_a_check_goes_on(earner_page: Page) -> None:
    page = earner_page
    page.get_by_role("link", name="Alpha").click()
    page.get_by_role("button", name="Check now").click()
    page.locator("#check-proof summary").click()
    expect(page.get_by_text("Checked just now.")).to_be_visible(timeout=SOON)
    expect(page.locator("#check-proof details")).to_have_attribute("open", "")


def test_searching_narrows_the_wall_while_one_types(earner_page: Page) -> None:
    page = earner_page
    page.get_by_role("searchbox").press_sequentially("gam")
    expect(page.locator(".card h2")).to_have_text(["Gamma"])
    expect(page).to_have_url(re.compile("q=gam"))
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.get_by_role("searchbox").fill("zebra")
    expect(page.get_by_role("heading", name="Nothing for “zebra”")).to_be_visible()


def test_badges_are_chosen_over_several_searches_and_tabs(earner_page: Page) -> None:
    page = earner_page
    page.get_by_role("checkbox", name="Choose Alpha").check()
    page.get_by_role("searchbox").fill("beta")
    expect(page.locator(".card h2")).to_have_text(["Beta"])
    expect(page.get_by_role("checkbox", name="Alpha")).to_be_checked()
    page.get_by_role("checkbox", name="Choose Beta").check()
    page.get_by_role("link", name="Verified").click()
    expect(page).to_have_url(re.compile("status=verified"))
    page.get_by_role("button", name="Add to a collection").click()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".editable h3")).to_have_count(2)
    assert sorted(_order(page)) == ["Alpha", "Beta"]


def test_a_badge_that_is_chosen_while_a_search_is_under_way_stays_chosen(earner_page: Page) -> None:
    page = earner_page
    held: list[Route] = []
    page.route("**/badges?q=*", lambda asked: asked.continue_() if held else held.append(asked))
    page.get_by_role("searchbox").fill("beta")
    expect(page.locator("#search.htmx-request")).to_be_attached()
    page.get_by_role("checkbox", name="Choose Alpha").check()
    with suppress(Error):  # nobody waits for this answer any more
        held[0].continue_()
    expect(page.locator(".card h2")).to_have_text(["Beta"])
    expect(page.get_by_role("checkbox", name="Alpha")).to_be_checked()


def test_the_drawer_holds_the_focus_and_gives_it_back(earner_page: Page) -> None:
    page = earner_page
    opener = page.get_by_role("link", name="Add badges")
    opener.focus()
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog", name="Add badges")
    expect(drawer.get_by_role("heading", name="Add badges")).to_be_focused()
    drawer.get_by_role("link", name="Link or text").click()
    expect(drawer.get_by_label("Link or text")).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_text_is_pasted_in_the_drawer(earner_page: Page) -> None:
    page = earner_page
    page.get_by_role("link", name="Add badges").click()
    drawer = page.get_by_role("dialog", name="Add badges")
    drawer.get_by_role("link", name="Link or text").click()
    drawer.get_by_label("Link or text").fill("Congratulations, you earned a badge!")
    drawer.get_by_role("button", name="Add", exact=True).click()
    expect(drawer.get_by_role("status")).to_have_text("No badge was found", timeout=SOON)


def test_a_link_is_copied_at_the_press_of_a_button(earner_page: Page) -> None:
    page = earner_page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("link", name="Alpha").click()
    page.get_by_role("link", name="Share", exact=True).click()
    page.get_by_role("button", name="Make the link").click()
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert (
        page.evaluate("navigator.clipboard.readText()") == page.get_by_label("Link", exact=True).inner_text()
    )


def test_closing_a_link_closes_it_for_whoever_looks(earner_page: Page, new_page: NewPage) -> None:
    page = earner_page
    page.get_by_role("link", name="Alpha").click()
    page.get_by_role("link", name="Share", exact=True).click()
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("Link", exact=True).inner_text()
    reader = new_page(java_script_enabled=False)
    reader.goto(link)
    expect(reader.get_by_role("heading", name="Alpha")).to_be_visible()
    page.locator("summary", has_text="Anyone with the link").click()
    page.get_by_role("radio", name="Only you").check()
    page.get_by_role("button", name="Save").click()
    reader.reload()
    expect(reader.get_by_role("heading", name="This page is closed")).to_be_visible()
