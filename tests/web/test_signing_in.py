"""Signing in: a link or a code, each once; and never a way to another site."""

import re

import pytest

from backpack.services.joining.signing_in import MAILS_IN_A_QUARTER
from tests.web.conftest import STRANGER, Person, Visitor


def asked(anyone: Visitor, email: str = "new@backpack.example", **more: str) -> str:
    """Ask to sign in and return the message."""
    assert anyone.post("/signin", data={"email": email, **more}).headers["location"] == "/signin/sent"
    return anyone.mail()


def link(mail: str) -> str:
    found = re.search(r"/signin/link/\S+", mail)
    assert found
    return found[0]


def code(mail: str) -> str:
    found = re.search(r"\b\d{6}\b", mail)
    assert found
    return found[0]


def test_looking_at_the_link_signs_nobody_in(anyone: Visitor) -> None:
    there = link(asked(anyone))
    assert "Sign in" in anyone.get(there).text
    assert anyone.get("/badges").status_code == 303


def test_pressing_its_button_does(anyone: Visitor) -> None:
    assert anyone.post(link(asked(anyone))).headers["location"] == "/badges"
    assert anyone.get("/badges").status_code == 200


def test_a_link_works_once_and_then_says_so(anyone: Visitor) -> None:
    there = link(asked(anyone))
    anyone.post(there)
    anyone.cookies.clear()
    for again in (anyone.get(there), anyone.post(there)):
        assert again.status_code == 403
        assert "used" in again.text


def test_who_is_signed_in_by_a_link_already_goes_on_to_the_badges(anyone: Visitor) -> None:
    there = link(asked(anyone))
    anyone.post(there)
    for again in (anyone.get(there), anyone.post(there)):
        assert again.headers["location"] == "/badges"


def test_under_a_link_that_leads_nowhere_a_new_one_is_asked_for(anyone: Visitor) -> None:
    for trouble in (anyone.get("/signin/link/mistyped"), anyone.post("/signin/link/mistyped")):
        assert trouble.status_code == 404
        assert 'action="/signin"' in trouble.text


def test_a_code_signs_in_too(anyone: Visitor) -> None:
    sent = {"email": "new@backpack.example", "code": code(asked(anyone))}
    assert anyone.post("/signin/code", data=sent).headers["location"] == "/badges"


def test_who_asked_for_too_many_mails_can_still_type_the_code_of_the_newest(anyone: Visitor) -> None:
    for _ in range(MAILS_IN_A_QUARTER):
        digits = code(asked(anyone))
    refused = anyone.post("/signin", data={"email": "new@backpack.example"})
    assert refused.status_code == 429
    assert refused.headers["retry-after"].isdigit()
    assert 'action="/signin/code"' in refused.text
    assert "look for the newest one" in refused.text
    sent = {"email": "new@backpack.example", "code": digits}
    assert anyone.post("/signin/code", data=sent).headers["location"] == "/badges"


def test_a_code_may_be_typed_with_a_gap(anyone: Visitor) -> None:
    digits = code(asked(anyone))
    sent = {"email": "new@backpack.example", "code": f"{digits[:3]} {digits[3:]}"}
    assert anyone.post("/signin/code", data=sent).status_code == 303


def test_the_form_for_the_code_can_be_gone_from_and_loaded_anew(anyone: Visitor) -> None:
    asked(anyone, next="/collections")
    for _ in range(2):
        form = anyone.get("/signin/sent").text
        assert 'name="email" value="new@backpack.example"' in form
        assert 'name="next" value="/collections"' in form


def test_a_wrong_code_is_explained_beside_its_field(anyone: Visitor) -> None:
    wrong = f"{(int(code(asked(anyone))) + 1) % 1_000_000:06}"
    answer = anyone.post("/signin/code", data={"email": "new@backpack.example", "code": wrong})
    assert (answer.status_code, answer.headers["location"]) == (303, "/signin/sent")
    form = anyone.get("/signin/sent").text
    assert 'aria-invalid="true"' in form
    assert 'id="code-error"' in form


