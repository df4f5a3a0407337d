"""Where badges are shared to: every address opens with everything filled in, and nothing else."""

from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backpack.targets import TARGETS, Shareable

BADGE = Shareable(
    kind="badge",
    url="https://backpack.example/b/7Kq2mX9w",
    title="Data & Stewardship, Level 2",
    text="I earned a badge: Data & Stewardship, Level 2",
    picture_url="https://backpack.example/b/7Kq2mX9w/card.png",
    issuer_name="Universidade de Montalvo",
    issued_at=datetime(2026, 3, 14, 9, tzinfo=UTC),
    expires_at=datetime(2029, 12, 31, 23, 59, tzinfo=UTC),
    credential_id="7Kq2mX9w",
)


def query(target: str, share: Shareable = BADGE) -> dict[str, str]:
    values = parse_qs(urlsplit(TARGETS[target].address(share)).query, keep_blank_values=True)
    return {name: value for name, [value] in values.items()}


def but(**facts: object) -> Shareable:
    from dataclasses import replace

    return replace(BADGE, **facts)


def test_linkedin_gets_every_field_of_the_certification_form() -> None:
    assert query("linkedin_profile") == {
        "startTask": "CERTIFICATION_NAME",
        "name": "Data & Stewardship, Level 2",
        "organizationName": "Universidade de Montalvo",
        "issueYear": "2026",
        "issueMonth": "3",
        "expirationYear": "2029",
        "expirationMonth": "12",
        "certUrl": "https://backpack.example/b/7Kq2mX9w",
        "certId": "7Kq2mX9w",
    }


def test_linkedin_gets_no_end_when_the_badge_has_none() -> None:
    assert not {"expirationYear", "expirationMonth"} & set(query("linkedin_profile", but(expires_at=None)))


def test_linkedin_gets_the_number_of_the_issuers_page_instead_of_its_name() -> None:
    asked = query("linkedin_profile", but(issuer_linkedin_id="206815"))
    assert asked["organizationId"] == "206815"
    assert "organizationName" not in asked


def test_months_are_of_utc_wherever_the_issuer_sat() -> None:
    just_after_midnight = datetime(2026, 3, 1, 0, 30, tzinfo=timezone(timedelta(hours=2)))
    assert query("linkedin_profile", but(issued_at=just_after_midnight))["issueMonth"] == "2"


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_carries_the_public_page(target: str) -> None:
    assert "https%3A%2F%2Fbackpack.example%2Fb%2F7Kq2mX9w" in TARGETS[target].address(BADGE)


@given(st.text(min_size=1, max_size=80), st.sampled_from(sorted(TARGETS)))
def test_no_title_breaks_out_of_its_place(title: str, target: str) -> None:
    title = title.encode("utf-8", "ignore").decode()
    address = TARGETS[target].address(but(title=title, text=title))
    assert address.isascii()
    assert not set(address) & set(" \"'<>\r\n\\")
    plain = TARGETS[target].address(but(title="x", text="x"))
    assert address.count("&") <= plain.count("&") and address.count("#") == 0
