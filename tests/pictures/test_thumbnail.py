"""A stranger's picture in, our own clean PNG out."""

import base64
import contextlib
import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from backpack.errors import Damaged, TooComplex, TooLarge, UnknownFormat, Unreadable
from backpack.pictures import decoding, media_type_of, rasterise, thumbnail, vector

RED = (200, 30, 30, 255)


def picture(mode="RGBA", size=(40, 20), colour=None):
    return Image.new(mode, size, colour if colour is not None else RED[: len(mode)])


def saved(image, form="PNG", **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def shown(png):
    """What a browser would see."""
    return Image.open(io.BytesIO(png))


def svg(inside, head='viewBox="0 0 100 100"'):
    namespaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"<svg {namespaces} {head}>{inside}</svg>".encode()


SQUARE = '<rect width="100" height="100" fill="#c81e1e"/>'


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def declared(width, height):
    """A PNG of a few bytes that says it is this large."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")


class TestFormats:
    """What we show."""

    @pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
    def test_every_usual_format_becomes_png(self, form):
        small = shown(thumbnail(saved(picture("RGB"), form)))
        assert (small.format, small.size) == ("PNG", (40, 20))
        assert all(
            abs(is_ - was) < 8 for is_, was in zip(small.convert("RGB").getpixel((9, 9)), RED, strict=False)
        )

    @pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
    def test_every_kind_of_colour_is_read(self, mode):
        colour = {"1": 1, "L": 200, "LA": (200, 255), "P": 0, "I;16": 200 * 256}.get(mode)
        small = shown(thumbnail(saved(picture(mode, colour=colour))))
        assert small.mode == "RGB"
        if mode in ("L", "LA", "I;16"):
            assert small.getpixel((0, 0)) == (200, 200, 200)

    def test_a_jpeg_in_print_colours_is_read(self):
        assert shown(thumbnail(saved(picture("CMYK", colour=(0, 255, 255, 0)), "JPEG"))).mode == "RGB"

    def test_transparency_stays(self):
        assert shown(thumbnail(saved(picture(colour=(0, 0, 0, 0))))).getpixel((0, 0))[3] == 0

    def test_a_large_one_is_scaled_and_never_cropped(self):
        assert shown(thumbnail(saved(picture(size=(2000, 1000))))).size == (512, 256)
        assert shown(thumbnail(saved(picture(size=(2000, 1000))), 100)).size == (100, 50)

    def test_of_a_moving_one_the_first_frame_is_shown(self):
        frames = [picture("RGB", colour="red"), picture("RGB", colour="blue")]
        moving = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
        small = shown(thumbnail(moving))
        assert getattr(small, "n_frames", 1) == 1
        assert small.getpixel((0, 0)) == (255, 0, 0)

    def test_a_photo_is_turned_upright(self):
        exif = Image.Exif()
        exif[0x0112] = 6
        assert shown(thumbnail(saved(picture("RGB"), "JPEG", exif=exif))).size == (20, 40)

    @pytest.mark.parametrize("form", ["BMP", "TIFF", "ICO", "PPM", "PCX"])
    def test_other_formats_are_not_even_tried(self, form):
        with pytest.raises(UnknownFormat):
            thumbnail(saved(picture("RGB"), form))

    @pytest.mark.parametrize("data", [b"", b"x", b"{}", b"\x89PNG\r\n\x1a\n", b"<html>", b"\xff\xd8\xff"])
    def test_what_is_no_picture_is_said_to_be_none(self, data):
        with pytest.raises(Unreadable):
            thumbnail(data)


class TestNothingGoesAlong:
    """Of the original only what can be seen is kept."""

    def test_no_badge_no_words_no_place_and_no_profile(self):
        info = PngImagePlugin.PngInfo()
        info.add_itxt("openbadges", "secret")
        exif = Image.Exif()
        exif[0x8825] = {1: "N"}
        original = saved(picture(), pnginfo=info, exif=exif, icc_profile=b"profile" * 30, dpi=(72, 72))
        small = thumbnail(original)
        assert b"secret" not in small
        assert chunks_of(small) <= {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}

    def test_no_comment_of_a_jpeg(self):
        assert b"secret" not in thumbnail(saved(picture("RGB"), "JPEG", comment=b"secret"))


def chunks_of(png):
    kinds, at = set(), 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kinds.add(png[at + 4 : at + 8])
        at += 12 + length
    return kinds


class TestLimits:
    """Checked before anything is decoded."""

    @pytest.mark.parametrize("size", [(8193, 1), (1, 8193), (4001, 4000), (2**31 - 1, 2**31 - 1)])
    def test_a_picture_with_too_many_pixels_is_refused_with_its_size(self, size):
        with pytest.raises(Unreadable):
            thumbnail(declared(*size))
        if size[0] < 10_000:
            with pytest.raises(TooLarge, match=f"{size[0]} × {size[1]} pixels"):
                decoding.clean_png(declared(*size), 512)

    @pytest.mark.parametrize("size", [(8192, 1), (4000, 4000)])
    def test_just_inside_the_limit_passes(self, size):
        assert max(shown(thumbnail(saved(picture("RGB", size)))).size) == 512

    def test_a_picture_that_breaks_off_is_damaged(self):
        whole = saved(Image.effect_noise((200, 200), 90))
        with pytest.raises(Damaged):
            decoding.clean_png(whole[: len(whole) // 2], 512)
        with pytest.raises(Damaged):
            thumbnail(saved(Image.effect_noise((200, 200), 90), "JPEG")[:5000])


class TestSvg:
    """Drawn, never trusted."""

    def test_it_is_drawn_to_fit(self):
        small = shown(thumbnail(svg(SQUARE)))
        assert (small.size, small.getpixel((5, 5))) == ((512, 512), RED[:3])
        assert shown(rasterise(svg(SQUARE, 'viewBox="0 0 100 300"'), 90)).size == (30, 90)

    def test_its_words_are_drawn(self):
        words = shown(thumbnail(svg('<text x="5" y="50" font-family="Arial" font-size="30">Ohé</text>')))
        assert words.getchannel("A").getbbox() is not None

    @pytest.mark.parametrize(
        "size", ['width="100000" height="100000"', 'viewBox="0 0 1 100000000"', 'width="1e30"']
    )
    def test_the_size_it_claims_does_not_matter(self, size):
        with contextlib.suppress(Damaged):
            assert max(shown(thumbnail(svg(SQUARE, size))).size) <= 512

    def test_a_local_file_it_names_is_not_read(self, tmp_path):
        (tmp_path / "secret.png").write_bytes(saved(picture(size=(100, 100))))
        for name in (f"{tmp_path}/secret.png", f"file://{tmp_path}/secret.png"):
            for key in ("href", "xlink:href"):
                image = f'<image {key}="{name}" width="100" height="100"/>'
                assert shown(vector.drawn(svg(image), 64)).getextrema() == ((0, 0),) * 4

    def test_a_picture_inside_it_is_drawn(self):
        inside = base64.b64encode(saved(picture(size=(10, 10)))).decode()
        image = f'<image href="data:image/png;base64,{inside}" width="100" height="100"/>'
        assert shown(vector.drawn(svg(image), 64)).getpixel((30, 30)) == RED

    def test_another_svg_inside_it_is_not(self):
        inside = base64.b64encode(svg(SQUARE)).decode()
        image = f'<image href="data:image/svg+xml;base64,{inside}" width="100" height="100"/>'
        assert shown(vector.drawn(svg(image), 64)).getextrema() == ((0, 0),) * 4

    def test_what_does_not_belong_in_a_picture_is_left_out(self):
        text = vector._Copy().of(
            svg(
                '<script>alert(1)</script><g onclick="x()"><rect width="9" height="9"/></g>'
                '<foreignObject><b xmlns="http://www.w3.org/1999/xhtml">x</b></foreignObject>'
                '<a xlink:href="https://tracker.test/"><use href="#a"/></a><?xml-stylesheet href="x"?><!-- c -->'
            )
        )
        for gone in ("script", "alert", "onclick", "foreignObject", "tracker", "stylesheet", "<b"):
            assert gone not in text
        assert '<use href="#a">' in text
        assert '<rect width="9" height="9">' in text

    def test_a_drawing_programs_own_entities_are_understood(self):
        doctype = b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "x" "http://x.test/svg.dtd" [<!ENTITY red "#c81e1e">]>'
        square = svg('<rect width="100" height="100" fill="&red;"/>')
        assert shown(thumbnail(doctype + square)).getpixel((5, 5)) == RED[:3]

    def test_entities_that_stand_for_gigabytes_are_refused(self):
        entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
        bomb = f'<!DOCTYPE svg [<!ENTITY e0 "{"x" * 100}">{entities}]>'.encode() + svg("<text>&e9;</text>")
        with pytest.raises((TooComplex, Damaged)):
            vector.drawn(bomb, 64)

    def test_an_entity_that_names_a_file_is_empty(self, tmp_path):
        (tmp_path / "secret").write_text("secret")
        doctype = f'<!DOCTYPE svg [<!ENTITY f SYSTEM "file://{tmp_path}/secret">]>'.encode()
        assert "secret" not in vector._Copy().of(doctype + svg("<text>&f;</text>"))

    @pytest.mark.parametrize(
        ("inside", "problem"),
        [
            ("<g>" * 63 + "</g>" * 63, None),
            ("<g>" * 64 + "</g>" * 64, TooComplex),
            ("<g/>" * 9_999, None),
            ("<g/>" * 10_000, TooComplex),
            ("<text>" + "x" * vector.LARGEST + "</text>", TooLarge),
            ("<g>", Damaged),
            ("\x00", Damaged),
        ],
    )
    def test_its_limits(self, inside, problem):
        if problem is None:
            assert vector._Copy().of(svg(inside))
        else:
            with pytest.raises(problem):
                vector._Copy().of(svg(inside))

    def test_one_that_repeats_itself_for_ever_costs_only_a_worker(self):
        tens = ["".join(f'<use href="#g{n}"/>' for _ in range(10)) for n in range(11)]
        uses = "".join(f'<g id="g{n}">{ten}</g>' for n, ten in enumerate(tens, 1))
        bomb = svg(f'<defs><g id="g0">{SQUARE}</g>{uses}</defs><use href="#g11"/>')
        with contextlib.suppress(Unreadable):
            thumbnail(bomb)
        assert thumbnail(svg(SQUARE))

    def test_a_small_picture_inside_it_that_unpacks_to_gigabytes_costs_only_a_worker(self):
        inside = base64.b64encode(declared(30_000, 30_000)).decode()
        with contextlib.suppress(Unreadable):
            thumbnail(svg(f'<image href="data:image/png;base64,{inside}" width="9" height="9"/>'))
        assert thumbnail(svg(SQUARE))


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (saved(picture()), "image/png"),
        (saved(picture("RGB"), "JPEG"), "image/jpeg"),
        (saved(picture("RGB"), "GIF"), "image/gif"),
        (saved(picture(), "WEBP"), "image/webp"),
        (svg(""), "image/svg+xml"),
        (
            b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- long ' + b"x" * 9000 + b" -->\n" + svg(""),
            "image/svg+xml",
        ),
        (b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">' + svg(""), "image/svg+xml"),
        (b"<svg:svg xmlns:svg='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        (svg("").decode().encode("utf-16"), "image/svg+xml"),
        (b"<html><svg></svg></html>", "application/octet-stream"),
        (b"<!--", "application/octet-stream"),
        (b"<svgx>", "application/octet-stream"),
        (b"{}", "application/octet-stream"),
        (b"", "application/octet-stream"),
        (b"BM" + b"\0" * 60, "application/octet-stream"),
    ],
)
def test_bytes_are_known_by_what_they_begin_with(data, media_type):
    assert media_type_of(data) == media_type
