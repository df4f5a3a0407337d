"""Every share target opens with the right fields filled in."""

from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from backpack.targets import TARGETS, Shareable, mastodon

URL = "https://backpack.test/b/7Kq2mX9w"
WILD = "Données & “Stewardship” #2: 100% +1=?/… 数据 <b>"

SHARE = Shareable(
    url=URL,
    title=WILD,
    text=f"I earned a badge: {WILD}",
    issuer_name="Universidade & Co.",
    issued_at=datetime(2026, 3, 14, tzinfo=UTC),
    expires_at=datetime(2029, 3, 14, tzinfo=UTC),
    credential_id="7Kq2mX9w",
    picture_url=f"{URL}/card.png",
)


def parts(name, share=SHARE):
    """An address as (what stands before the question mark, the decoded fields)."""
    address = urlsplit(TARGETS[name].address(share))
    fields = parse_qsl(address.query, keep_blank_values=True, strict_parsing=True)
    assert len(dict(fields)) == len(fields)
    return f"{address.scheme}://{address.netloc}{address.path}", dict(fields)


def test_the_targets_are_those_the_json_api_promises():
    assert set(TARGETS) == {
        "linkedin_profile", "linkedin_post", "facebook", "x", "bluesky", "mastodon", "threads", "reddit",
        "whatsapp", "telegram", "pinterest", "email",
    }  # fmt: skip
    assert all(target.LABEL and target.ICON for target in TARGETS.values())


@pytest.mark.parametrize("name", TARGETS)
def test_every_value_is_percent_encoded(name):
    address = TARGETS[name].address(SHARE)
    assert address.isascii()
    assert not set(" +\"<>#'") & set(address)
    assert address.count("?") == 1


@pytest.mark.parametrize("name", TARGETS)
def test_every_target_carries_the_link(name):
    assert any(URL in value for value in parts(name)[1].values())


class TestLinkedInProfile:
    """Add to profile, every field."""

    def test_all_fields_are_filled_in(self):
        assert parts("linkedin_profile") == (
            "https://www.linkedin.com/profile/add",
            {
                "startTask": "CERTIFICATION_NAME",
                "name": WILD,
                "organizationName": "Universidade & Co.",
                "issueYear": "2026",
                "issueMonth": "3",
                "expirationYear": "2029",
                "expirationMonth": "3",
                "certUrl": URL,
                "certId": "7Kq2mX9w",
            },
        )

    def fields(self, **changes):
        given = {"url": URL, "title": "First aid"} | changes
        return parts("linkedin_profile", Shareable(**given))[1]

    def test_what_is_not_known_is_left_out(self):
        assert self.fields() == {"startTask": "CERTIFICATION_NAME", "name": "First aid", "certUrl": URL}

    def test_the_number_of_the_organisations_page_is_better_than_its_name(self):
        known = self.fields(issuer_name="Red Cross", issuer_linkedin_id="206815")
        assert known["organizationId"] == "206815"
        assert "organizationName" not in known

    def test_what_is_no_number_is_not_an_organisations_page(self):
        assert (
            self.fields(issuer_name="Red Cross", issuer_linkedin_id="redcross")["organizationName"]
            == "Red Cross"
        )

    def test_dates_are_those_of_utc(self):
        east = datetime(2027, 1, 1, 1, 0, tzinfo=timezone(timedelta(hours=2)))
        fields = self.fields(issued_at=east, expires_at=east)
        assert (fields["issueYear"], fields["issueMonth"]) == ("2026", "12")
        assert (fields["expirationYear"], fields["expirationMonth"]) == ("2026", "12")

    @pytest.mark.parametrize("long", ["urn:uuid:9b1deb4d-3b7d", "https://issuer.test/1", "x" * 41])
    def test_an_id_nobody_can_read_aloud_is_left_out(self, long):
        assert "certId" not in self.fields(credential_id=long)


@pytest.mark.parametrize(
    ("name", "base", "fields"),
    [
        ("linkedin_post", "https://www.linkedin.com/sharing/share-offsite/", {"url": URL}),
        ("facebook", "https://www.facebook.com/sharer/sharer.php", {"u": URL}),
        ("x", "https://twitter.com/intent/tweet", {"text": SHARE.text, "url": URL}),
        ("bluesky", "https://bsky.app/intent/compose", {"text": f"{SHARE.text} {URL}"}),
        ("mastodon", "https://mastodon.social/share", {"text": f"{SHARE.text} {URL}"}),
        ("threads", "https://www.threads.net/intent/post", {"text": SHARE.text, "url": URL}),
        ("reddit", "https://www.reddit.com/submit", {"url": URL, "title": WILD}),
        ("whatsapp", "https://wa.me/", {"text": f"{SHARE.text} {URL}"}),
        ("telegram", "https://t.me/share/url", {"url": URL, "text": SHARE.text}),
        (
            "pinterest",
            "https://www.pinterest.com/pin/create/button/",
            {"url": URL, "media": f"{URL}/card.png", "description": SHARE.text},
        ),
    ],
)
def test_each_has_the_address_its_site_documents(name, base, fields):
    assert parts(name) == (base, fields)


def test_a_mail_has_a_subject_and_a_body_with_the_link_on_its_own_line():
    address = TARGETS["email"].address(SHARE)
    assert address.startswith("mailto:?subject=")
    fields = parse_qs(address.partition("?")[2])
    assert fields == {"subject": [WILD], "body": [f"{SHARE.text}\r\n\r\n{URL}\r\n"]}


def test_a_post_that_would_be_too_long_loses_words_and_never_the_link():
    share = Shareable(url=URL, title="x", text="word " * 200)
    text = parts("bluesky", share)[1]["text"]
    assert len(text) <= 300
    assert text.endswith(f"… {URL}")


def test_a_share_without_words_uses_its_title():
    assert parts("x", Shareable(url=URL, title="First aid"))[1]["text"] == "First aid"


def test_mastodon_can_be_any_server():
    assert mastodon.on("social.test", SHARE).startswith("https://social.test/share?text=")
