"""The drawings: whole SVG without anything foreign, and pictures in the formats that badges use."""

import io
import itertools
from xml.etree.ElementTree import fromstring

import pytest
from PIL import Image, ImageChops, ImageStat

from backpack.demo import art
from backpack.demo.art.drawings import DRAWINGS


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_svg_with_a_title_and_nothing_from_elsewhere(name):
    root = fromstring(art.svg(name))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.findtext("{http://www.w3.org/2000/svg}title")
    used = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not used & {"script", "image", "use", "foreignObject", "style", "text", "a"}


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_drawn_the_same_every_time(name):
    assert DRAWINGS[name]() == DRAWINGS[name]()


@pytest.mark.parametrize(("form", "kind"), [("png", "PNG"), ("jpeg", "JPEG"), ("webp", "WEBP")])
def test_a_drawing_comes_in_every_picture_format(form, kind):
    with Image.open(io.BytesIO(art.raster("celadon", form))) as picture:
        assert (picture.format, picture.width) == (kind, art.SIZE)


def test_no_two_drawings_look_alike():
    small = {name: _on_white(art.png(name, 64)) for name in DRAWINGS}
    for one, other in itertools.combinations(small, 2):
        difference = ImageChops.difference(small[one], small[other])
        assert sum(ImageStat.Stat(difference).mean) > 20, (one, other)


def _on_white(png: bytes) -> Image.Image:
    with Image.open(io.BytesIO(png)) as picture:
        ground = Image.new("RGB", (64, 64), "white")
        ground.paste(picture, mask=picture.getchannel("A"))
        return ground
