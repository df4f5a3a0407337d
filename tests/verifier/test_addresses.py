"""Addresses are compared by their parts."""

import pytest

from backpack.verifier.addresses import (
    authority,
    begins_with,
    host,
    is_uri,
    is_web_address,
    led_away,
    moved,
    origin,
    same_host,
)


@pytest.mark.parametrize(
    ("url", "prefix", "under"),
    [
        ("https://good.example/a/1", "https://good.example/a", True),
        ("https://good.example/a/1", "https://good.example", True),
        ("https://good.example", "https://good.example/", True),
        ("https://good.example.evil.example/a", "https://good.example", False),
        ("https://good.example@evil.example/a", "https://good.example", False),
        ("http://good.example/a", "https://good.example/", False),
        ("https://good.example:8443/a", "https://good.example/", False),
        ("https://GOOD.example/a", "https://good.example:443/", True),
        ("https://good.example/a?id=1", "https://good.example/a?id=", True),
        ("https://good.example/b", "https://good.example/a", False),
        ("https://good.example/a/../b", "https://good.example/a", False),
        ("https://good.example/a/%2E%2e/b", "https://good.example/a", False),
        ("https://good.example/a/..b", "https://good.example/a", True),
        ("https://good.example/a/%2e%2e/b", "https://good.example/a", False),
        ("https://good.example/a/%252e%252e/b", "https://good.example/a", False),
        ("https://good.example/a/..%5cb", "https://good.example/a", False),
        ("https://good.example/a/..;/b", "https://good.example/a", False),
        ("urn:uuid:1", "https://good.example/", False),
        ("https://good.example/a", "good.example", False),
    ],
)
def test_a_prefix_takes_the_whole_host(url, prefix, under):
    assert begins_with(url, prefix) is under


@pytest.mark.parametrize(
    ("text", "web", "uri"),
    [
        ("https://a.example", True, True),
        ("https://a.example/ b", False, False),
        ("https ://a.example", False, False),
        ("https://user@a.example/", False, False),
        ("https://a.example:99999/", False, False),
        ("https://[2001:db8::1]/x", True, True),
        ("did:web:a.example", False, True),
        ("urn:uuid:52e4c6b3-8c13-4fa8-8482-a5cf34ef37a9", False, True),
        ("mailto:a@b.example", False, True),
        ("urn:", False, False),
        ("not-an-address", False, False),
        ("", False, False),
        (None, False, False),
        (["https://a.example"], False, False),
    ],
)
def test_what_an_address_is(text, web, uri):
    assert (is_web_address(text), is_uri(text)) == (web, uri)


def test_the_scheme_s_own_port_goes_without_saying():
    assert authority("https://A.example:443/x") == "a.example"
    assert authority("http://a.example:443/x") == "a.example:443"
    assert origin("HTTPS://a.example/x") == "https://a.example"
    assert (authority("urn:x"), origin("urn:x")) == (None, None)


def test_http_and_https_of_one_host_are_one_site():
    assert same_host("http://a.example/1", "https://a.example/2")
    assert not same_host("https://a.example/1", "https://b.example/1")
    assert not same_host("urn:x", "urn:x")


def test_a_move_keeps_the_path():
    assert moved("https://old.example/b/1", "https://new.example/b/1")
    assert not moved("https://old.example/go?to=x", "https://new.example/go")
    assert not moved("https://old.example/b/1", "https://new.example/b/2")
    assert not moved("urn:x", "urn:x")


@pytest.mark.parametrize(
    ("asked", "final", "host"),
    [
        ("https://good.example/b/1", None, None),
        ("http://good.example/b/1", "https://good.example/elsewhere", None),
        ("https://good.example/b/1", "https://www.good.example/b/1", None),
        ("https://good.example/.well-known/jwks.json", "https://keys.example/good", None),
        ("https://good.example/out?to=x", "https://evil.example/out", "evil.example"),
        ("https://good.example/.well-known/../out?to=x", "https://evil.example/out", "evil.example"),
        ("https://good.example/.well-known/%2E%2e/out?to=x", "https://evil.example/out", "evil.example"),
        ("https://good.example/out/evil", "https://evil.example/", "evil.example"),
        ("https://good.example/out?to=x", "https://evil.example/a|b?c={d}^`", "evil.example"),
        ("https://good.example/b/1", "https://good.example/a|b", None),
        ("https://good.example/b/1", "https://evil.example/\ud800", "evil.example"),
        ("https://g\u00f6\u00f6d.example/b", "https://g\u00f6\u00f6d.example/new/b", None),
        ("https://good.example/caf\u00e9/1", "https://www.good.example/caf\u00e9/1", None),
        ("https://good.example/b/1", "https://evil.example/caf\u00e9 {1}", "evil.example"),
        (
            "https://good.example/b/1",
            "https://good.example\\@evil.example/",
            "https://good.example%5C@evil.example/",
        ),
        (
            "https://good.example/b/1",
            "https://good.example@evil.example/",
            "https://good.example@evil.example/",
        ),
        ("urn:x", "https://evil.example/", "evil.example"),
    ],
)
def test_an_address_that_leads_on_is_not_the_site_s_own_word(asked, final, host):
    assert led_away(asked, final) == host


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://UC.example:8443/x", "uc.example"),
        ("https://uni-gie\u00dfen.example/", "xn--uni-gieen-m1a.example"),
        ("https://u\u0441.example/", "xn--u-7tb.example"),
        ("https://uc.example\u3002evil.example/", "uc.example.evil.example"),
        ("https://uc.example@evil.example/", None),
        ("https://\ud800.example/", "xn--ib9b.example"),
    ],
)
def test_a_host_is_told_in_the_letters_in_which_it_is_asked_for(url, name):
    assert host(url) == name
    assert name is None or same_host(url, f"https://{name}:8443/" if ":8443" in url else f"https://{name}/")
