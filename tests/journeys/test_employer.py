"""What an employer does with a badge that was shown to them, in a real browser without a script."""

from playwright.sync_api import expect
from pypdfium2 import PdfDocument

from backpack.demo.shapes import Issued
from backpack.verifier.credential import Evidence
from tests.browsing import PHONE, NewPage
from tests.issuing import award, issuer, renamed
from tests.journeys.conftest import ON_ONE_DATABASE, upload
from tests.serving import Server

pytestmark = ON_ONE_DATABASE


def test_an_employer_checks_a_file_and_whose_it_is(
    live_server: Server, new_page: NewPage, email: str, badge: Issued
) -> None:
    page = new_page(**PHONE, java_script_enabled=False)
    page.goto(live_server.base_url)
    page.get_by_role("link", name="Check a badge").click()
    page.locator("input[type=file]").set_input_files(upload(badge.data))
    page.get_by_label("Whose should it be?").fill(email)
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".seal .verdict")).to_have_text("Verified")
    expect(page.get_by_text("Awarded to that address")).to_be_visible()
    expect(page.get_by_role("img", name=badge.title)).to_have_js_property("naturalWidth", 352)
    assert page.context.cookies() == []


def test_an_employer_is_not_taken_in_by_a_forgery(
    live_server: Server, new_page: NewPage, badge: Issued
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{live_server.base_url}/verify")
    page.get_by_label("or paste its link").fill(renamed(badge).text)
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".seal .verdict")).to_have_text("Not valid: changed after it was signed")


def test_what_is_no_badge_gets_a_sentence(live_server: Server, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{live_server.base_url}/verify")
    page.locator("input[type=file]").set_input_files(upload(b"Dear Sir or Madam", "letter.txt", "text/plain"))
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert").filter(has_text="badge")).to_be_visible()


def test_what_the_issuer_wrote_as_a_list_is_shown_as_one(live_server: Server, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{live_server.base_url}/verify")
    listed = issuer().ob3(award(criteria="To earn it:\n\n* Attend the course\n* Write the plan", number=7))
    page.get_by_label("or paste its link").fill(listed.text)
    page.get_by_role("button", name="Check").click()
    expect(page.locator("dd li", has_text="Write the plan")).to_have_css("list-style-type", "disc")


def test_a_long_criterion_is_folded_on_the_page_and_whole_on_paper(
    live_server: Server, new_page: NewPage
) -> None:
    page = new_page(**PHONE, java_script_enabled=False)
    page.goto(f"{live_server.base_url}/verify")
    steps = "\n".join(f"{number}. Hand in piece {number}." for number in range(1, 61))
    page.get_by_label("or paste its link").fill(issuer().ob3(award(criteria=steps, number=8)).text)
    page.get_by_role("button", name="Check").click()
    last = page.locator("dd li", has_text="Hand in piece 60.")
    expect(last).to_be_hidden()
    page.get_by_text("Read all of it").click()
    expect(last).to_be_visible()
    page.get_by_text("Show less").click()
    expect(last).to_be_hidden()
    printed = PdfDocument(page.pdf(prefer_css_page_size=True))
    sheets = [sheet.get_textpage().get_text_range() for sheet in printed]
    assert "Hand in piece 1." in sheets[0]
    assert "Hand in piece 60." in "".join(sheets)
    assert "Read all of it" not in "".join(sheets)


def test_many_pieces_of_evidence_are_folded_on_the_page_and_whole_on_paper(
    live_server: Server, new_page: NewPage
) -> None:
    page = new_page(**PHONE, java_script_enabled=False)
    page.goto(f"{live_server.base_url}/verify")
    pieces = tuple(Evidence(f"https://work.example/{n}", f"Piece {n}.") for n in range(1, 31))
    page.get_by_label("or paste its link").fill(issuer().ob3(award(evidence=pieces, number=9)).text)
    page.get_by_role("button", name="Check").click()
    last = page.get_by_role("link", name="Piece 30.")
    expect(page.get_by_role("link", name="Piece 6.")).to_be_visible()
    expect(last).to_be_hidden()
    page.get_by_text("24 more").click()
    expect(last).to_be_visible()
    page.get_by_text("Show fewer").click()
    printed = PdfDocument(page.pdf(prefer_css_page_size=True))
    text = "".join(sheet.get_textpage().get_text_range() for sheet in printed)
    assert "Piece 30." in text
    assert "24 more" not in text
