"""The picture beside a shared link: the verdict in shape, colour and words, the title whole, all in its place."""

import io
import itertools
import re
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from backpack import pictures
from backpack.pictures import lettering, preview
from backpack.pictures.lettering import Style

STATIC = Path(__file__).parents[2] / "web" / "static"
VERDICTS = [
    "verified", "expired", "unconfirmed", "not_yet_valid", "wrong_recipient", "revoked", "suspended", "invalid",
    "not_a_badge",
]  # fmt: skip
BODY = (0, preview._BAND, preview.WIDTH, preview.HEIGHT - preview._FOOT)
BOLD = Style(True, 48, 600, 56)


def drawn(title="Data Stewardship, Level 2", verdict="verified", words="Verified", **more):
    told = {
        "issuer": "Universidade de Montalvo",
        "date": "Checked 21 November 2026",
        "site": "backpack.test",
    } | more
    png = pictures.card(title=title, verdict=verdict, words=words, **told)
    return Image.open(io.BytesIO(png)).convert("RGB")


def art(colour="#ff00ff"):
    out = io.BytesIO()
    Image.new("RGBA", (300, 300), colour).save(out, "PNG")
    return out.getvalue()


def ink(image, box, ground=preview.PAPER):
    """The box around everything that is drawn inside another box."""
    part = image.crop(box)
    found = ImageChops.difference(part, Image.new("RGB", part.size, ground)).getbbox()
    return found and (found[0] + box[0], found[1] + box[1], found[2] + box[0], found[3] + box[1])


def has(image, box, colour):
    """Whether a colour is found inside a box."""
    return image.crop(box).getcolors(1 << 24) and colour in {c for _, c in image.crop(box).getcolors(1 << 24)}


def rgb(colour):
    return tuple(int(colour[n : n + 2], 16) for n in (1, 3, 5))


class TestVerdict:
    """The verdict is known at a glance, without colour too."""

    @pytest.mark.parametrize("verdict", VERDICTS)
    def test_the_band_wears_the_verdicts_tint_and_its_words_the_tone(self, verdict):
        tone, tint = preview._TONES[verdict]
        image = drawn(verdict=verdict)
        assert image.getpixel((3, 3)) == rgb(tint)
        words = (preview._COLUMN, 0, preview.WIDTH, preview._BAND)
        assert has(image, words, rgb(tone))

    def test_every_verdict_but_two_ways_of_not_valid_has_a_shape_of_its_own(self):
        seals = {
            v: preview._symbol(f"seal-{preview._SEALS.get(v, v)}", 100, "#000000", "#ffffff")
            for v in VERDICTS
        }
        shapes = {verdict: seal.getchannel("A").tobytes() + seal.tobytes() for verdict, seal in seals.items()}
        alike = [{a, b} for a, b in itertools.combinations(VERDICTS, 2) if shapes[a] == shapes[b]]
        stop = ["revoked", "invalid", "not_a_badge"]
        assert alike == [set(pair) for pair in itertools.combinations(stop, 2)]

    def test_a_badge_still_being_checked_is_neither_green_nor_red(self):
        image = drawn(verdict="", words="Being checked")
        assert image.getpixel((3, 3)) == rgb(preview._PLAIN[1])
        assert ink(image, (preview._MARGIN, 0, preview._COLUMN - 10, preview._BAND), preview._PLAIN[1])

    def test_long_words_stay_in_the_band(self):
        image = drawn(
            verdict="unconfirmed",
            words="Could not be confirmed today: " + "very." * 30 + "example did not answer",
        )
        _, tint = preview._TONES["unconfirmed"]
        _, top, right, bottom = ink(image, (0, 0, preview.WIDTH, preview._BAND), tint)
        assert top > 4
        assert bottom < preview._BAND - 4
        assert right <= preview.WIDTH - preview._MARGIN + 2

    def test_seals_and_colours_are_those_of_the_pages(self):
        ours = (Path(preview.__file__).parent / "seals.svg").read_text()
        theirs = (STATIC / "icons.svg").read_text()
        symbols = re.findall(r"<symbol id=.*?</symbol>", ours, re.DOTALL)
        assert len(symbols) == 10
        assert [symbol for symbol in symbols if symbol not in theirs] == []
        tokens = dict(re.findall(r"--([\w-]+):\s+light-dark\((#\w{6})", (STATIC / "tokens.css").read_text()))
        assert tuple(tokens[name] for name in ("paper", "ink", "quiet", "line", "accent")) == (
            preview.PAPER,
            preview.INK,
            preview.QUIET,
            preview.LINE,
            preview.ACCENT,
        )
        for pair, name in (
            (preview._VERIFIED, "verified"),
            (preview._CAUTION, "caution"),
            (preview._ALARM, "alarm"),
        ):
            assert pair == (tokens[name], tokens[f"{name}-tint"])


