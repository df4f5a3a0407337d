"""Adding badges: each file and text its own import, watched until it is through."""

import csv
import io
import re

import pytest
from sqlmodel import Session

from backpack.demo.shapes import Issued
from backpack.storage.blobs import Blobs, Unreachable
from tests.archives import zipped
from tests.issuing import award, issuer, renamed
from tests.web.conftest import Person
from web.progress import FEW

PNG = b"\x89PNG\r\n\x1a\n"


def test_an_upload_leads_to_its_live_list(maria: Person, badge: Issued) -> None:
    answer = maria.post("/import", files={"file": ("badge.png", badge.data)})
    assert answer.status_code == 303
    page = maria.get(answer.headers["location"]).text
    assert "0 of 1 import done" in page
    assert 'hx-trigger="every 700ms"' in page
    assert '<meta http-equiv="refresh"' in page


def test_the_list_stops_asking_when_all_is_through(maria: Person, badge: Issued) -> None:
    there = maria.post("/import", files={"file": ("badge.png", badge.data)}).headers["location"]
    maria.work()
    page = maria.get(there).text
    assert "All done" in page
    assert "Verified" in page
    assert "hx-trigger" not in page
    assert "http-equiv" not in page


def test_while_it_is_checked_all_six_rows_wait_in_their_places(maria: Person) -> None:
    hosted = issuer().ob2_hosted(award())
    there = maria.post("/import", files={"file": ("badge.png", hosted.data)}).headers["location"]
    maria.unpack()
    page = maria.get(there).text
    assert page.count('class="check waiting"') == 6
    assert "<b>Checking</b> 0 of 6" in page


def test_its_picture_comes_after_the_verdict_and_by_itself(maria: Person, badge: Issued) -> None:
    there = maria.post("/import", files={"file": ("badge.png", badge.data)}).headers["location"]
    maria.unpack()
    page = maria.get(there).text
    assert "All done" in page
    assert "Verified" in page
    assert "/picture" not in page
    assert 'hx-trigger="every 700ms"' in page
    maria.work()
    page = maria.get(there).text
    assert "/picture" in page
    assert "hx-trigger" not in page


def test_two_files_of_which_one_is_bad_each_get_their_line(maria: Person, badge: Issued) -> None:
    files = [("file", ("badge.png", badge.data)), ("file", ("photo.png", PNG + b"cut"))]
    there = maria.post("/import", files=files).headers["location"]
    maria.work()
    page = maria.get(there).text
    assert "Done. 1 import brought a badge, 1 none" in page
    assert "photo.png" in page
    assert "Ask the issuer for the original file." in page
    assert badge.title in page


