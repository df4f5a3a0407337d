"""Badges in a PDF: attached, written into its description, linked, or printed on it as a code; hostile ones too."""

import io
import zlib
from contextlib import suppress

import pytest
import segno
from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import DecodedStreamObject, NameObject

from backpack import pictures, workers
from backpack.errors import Damaged, TooComplex
from backpack.sources import Finds, Parcel, paper
from tests.issuing import award, issuer

BADGE = issuer().ob3(award(), carrier="bare").data
SIGNED = issuer().ob3_jwt(award(), carrier="bare").data
MIB = 1024 * 1024
ADDRESS = "https://api.badgr.io/public/assertions/4f5kxWJtRZWc-7BpL0xUHw"


def pdf(*, attached: bytes = b"", info: str = "", xmp: str = "", link: str = "", password: str = "") -> bytes:
    """A certificate of one page."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    if attached:
        writer.add_attachment("badge.json", attached)
    if info:
        writer.add_metadata({"/openbadgecredential": info})
    if xmp:
        stream = DecodedStreamObject()
        stream.set_data(xmp.encode())
        writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)
    if link:
        writer.add_annotation(page, Link(rect=(50, 50, 200, 70), url=link))
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def finds(data: bytes) -> Finds:
    return paper.finds(Parcel(data, "certificate.pdf"))


def test_what_is_attached_to_it_is_found_and_other_attachments_are_not() -> None:
    assert [piece.data for piece in finds(pdf(attached=BADGE)).pieces] == [BADGE]
    assert finds(pdf(attached=b"A,B\n1,2")).pieces == ()


@pytest.mark.parametrize(
    "xmp",
    [
        "<rdf:Description><x:openbadgecredential>{}</x:openbadgecredential></rdf:Description>",
        "<openbadges:assertion xmlns='#'/><ob:openbadges><![CDATA[{}]]></ob:openbadges>",
        '<rdf:Description ob:openbadges="{}"/>',
        '<ob:openbadges verify="{}"/>',
    ],
)
def test_what_its_description_holds_is_found(xmp: str) -> None:
    assert [piece.data for piece in finds(pdf(xmp=xmp.format(SIGNED.decode()))).pieces] == [SIGNED]


def test_old_style_descriptions_count_too_whether_badge_or_address() -> None:
    assert [piece.data for piece in finds(pdf(info=BADGE.decode())).pieces] == [BADGE]
    assert finds(pdf(info=f"{ADDRESS}?identity__email=m@x.example")).links == (ADDRESS,)


def test_links_on_its_pages_that_may_lead_to_a_badge_are_found() -> None:
    assert finds(pdf(link=ADDRESS)).links == (ADDRESS,)
    assert finds(pdf(link="https://montalvo.example/imprint")).links == ()


def test_a_locked_one_says_so_and_one_without_a_password_is_read() -> None:
    with pytest.raises(Damaged, match="password"):
        finds(pdf(attached=BADGE, password="sesame"))


def bomb() -> bytes:
    """A description that inflates to two gigabytes, compressed twice."""
    packed = zlib.compress(b"\0" * 64_000_000)
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    stream = DecodedStreamObject()
    stream.set_data(packed * 32)
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def looped() -> bytes:
    """Pages whose tree is its own child."""
    objects = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]/Count 9>>endobj"
    return b"%PDF-1.4\n" + objects + b" trailer<</Root 1 0 R>>"


def vast() -> bytes:
    """A page as wide as a country, and a deep nest of arrays on it."""
    writer = PdfWriter()
    writer.add_blank_page(2_000_000_000, 2_000_000_000)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue().replace(b"/Contents", b"/Kontents") + b"[" * 200_000


@pytest.mark.parametrize("made", [bomb, looped, vast])
@pytest.mark.parametrize(
    ("work", "args"),
    [("backpack.services.opening:found_by", ("paper",)), ("backpack.pictures.codes:texts", ())],
)
def test_hostile_ones_end_within_their_means_with_nothing_or_a_sentence(made, work: str, args) -> None:
    with suppress(Damaged, TooComplex):
        found = workers.run(work, *args, made(), *("x.pdf" for _ in args), seconds=4, memory=256 * MIB)
        assert found in (Finds(), [])


def with_code(says: str, kind: str) -> bytes:
    out = io.BytesIO()
    segno.make(says, micro=False).save(out, kind=kind, scale=4, border=4)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["png", "pdf"])
def test_codes_on_pictures_and_pages_are_read(kind: str) -> None:
    assert pictures.codes(with_code(ADDRESS, kind)) == [ADDRESS]


def test_a_picture_without_a_code_says_nothing() -> None:
    assert pictures.codes(issuer().ob3(award()).data) == []
