"""Settings that follow from one another."""

import pytest

from backpack.config import SHAPES, Settings
from backpack.errors import Misconfigured


def test_links_lead_to_where_serve_listens_unless_another_address_is_set() -> None:
    assert Settings(_env_file=None, port=8001).base_url == "http://127.0.0.1:8001"
    at = Settings(_env_file=None, port=8001, base_url="https://badges.example/")
    assert at.base_url == "https://badges.example"


def test_a_setting_that_is_left_empty_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "BASE_URL", "IMAP_MINUTES", "VC_API_BINDING"):
        monkeypatch.setenv(f"BACKPACK_{name}", "")
    assert Settings(_env_file=None) == Settings(_env_file=None, port=8000)


def test_what_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKPACK_SMTP_TLS_REQUIRED", "perhaps")
    with pytest.raises(Misconfigured, match="BACKPACK_SMTP_TLS_REQUIRED is not usable: input should be"):
        Settings(_env_file=None)


@pytest.mark.parametrize(
    ("name", "values"),
    {
        "base_url": [
            "https://badges.example/backpack",
            "https://badges.example/?a",
            "https://a@badges.example",
        ],
        "mail_url": ["mail.example", "smtp://", "smtp://u:a#b@mail.example:587", "smtp://mail.example:smtp"],
        "mail_from": ["Backpack <badges@example.org>", "badges", "@example.org"],
        "inbox_domain": ["https://in.example.org", "in.example.org:25", "@in.example.org", "192.0.2.7"],
        "ses_topic": ["award-mails", "arn:aws:s3:::award-mails"],
        "proxies": ["nginx", "172.16.0.1/12", "10.0.0.300", "*, 10.0.0.1", "10.0.0.7 10.0.0.8"],
        "fetch_allow": ["http://intranet.example", "intranet.example:8080", "*.example", "10.0.0.300"],
    }.items(),
)
def test_what_would_be_noticed_only_when_it_is_used_is_refused_at_once(name: str, values: list[str]) -> None:
    for value in values:
        with pytest.raises(
            Misconfigured, match=f"BACKPACK_{name.upper()} is not usable: it should look like"
        ):
            Settings(_env_file=None, **{name: value})


@pytest.mark.parametrize(
    ("name", "values"),
    {
        "mail_url": [
            "smtp://u%40mail:a%23b@mail.example:587",
            "smtps://mail.example",
            "smtp://[::1]?starttls",
        ],
        "mail_from": ["badges@example.org", "badges+all@localhost"],
        "inbox_domain": ["localhost", "in.b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher.example"],
        "ses_topic": ["arn:aws-cn:sns:cn-north-1:123456789012:award_mails-1"],
        "proxies": ["*", "10.0.0.7, 172.16.0.0/12,", "::1"],
        "fetch_allow": ["intranet, 10.0.0.0/8 [::1]", "10.0.0.5/8"],
    }.items(),
)
def test_what_works_is_taken_as_it_is(name: str, values: list[str]) -> None:
    for value in values:
        assert getattr(Settings(_env_file=None, **{name: value}), name) == value


def test_an_address_is_known_as_browsers_write_it() -> None:
    assert (
        Settings(_env_file=None, base_url="https://Badges.Example:443/").base_url == "https://badges.example"
    )


def test_every_example_would_be_taken() -> None:
    for name, (fits, example) in SHAPES.items():
        assert fits(example.partition(", with")[0]), name
