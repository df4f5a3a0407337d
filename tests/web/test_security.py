"""What every answer carries and every request must keep to, whatever the route."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from backpack.config import Settings
from backpack.demo.shapes import Issued
from backpack.errors import Misconfigured
from tests.apps import create, routes
from tests.web.conftest import Person, Visitor
from web import security

PLACES = {"badge": "x" * 22, "number": "1", "kind": "badge"}


def addresses(app: FastAPI, method: str = "GET") -> Iterator[str]:
    """One address for each route that answers this method."""
    for route in routes(app):
        if method in route.methods:
            yield re.sub(r"\{(\w+)(:\w+)?\}", lambda m: PLACES.get(m[1], "x" * 22), route.path)


def test_every_answer_carries_the_security_headers(app: FastAPI, maria: Person) -> None:
    for address in [*addresses(app), "/static/base.css", "/nowhere", "/static/nothing.js"]:
        headers = maria.get(address).headers
        assert headers["x-content-type-options"] == "nosniff", address
        assert headers["referrer-policy"] == "same-origin", address
        assert headers["cross-origin-opener-policy"] == "same-origin", address
        assert "camera=()" in headers["permissions-policy"], address
        assert headers["x-frame-options"] == "DENY", address
        assert headers["cache-control"], address
        assert "server" not in headers, address


def test_no_policy_allows_inline_code_or_another_host(app: FastAPI, maria: Person) -> None:
    for address in [*addresses(app), "/nowhere"]:
        policy = maria.get(address).headers["content-security-policy"]
        assert "default-src 'none'" in policy, address
        assert "unsafe" not in policy, address
        assert "://" not in policy, address


@pytest.mark.parametrize(
    "address", ["/", "/signin", "/signin/sent", "/verify", "/b/unknown", "/nowhere", "/dev/mail"]
)
def test_pages_for_anyone_allow_no_script_at_all(anyone: Visitor, address: str) -> None:
    answer = anyone.get(address)
    assert "script-src 'none'" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
    assert "set-cookie" not in answer.headers


def test_pages_of_ones_own_are_kept_nowhere(app: FastAPI, maria: Person) -> None:
    for address in ("/badges", "/collections", "/shares", "/settings/addresses", "/import", "/imports"):
        answer = maria.get(address)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store"), address
        assert "noindex" in answer.headers["x-robots-tag"], address


def test_static_files_are_kept_for_ever_only_under_their_hash(anyone: Visitor) -> None:
    page = anyone.get("/").text
    hashed = re.search(r"/static/base\.css\?v=\w{12}", page)
    assert hashed
    assert "immutable" in anyone.get(hashed[0]).headers["cache-control"]
    assert "immutable" not in anyone.get("/static/base.css").headers["cache-control"]
    assert "immutable" not in anyone.get("/static/base.css?v=made-up").headers["cache-control"]


ORIGINS = {"ours": "http://127.0.0.1:8000", "evil": "https://evil.example", "null": "null", "absent": None}


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("site", ["same-origin", "same-site", "cross-site", "none", None])
def test_a_change_with_a_cookie_must_come_from_our_own_page(
    maria: Person, site: str | None, origin: str
) -> None:
    del maria.headers["sec-fetch-site"]
    sent = {"sec-fetch-site": site, "origin": ORIGINS[origin]}
    answer = maria.post("/settings/profile", data={"name": "M"}, headers={k: v for k, v in sent.items() if v})
    is_ours = site == "same-origin" or (site is None and origin == "ours")
    assert answer.status_code == (303 if is_ours else 403)
    assert is_ours or "Reload the page and try again." in answer.text


def test_a_program_without_cookie_and_origin_may_use_a_form(anyone: Visitor) -> None:
    del anyone.headers["sec-fetch-site"]
    assert anyone.post("/signin/sent", data={"email": "new@backpack.example"}).status_code == 303


def test_a_foreign_page_may_not_sign_anyone_in(anyone: Visitor) -> None:
    sent = {"sec-fetch-site": "cross-site"}
    assert anyone.post("/signin/sent", data={"email": "a@b.example"}, headers=sent).status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_under_another_name_there_is_nothing(anyone: Visitor, host: str) -> None:
    answer = anyone.get("/dev/mail", headers={"host": host})
    assert answer.status_code == 421
    assert "http://127.0.0.1:8000" in answer.text


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:9", "[::1]:8000"])
def test_a_local_run_answers_under_every_local_name(anyone: Visitor, host: str) -> None:
    assert anyone.get("/signin", headers={"host": host}).status_code == 200


def test_health_is_told_under_any_name(anyone: Visitor) -> None:
    assert anyone.get("/healthz", headers={"host": "10.1.2.3"}).status_code == 200


@pytest.mark.parametrize("address", ["/badges/%00", "/b/a%00b", "/badges?q=%00", "/import?way=a%00"])
def test_nul_leads_nowhere(maria: Person, address: str) -> None:
    assert maria.get(address).status_code == 404


def test_nul_in_a_form_is_dropped(maria: Person, badge: Issued) -> None:
    (there,) = maria.bring(badge)
    assert maria.post(f"/badges/{there}/note", data={"note": "a\0b", "tags": "c\0"}).status_code == 303
    assert ">ab</textarea>" in maria.get(f"/badges/{there}").text


FILM = 200 * 1024 * 1024


def chunks(size: int) -> Iterator[bytes]:
    for _ in range(size // 65536):
        yield bytes(65536)


def test_a_film_is_refused_with_a_sentence(maria: Person) -> None:
    answer = maria.post("/import", content=chunks(FILM), headers={"content-length": str(FILM)})
    assert answer.status_code == 413
    assert "This is more than 100 MB." in answer.text


def test_a_film_that_does_not_say_its_size_is_refused_too(maria: Person) -> None:
    sent = {"content-type": "multipart/form-data; boundary=x"}
    answer = maria.post("/import", content=chunks(FILM), headers=sent)
    assert answer.status_code == 413
    assert "This is more than 100 MB." in answer.text


def test_a_film_in_the_drawer_is_refused_in_its_place(maria: Person) -> None:
    sent = {"content-length": str(FILM), "hx-request": "true"}
    answer = maria.post("/import", content=chunks(FILM), headers=sent)
    assert (answer.status_code, answer.headers["hx-retarget"]) == (413, "#drawer-problem")
    assert "<html" not in answer.text


def test_a_form_that_is_too_long_is_refused(maria: Person) -> None:
    answer = maria.post("/collections", data={"title": "T", "intro": "x" * 200_000})
    assert answer.status_code == 413
    assert "This text is too long." in answer.text


def test_a_fault_of_ours_tells_nothing_of_itself(app: FastAPI, settings: Settings) -> None:
    @app.get("/fault")
    def fail() -> None:
        raise RuntimeError("the secret is 42")

    answer = TestClient(app, settings.base_url).get("/fault")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "fault " in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_wrong_method_is_told_in_words(anyone: Visitor) -> None:
    answer = anyone.put("/signin")
    assert answer.status_code == 405
    assert "cannot be used that way" in answer.text


def test_head_is_get_without_a_body(anyone: Visitor) -> None:
    told = anyone.head("/verify")
    assert (told.status_code, told.content) == (200, b"")
    assert int(told.headers["content-length"]) > 1000


def test_whoever_is_led_to_sign_in_by_a_part_of_a_page_goes_there_as_a_whole(anyone: Visitor) -> None:
    answer = anyone.get("/badges", headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/signin")


def secure(tmp_path: Path) -> Settings:
    address = "https://backpack.example"
    return Settings(
        _env_file=None, data_dir=tmp_path, base_url=address, secret_key="k" * 40, mail_url="smtp://x"
    )


def test_over_https_the_cookie_is_bound_to_this_host(tmp_path: Path) -> None:
    assert security.session_cookie(secure(tmp_path)) == "__Host-sid"


def test_over_https_browsers_are_told_to_stay_there(tmp_path: Path) -> None:
    client = TestClient(create(secure(tmp_path)), "https://backpack.example")
    assert client.get("/signin").headers["strict-transport-security"].startswith("max-age=31536000")


def test_mail_is_shown_nowhere_but_on_a_local_machine(tmp_path: Path) -> None:
    assert (
        TestClient(create(secure(tmp_path)), "https://backpack.example").get("/dev/mail").status_code == 404
    )


def test_plain_http_is_refused_off_this_machine(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="sign-ins could be stolen"):
        create(
            Settings(
                _env_file=None, data_dir=tmp_path, base_url="http://backpack.example", secret_key="k" * 40
            )
        )


def test_public_text_travels_packed_and_private_text_does_not(anyone: Visitor, maria: Person) -> None:
    packed = {"accept-encoding": "gzip"}
    assert anyone.get("/verify", headers=packed).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in maria.get("/badges", headers=packed).headers
    with anyone.stream("GET", "/static/parts.css", headers=packed) as answer:
        assert b".seal" in gzip.decompress(b"".join(answer.iter_raw()))
