"""Texts of strangers on pages of ours."""

import pytest

from web import texts


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://evil.example/pixel.png)",
        "[x](javascript:alert(1))",
        "[x](//evil.example)",
        "[x](data:text/html,x)",
        "<a href='https://x.example' onclick=x>y</a>",
        "[x](<java\nscript:alert(1)>)",
    ],
)
def test_markdown_brings_nothing_dangerous(evil: str) -> None:
    made = texts.markdown(evil)
    for bad in (
        "<script",
        "<img",
        'href="javascript',
        'href="//',
        'href="data',
        "<a href='",
        "onclick=x>y</a>",
    ):
        assert bad not in made


def test_markdown_keeps_what_helps_reading() -> None:
    made = texts.markdown("# Title\n\n**bold** and [link](https://x.example)\n\n- one")
    assert "<p><strong>Title</strong></p>" in made
    assert "<strong>bold</strong>" in made
    assert 'href="https://x.example"' in made
    assert 'rel="nofollow ugc noopener noreferrer"' in made
    assert "<li>one</li>" in made


def test_characters_that_cannot_be_seen_are_left_out() -> None:
    assert texts.plain("pay\u202epal\u200b\u061c") == "paypal"


def test_no_letter_towers_over_the_lines_around_it() -> None:
    assert texts.plain(f"M{chr(0x316) * 60}Sc") == f"M{chr(0x316) * 4}Sc"


@pytest.mark.parametrize("text", ["Licença", "ướt", "בְּרֵאשִׁ֖ית", "مُحَمَّدٌ", "ผู้เชี่ยวชาญ", "မြွှေ့", "བསྒྲུབས", "खि़ज़्र"])
def test_every_script_keeps_its_marks(text: str) -> None:
    assert texts.plain(text) == text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("https://www.uc.example/check", "https://www.uc.example/check (evil.example)"),
        ("Check at uc.example", "Check at uc.example (evil.example)"),
        ("u\u0441.example", "u\u0441.example (evil.example)"),
        ("evil.example/x", "evil.example/x"),
        ("example", "example"),
        ("Release notes, v1.2", "Release notes, v1.2"),
    ],
)
def test_a_link_that_reads_like_another_address_says_where_it_leads(name: str, shown: str) -> None:
    address = "https://evil.example/x"
    for made in (texts.out(address, name), texts.tag(name, address), texts.markdown(f"[{name}]({address})")):
        assert made.striptags() == shown


@pytest.mark.parametrize(
    "address",
    [
        "https://uc.example@evil.example/",
        "javascript:x",
        "//x.example",
        "/x",
        "x",
        "",
        None,
        "http://",
        "https://[",
        "ftp://x",
    ],
)
def test_only_absolute_web_addresses_may_be_followed(address: str | None) -> None:
    assert texts.safe_link(address) == ""


def test_addresses_in_our_messages_become_links() -> None:
    assert texts.linked("See https://x.example/a?b=1&c <now>") == (
        'See <a href="https://x.example/a?b=1&amp;c">https://x.example/a?b=1&amp;c</a> &lt;now&gt;'
    )


def test_keys_and_hashes_stand_in_even_type() -> None:
    assert "code" in texts.proven("did:web:montalvo.example#2026-a")
    assert "code" not in texts.proven("The badge itself, of 14 March 2026")


@pytest.mark.parametrize(
    ("agent", "says"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        ("curl/8", "A browser"),
    ],
)
def test_a_browser_is_told_by_its_everyday_name(agent: str, says: str) -> None:
    assert texts.browser(agent) == says