class TestLayout:
    """Everything has its place, whatever it is."""

    def test_it_has_the_size_that_social_sites_want_and_nothing_hidden_in_it(self):
        png = pictures.card(title="x", issuer="y", verdict="verified", words="Verified")
        assert Image.open(io.BytesIO(png)).size == (1200, 630)
        assert Image.open(io.BytesIO(png)).info == {}

    def test_the_same_badge_gives_the_same_card(self):
        assert drawn().tobytes() == drawn().tobytes()

    def test_the_picture_stands_whole_on_a_white_plate(self):
        image = drawn(picture=art())
        left, top, right, bottom = ink(
            image, (preview._MARGIN, *BODY[1:2], preview._MARGIN + preview._PLATE, BODY[3])
        )
        assert (right - left, bottom - top) == (preview._PLATE, preview._PLATE)
        assert has(image, (left, top, right, bottom), (255, 0, 255))
        assert image.getpixel((left + 12, top + preview._PLATE // 2)) == (255, 255, 255)

    def test_a_badge_without_a_picture_has_an_empty_plate_with_our_mark(self):
        assert has(
            drawn(), (preview._MARGIN, BODY[1], preview._MARGIN + preview._PLATE, BODY[3]), rgb(preview.LINE)
        )

    @pytest.mark.parametrize(
        "title",
        [
            "First Aid",
            "Certificate of Completion " * 12,
            "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2,
            "W" * 300,
            "i" * 300,
            "é̂̃̄" * 150,
        ],
    )
    def test_no_title_leaves_its_column(self, title):
        image = drawn(title=title, issuer="Ministry of Education, " * 9)
        assert ink(image, (preview._COLUMN - 12, *BODY[1:]))[2] <= preview.WIDTH - preview._MARGIN + 2
        assert (
            ink(image, (preview._MARGIN + preview._PLATE + 2, BODY[1], preview._COLUMN - 6, BODY[3])) is None
        )
        assert ink(image, (0, BODY[3] - 6, preview.WIDTH, BODY[3])) is None

    def test_a_title_read_from_the_right_turns_the_card_around(self):
        image = drawn(title="إدارة بيانات البحث", issuer="جامعة مونتالفو", picture=art())
        assert not has(image, (0, BODY[1], preview.WIDTH // 2, BODY[3]), (255, 0, 255))
        assert (
            ink(
                image,
                (
                    preview.WIDTH - preview._COLUMN + 4,
                    BODY[1],
                    preview.WIDTH - preview._MARGIN - preview._PLATE - 4,
                    BODY[3],
                ),
            )
            is None
        )
        assert has(
            image,
            (preview.WIDTH - preview._MARGIN - preview._PLATE, BODY[1], preview.WIDTH, BODY[3]),
            (255, 0, 255),
        )

    def test_a_title_that_no_font_draws_is_left_out_and_the_picture_takes_the_middle(self):
        image = drawn(title="\U00012000\U00012001\U00012002", issuer="", picture=art())
        left, _, right, _ = ink(image, BODY)
        assert (left, right) == ((preview.WIDTH - preview._PLATE) // 2, (preview.WIDTH + preview._PLATE) // 2)

    def test_a_card_with_nothing_to_say_is_still_a_card(self):
        assert drawn(title="", issuer="", words="", date="", site="").size == (1200, 630)


class TestLettering:
    """Words in every script."""

    @pytest.mark.parametrize(
        "text",
        [
            "Français, Español, Türkçe, Việt, Polskie znaki ąęśź", "Українська мова", "Ελληνικά", "إدارة بيانات البحث",
            "ניהול נתונים", "فارسی می‌خواهم", "हिन्दी", "বাংলা", "ਪੰਜਾਬੀ", "ગુજરાતી", "தமிழ்", "తెలుగు", "ಕನ್ನಡ", "മലയാളം",
            "සිංහල", "ภาษาไทย", "ລາວ", "မြန်မာ", "ქართული", "አማርኛ", "ខ្មែរ", "Հայերեն", "C++ & R: 100 %", "🏅",
        ],
    )  # fmt: skip
    def test_a_title_in_any_of_these_is_drawn_whole(self, text):
        assert lettering.drawable(lettering.tidy(text), BOLD) == lettering.tidy(text)
        assert lettering.width_of(text, BOLD) > 0

    def test_what_no_font_has_is_left_out(self):
        assert lettering.drawable("Level \U00012000 2", BOLD) == "Level 2"

    @pytest.mark.parametrize(
        ("text", "tidied"),
        [
            ("  a\n\tb\u00a0c  ", "a b c"),
            ("\u202egnp.exe\u202c", "gnp.exe"),
            ("a\u200bb\x00c\x1b[31m", "abc[31m"),
            ("می\u200cخواهم", "می\u200cخواهم"),
            ("x" * 999, "x" * 300),
            ("z" + "\u0301" * 99, "ź\u0301\u0301\u0301"),
        ],
    )
    def test_text_is_tidied(self, text, tidied):
        assert lettering.tidy(text) == tidied

    def test_lines_are_of_about_the_same_length(self):
        lines = lettering.lines_of(
            "Accessible Documents for Teaching and Public Administration", BOLD, 700, 4
        )
        widths = [lettering.width_of(line, BOLD) for line in lines]
        assert max(widths) <= 700
        assert min(widths) > 0.6 * max(widths)

    def test_what_is_too_long_ends_in_an_ellipsis(self):
        lines = lettering.lines_of("word " * 60, BOLD, 400, 3)
        assert len(lines) == 3
        assert lines[-1].endswith("word…")
        assert lettering.width_of(lines[-1], BOLD) <= 400

    def test_the_space_between_two_scripts_stands_between_them(self):
        runs = [run.text for run in lettering.runs_of("دورة Python للبحث", BOLD)]
        assert runs == ["دورة", " ", "Python", " ", "للبحث"]

    def test_direction_is_that_of_the_first_letter(self):
        assert lettering.reads_rtl("2026 إدارة")
        assert not lettering.reads_rtl("Python للبحث")
        assert not lettering.reads_rtl("123")
