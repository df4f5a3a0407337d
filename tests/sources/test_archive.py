"""Archives: taken apart in portions, under limits, and nothing in them is believed."""

import io
import tracemalloc
import zipfile

import pytest

from backpack.errors import Damaged, NothingInside, TooLarge
from backpack.sources import _zip as zips
from backpack.sources import archive
from tests.archives import mail, mbox, patched, with_link, zipped

LOCKED, PACKING = 8, 10


def taken(data: bytes) -> list[archive.Taken]:
    """Everything in an archive, portion by portion."""
    found, place, parts = [], 0, 1
    while place < parts:
        portion = archive.portion(io.BytesIO(data), place)
        place, parts = portion.place, portion.parts
        found += portion.files
    return found


def codes(data: bytes) -> list[str]:
    return [one.code for one in taken(data)]


def test_it_is_known_by_its_bytes_and_not_by_its_name() -> None:
    assert archive.is_archive(zipped({"a.png": b"x"}))
    assert archive.is_archive(mbox(mail("One"), mail("Two")))
    assert not archive.is_archive(mbox(mail("Alone")))
    assert not archive.is_archive(b"\x89PNG\r\n\x1a\n" + zipped({"a.png": b"x"}))


def test_every_file_comes_out_once_in_portions() -> None:
    files = {f"{number}.json": b"%d" % number for number in range(250)}
    assert len(archive.portion(io.BytesIO(zipped(files)), 0).files) == archive.PORTION
    assert [(one.name, one.data) for one in taken(zipped(files))] == list(files.items())


def test_of_a_verification_bundle_only_its_badge_is_taken() -> None:
    beside = ("README.txt", "bundle.json", "report.json", "documents/index.json", "documents/ab12")
    data = zipped({**dict.fromkeys(beside, b"{}"), "badge.png": b"x"})
    assert [one.name for one in taken(data)] == ["badge.png"]


def test_a_portion_is_small_however_large_the_files_are() -> None:
    files = {f"{number}.png": bytes([number]) * 7 * zips.MIB for number in range(8)}
    data = zipped(files, zipfile.ZIP_STORED)
    assert [one.name for one in archive.portion(io.BytesIO(data), 0).files] == [
        "0.png",
        "1.png",
        "2.png",
        "3.png",
    ]


def test_what_machines_leave_behind_is_left_out() -> None:
    litter = ("__MACOSX/._a.png", ".DS_Store", "folder/.hidden", "Thumbs.db", "folder/", "a/desktop.ini")
    assert [one.name for one in taken(zipped({**dict.fromkeys(litter, b"x"), "a/b.png": b"y"}))] == [
        "a/b.png"
    ]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "C:\\a.png", "\\\\host\\a.png", "a\\..\\..\\b"]
)
def test_a_name_that_leads_out_of_the_archive_is_refused(name: str) -> None:
    assert codes(zipped({name: b"x", "good.png": b"y"})) == ["damaged", ""]


def test_a_link_is_refused() -> None:
    assert codes(with_link("a.png", "/etc/passwd")) == ["damaged"]


def test_a_locked_file_and_an_odd_packing_are_refused() -> None:
    data = zipped({"a.png": b"x" * 100})
    assert codes(patched(data, LOCKED, b"\1\0")) == ["unknown_format"]
    assert codes(patched(data, PACKING, b"\x0c\0")) == ["unknown_format"]
    assert "password" in taken(patched(data, LOCKED, b"\1\0"))[0].says


def test_a_file_that_inflates_a_hundredfold_is_refused_without_being_inflated() -> None:
    data = zipped({"bomb.png": bytes(80 * zips.MIB), "good.png": b"x"})
    tracemalloc.start()
    found = taken(data)
    assert tracemalloc.get_traced_memory()[1] < 30 * zips.MIB
    tracemalloc.stop()
    assert [one.code for one in found] == ["too_large", ""]


def test_an_archive_that_would_inflate_beyond_everything_is_refused() -> None:
    data = zipped({"a": b"x"})
    with pytest.raises(TooLarge):
        archive.portion(io.BytesIO(patched(data, 24, (600 * zips.MIB).to_bytes(4, "little"))), 0)


def test_a_size_that_lies_brings_no_more_than_it_says() -> None:
    data = patched(zipped({"a.png": b"x" * 5000}), 24, (10).to_bytes(4, "little"))
    assert [(one.code, one.data) for one in taken(data)] == [("damaged", b"")]


def test_an_archive_with_endless_entries_is_refused() -> None:
    with pytest.raises(TooLarge):
        archive.portion(io.BytesIO(zipped({f"{number}": b"" for number in range(5_001)})), 0)


def test_a_file_larger_than_a_badge_is_refused_and_a_mail_may_be_larger() -> None:
    noise = bytes(range(256)) * 4096 * 10
    large = zipped({"film.mp4": noise, "award.eml": mail("Award") + noise}, zipfile.ZIP_STORED)
    assert codes(large) == ["too_large", ""]


@pytest.mark.parametrize(
    "data", [b"PK\3\4 and nothing more", zipped({"a": b"x"})[:-30]], ids=["a head alone", "cut short"]
)
def test_a_damaged_archive_is_said_to_be(data: bytes) -> None:
    with pytest.raises(Damaged):
        archive.portion(io.BytesIO(data), 0)


def test_a_damaged_file_does_not_stop_the_others() -> None:
    data = bytearray(zipped({"a.png": b"first", "b.png": b"second"}, zipfile.ZIP_STORED))
    data[data.index(b"first")] ^= 1
    assert codes(bytes(data)) == ["damaged", ""]


def test_an_empty_archive_has_no_file() -> None:
    with pytest.raises(NothingInside):
        archive.portion(io.BytesIO(zipped({".DS_Store": b"x"})), 0)


def test_a_name_cannot_steer_a_terminal_or_a_page() -> None:
    assert taken(zipped({"a\x1b[2J\u202egnp.png": b"x"}))[0].name == "a[2Jgnp.png"


def test_a_mailbox_is_split_into_its_mails_as_they_were_sent() -> None:
    mails = [mail("One", "From here on.\n>From there on."), mail("Two"), mail("Three", attached=b"x")]
    found = taken(mbox(*mails))
    assert [one.data.rstrip() for one in found] == [one.rstrip() for one in mails]
    assert [one.name for one in found] == ["Mail 1", "Mail 2", "Mail 3"]


def test_words_that_only_begin_like_a_separator_split_nothing() -> None:
    unquoted = b"From x Mon May  4 12:00:00 2026\nSubject: One\n\nHi\n\nFrom 2026 on\nall is well.\n\n"
    assert len(taken(unquoted + mbox(mail("Two")))) == 2


def test_a_mailbox_with_endless_mails_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backpack.sources._mbox.MOST_MAILS", 2)
    with pytest.raises(TooLarge):
        archive.portion(io.BytesIO(mbox(mail("1"), mail("2"), mail("3"))), 0)
