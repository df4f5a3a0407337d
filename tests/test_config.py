"""Settings that follow from one another."""

from backpack.config import Settings


def test_links_lead_to_where_serve_listens_unless_another_address_is_set() -> None:
    assert Settings(_env_file=None, port=8001).base_url == "http://127.0.0.1:8001"
    at = Settings(_env_file=None, port=8001, base_url="https://badges.example/")
    assert at.base_url == "https://badges.example"
