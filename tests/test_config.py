"""Settings that follow from one another."""

import pytest

from backpack.config import Settings
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