@pytest.fixture
def bucket_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first file is kept; then the bucket does not answer any more."""
    kept, keep = [], Blobs.keep

    def fails(blobs: Blobs, db: Session, data: bytes, media_type: str) -> str:
        if kept:
            raise Unreachable("connection refused")
        kept.append(data)
        return keep(blobs, db, data, media_type)

    monkeypatch.setattr(Blobs, "keep", fails)


@pytest.mark.usefixtures("bucket_goes_away")
def test_while_the_bucket_is_away_each_file_that_was_not_kept_is_named(maria: Person, badge: Issued) -> None:
    names = ("badge.png", "second.png", "third.png")
    answer = maria.post("/import", files=[("file", (name, badge.data + name.encode())) for name in names])
    assert answer.status_code == 200
    assert "0 of 1 import done" in answer.text
    assert answer.text.count("This cannot be done at the moment, and nothing was saved.") == 2
    assert "second.png" in answer.text
    assert "third.png" in answer.text
    alone = maria.post("/import", files={"file": ("badge.png", badge.data)})
    assert alone.status_code == 503
    assert "Try again in a minute." in alone.text


def test_a_file_that_is_too_large_does_not_stop_the_others(maria: Person, badge: Issued) -> None:
    files = [("file", ("film.mp4", bytes(9 * 1024 * 1024))), ("file", ("badge.png", badge.data))]
    answer = maria.post("/import", files=files)
    assert answer.status_code == 200
    assert "film.mp4" in answer.text
    assert "larger than 8 MB" in answer.text
    assert "badge.png" in answer.text


def test_one_file_that_is_too_large_gets_413_and_a_sentence(maria: Person) -> None:
    answer = maria.post("/import", files={"file": ("film.mp4", bytes(9 * 1024 * 1024))})
    assert answer.status_code == 413
    assert "larger than 8 MB" in answer.text
    assert "Ask the issuer for the original file." in answer.text


def test_nothing_chosen_gets_a_sentence(maria: Person) -> None:
    answer = maria.post("/import", files={"file": ("", b"")})
    assert answer.status_code == 422
    assert "Nothing was chosen." in answer.text


def test_an_empty_file_gets_a_sentence(maria: Person) -> None:
    answer = maria.post("/import", files={"file": ("empty.png", b"")})
    assert answer.status_code == 422
    assert "There is nothing in it." in answer.text


def test_more_than_twenty_files_wait_for_another_time(maria: Person) -> None:
    files = [("file", (f"{number}.png", PNG + bytes([number]))) for number in range(21)]
    answer = maria.post("/import", files=files)
    assert "At most 20 files go in at once." in answer.text
    assert "20.png" in answer.text


def test_a_pasted_text_is_read_as_a_badge(maria: Person, badge: Issued) -> None:
    there = maria.post("/import", data={"text": badge.text}).headers["location"]
    maria.work()
    assert badge.title in maria.get(there).text


def test_a_pasted_text_that_is_no_badge_is_explained(maria: Person) -> None:
    there = maria.post("/import", data={"text": "Dear Maria, congratulations!"}).headers["location"]
    maria.work()
    assert "No badge was found" in maria.get(there).text


def test_a_link_that_does_not_answer_is_explained(maria: Person) -> None:
    there = maria.post("/import", data={"text": "https://issuer.example/badges/1"}).headers["location"]
    maria.work()
    page = maria.get(there).text
    assert "No badge was found" in page
    assert "issuer.example" in page
    assert "upload" in page


def test_the_same_file_again_is_said_to_be_there(maria: Person, badge: Issued) -> None:
    maria.bring(badge)
    there = maria.post("/import", files={"file": ("again.png", badge.data)}).headers["location"]
    maria.work()
    assert "and already here" in maria.get(there).text
    assert 'Your badges <span class="quiet">1</span>' in maria.get("/badges").text


def test_a_badge_of_another_address_offers_to_confirm_it(maria: Person) -> None:
    other = issuer().ob3(award(recipient="maria@old.example", naming="plain"))
    there = maria.post("/import", files={"file": ("old.png", other.data)}).headers["location"]
    maria.work()
    page = maria.get(there).text
    assert "Not yet yours" in page
    offer = re.search(r'href="(/settings/addresses\?badge=[\w-]+)"', page)
    assert offer
    assert 'value="maria@old.example"' in maria.get(offer[1]).text


def test_one_that_names_no_address_does_not_ask_for_one(maria: Person) -> None:
    other = issuer().ob3(award(recipient="did:example:maria", naming="did"))
    there = maria.post("/import", files={"file": ("did.png", other.data)}).headers["location"]
    maria.work()
    page = maria.get(there).text
    assert "Not shown to be yours</b> but kept" in page
    assert "Confirm that address" not in page


def test_a_forged_badge_is_kept_and_labelled_so(maria: Person, badge: Issued) -> None:
    there = maria.post("/import", data={"text": renamed(badge).text}).headers["location"]
    maria.work()
    page = maria.get(there).text
    assert "Not valid" in page
    assert "but kept" in page


@pytest.mark.parametrize("way", ["file", "text", "mail", "nonsense"])
def test_every_way_is_a_page_and_a_part_of_the_drawer(maria: Person, way: str) -> None:
    page = maria.get(f"/import?way={way}")
    part = maria.get(f"/import?way={way}", headers={"hx-request": "true"})
    assert "<html" in page.text
    assert "<html" not in part.text
    assert 'id="adding"' in part.text


def test_the_way_by_mail_shows_the_own_address(maria: Person) -> None:
    assert re.search(r"import\+\w+@127\.0\.0\.1", maria.get("/import?way=mail").text)


def test_an_upload_in_the_drawer_answers_with_the_drawer(maria: Person, badge: Issued) -> None:
    sent = {"hx-request": "true"}
    answer = maria.post("/import", files={"file": ("badge.png", badge.data)}, headers=sent)
    assert answer.status_code == 200
    batch = re.search(r'name="batch" value="([\w-]+)"', answer.text)
    assert batch
    more = maria.post("/import", files={"file": ("x.png", PNG)}, data={"batch": batch[1]}, headers=sent)
    assert "0 of 2 imports done" in more.text


def test_a_failed_import_can_be_tried_again_and_put_away(maria: Person) -> None:
    maria.post("/import", files={"file": ("photo.png", PNG)})
    maria.work()
    assert "1 import brought no badge." in maria.get("/badges").text
    found = re.search(r'action="(/imports/[\w-]{22})/retry"', maria.get("/imports").text)
    assert found
    assert maria.post(f"{found[1]}/retry").status_code == 303
    maria.work()
    assert maria.post(f"{found[1]}/dismiss").status_code == 303
    assert "photo.png" not in maria.get("/imports").text


def test_all_that_brought_no_badge_are_put_away_at_once(
    maria: Person, stranger: Person, badge: Issued
) -> None:
    for person in (maria, stranger):
        person.post("/import", files=[("file", (name, PNG)) for name in ("photo.png", "scan.png")])
        person.post("/import", files={"file": ("badge.png", badge.data)})
        person.work()
    assert "Put away all that brought no badge" in maria.get("/imports").text
    assert maria.post("/imports/dismiss").headers["location"] == "/imports"
    page = maria.get("/imports").text
    assert "photo.png" not in page
    assert badge.title in page
    assert "photo.png" in stranger.get("/imports").text


def _archive(maria: Person, files: dict[str, bytes]) -> str:
    """Upload an archive, have it read and checked, and return the page of its import."""
    there = maria.post("/import", files={"file": ("all.zip", zipped(files))}).headers["location"]
    maria.work()
    return there


def test_an_exported_backpack_of_collections_alone_is_done(maria: Person, stranger: Person) -> None:
    maria.post("/collections", data={"title": "To come"})
    out = maria.post("/settings/export").content
    there = stranger.post("/import", files={"file": ("mine.zip", out)}).headers["location"]
    stranger.work()
    assert "All done" in stranger.get(there).text
    assert "To come" in stranger.get("/collections").text


def test_an_archive_ends_in_a_summary_whose_numbers_lead_to_lists(maria: Person, badge: Issued) -> None:
    there = _archive(maria, {"good.json": badge.text.encode(), "notes.txt": b"milk", "cut.png": PNG})
    page = maria.get(there).text
    assert "All 3 files done" in page
    assert "hx-trigger" not in page
    assert badge.title in maria.get(f"{there}?show=imported").text
    assert "notes.txt" in maria.get(f"{there}?show=none").text
    assert "cut.png" in maria.get(f"{there}?show=failed").text
    assert "all.zip" in maria.get("/imports").text


def test_the_summary_is_taken_away_as_a_table_that_is_no_formula(maria: Person, badge: Issued) -> None:
    nothing = ("=cmd|' /C calc'!A0.txt", "list;=1+1.txt")
    there = _archive(maria, dict.fromkeys(nothing, b"milk") | {"good.json": badge.text.encode()})
    answer = maria.get(f"{there}/summary.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="import.csv"'
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(row[0], row[1]) for row in rows[1:]] == [
        ("'=cmd|' /C calc'!A0.txt", "none"),
        ("list;'=1+1.txt", "none"),
        ("good.json", "imported"),
    ]
    assert [row["outcome"] for row in maria.get(f"{there}/summary.json").json()] == [
        "none",
        "none",
        "imported",
    ]


def test_without_a_script_an_import_is_stopped_and_goes_on(maria: Person, badge: Issued) -> None:
    there = maria.post(
        "/import", files={"file": ("all.zip", zipped({"a.json": badge.text.encode()}))}
    ).headers["location"]
    maria.unpack()
    assert maria.post(f"{there}/stop").headers["location"] == there
    maria.work()
    page = maria.get(there).text
    assert "Stopped: 0 of 1 file done" in page
    assert maria.post(f"{there}/go-on", data={"back": "/imports"}).headers["location"] == "/imports"
    maria.work()
    assert "All done" in maria.get(there).text


def test_nobody_stops_or_sees_the_import_of_another(maria: Person, stranger: Person, badge: Issued) -> None:
    there = _archive(maria, {"a.json": badge.text.encode()})
    assert stranger.post(f"{there}/stop").status_code == stranger.get(there).status_code == 404
    assert "a.json" not in stranger.get(f"{there}/summary.csv").text


def test_a_name_of_a_file_is_never_markup(maria: Person) -> None:
    there = maria.post("/import", files={"file": ("<b onclick=x>.png", PNG)}).headers["location"]
    maria.work()
    assert "<b onclick" not in maria.get(there).text


def _many(maria: Person, badge: Issued) -> str:
    """Upload more files than are listed one by one, an archive among them, and return the page of the import."""
    photos = [("file", (f"photo{number}.png", PNG)) for number in range(FEW)]
    zips = ("file", ("some.zip", zipped({"good.json": badge.text.encode(), "notes.txt": b"milk"})))
    first = maria.post("/import", files=photos).headers["location"]
    maria.post("/import", files=[zips], data={"batch": first.rsplit("/", 1)[1]})
    maria.work()
    return first


def test_of_many_files_the_list_says_how_many_brought_no_badge(maria: Person, badge: Issued) -> None:
    there = _many(maria, badge)
    page = maria.get("/imports").text
    assert f'<a href="{there}">22 files</a>' in page
    assert f"(1 without a badge, {FEW} could not be read)" in page


def test_many_files_are_put_away_together(maria: Person, stranger: Person, badge: Issued) -> None:
    there = _many(maria, badge)
    assert f"{FEW} imports brought no badge." in maria.get("/badges").text
    assert stranger.post(f"{there}/dismiss").status_code == 404
    assert maria.post(f"{there}/dismiss").headers["location"] == "/imports"
    assert "brought no badge" not in maria.get("/badges").text
    assert there not in maria.get("/imports").text
    assert badge.title in maria.get("/badges").text