def test_an_address_in_any_script_comes_back_as_it_was_typed(anyone: Visitor) -> None:
    asked(anyone, "josé+x=1&y@bücher.example")
    assert 'value="josé+x=1&amp;y@bücher.example"' in anyone.get("/signin/sent").text


def test_a_new_message_takes_the_old_complaint_away(anyone: Visitor) -> None:
    anyone.post("/signin/code", data={"email": "new@backpack.example", "code": "1"})
    asked(anyone)
    assert 'id="code-error"' not in anyone.get("/signin/sent").text


def test_whoever_comes_without_having_typed_an_address_is_asked_for_it(anyone: Visitor) -> None:
    anyone.cookies.set("signin", "not ours &=%")
    assert 'type="email"' in anyone.get("/signin/sent").text


def test_the_typed_address_is_kept_from_logs_scripts_and_other_pages(anyone: Visitor) -> None:
    answer = anyone.post("/signin", data={"email": "new@backpack.example"})
    assert "@" not in answer.headers["location"]
    kept = answer.headers["set-cookie"].lower()
    for word in ("httponly", "samesite=strict", "path=/signin", "max-age=600"):
        assert word in kept


def test_the_typed_address_is_forgotten_after_signing_in(anyone: Visitor) -> None:
    anyone.post(link(asked(anyone)))
    assert "signin" not in anyone.cookies


def test_what_is_no_address_is_explained_beside_its_field(anyone: Visitor) -> None:
    answer = anyone.post("/signin/sent", data={"email": "maria at home"})
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert 'value="maria at home"' in answer.text


def test_known_and_unknown_addresses_get_the_same_answer(anyone: Visitor, stranger: Person) -> None:
    asked(anyone, STRANGER)
    known = anyone.get("/signin/sent").text
    asked(anyone, "nobody@elsewhere.example")
    unknown = anyone.get("/signin/sent").text
    assert known.replace(STRANGER, "X") == unknown.replace("nobody@elsewhere.example", "X")


def test_a_local_run_says_where_its_mail_is(anyone: Visitor) -> None:
    asked(anyone)
    assert 'href="/dev/mail"' in anyone.get("/signin/sent").text
    assert "new@backpack.example" in anyone.get("/dev/mail").text


def test_whoever_wanted_a_page_comes_to_it_after_signing_in(anyone: Visitor) -> None:
    led = anyone.get("/collections?x=1").headers["location"]
    assert led == "/signin?next=/collections%3Fx%3D1"
    sent = {"email": "new@backpack.example", "code": code(asked(anyone)), "next": "/collections?x=1"}
    assert anyone.post("/signin/code", data=sent).headers["location"] == "/collections?x=1"


def test_so_does_whoever_opens_the_link_in_the_browser_that_asked_for_it(anyone: Visitor) -> None:
    there = link(asked(anyone, next="/collections?x=1"))
    assert anyone.post(there).headers["location"] == "/collections?x=1"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\tevil.example",
        "/%09/evil.example\n",
        "javascript:alert(1)",
        "evil.example",
        "/../../x",
        "/ü",
        "http:evil.example",
        "/@evil.example/..//x\r\nSet-Cookie: a=b",
    ],
)
def test_signing_in_leads_nowhere_else(anyone: Visitor, elsewhere: str) -> None:
    sent = {"email": "new@backpack.example", "code": code(asked(anyone)), "next": elsewhere}
    assert anyone.post("/signin/code", data=sent).headers["location"] == "/badges"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(anyone: Visitor) -> None:
    cookie = anyone.post(link(asked(anyone))).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert "domain" not in cookie


def test_signing_out_ends_it_here_and_there(maria: Person) -> None:
    token = maria.cookies["sid"]
    answer = maria.post("/signout")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    maria.cookies.set("sid", token)
    assert maria.get("/badges").status_code == 303


def test_who_is_signed_in_goes_from_the_first_page_to_their_badges(maria: Person) -> None:
    assert maria.get("/").headers["location"] == "/badges"
