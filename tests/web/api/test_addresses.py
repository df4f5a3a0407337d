"""E-mail addresses by the API."""

import pytest

from tests.issuing import MARIA
from tests.web.api.conftest import STRANGER, Program

ADDRESSES = "/api/v1/addresses"


def test_an_earner_sees_their_addresses_and_their_inbox(maria: Program) -> None:
    told = maria.get(ADDRESSES).json()
    assert [one["email"] for one in told["addresses"]] == [MARIA]
    assert told["addresses"][0]["confirmed_at"] is not None
    assert told["inbox"].startswith("import+")
    assert told["inbox"].endswith(f"@{maria.settings.inbox_host}")


def test_an_added_address_waits_for_the_link_in_its_mail(maria: Program) -> None:
    answer = maria.post(ADDRESSES, json={"email": "maria@work.example"})
    assert answer.status_code == 201
    assert answer.json()["confirmed_at"] is None
    assert answer.json() in maria.get(ADDRESSES).json()["addresses"]


def test_an_address_is_removed(maria: Program) -> None:
    added = maria.post(ADDRESSES, json={"email": "maria@work.example"}).json()["id"]
    assert maria.delete(f"{ADDRESSES}/{added}").status_code == 204
    assert [one["email"] for one in maria.get(ADDRESSES).json()["addresses"]] == [MARIA]


def test_the_last_confirmed_address_stays(maria: Program) -> None:
    (only,) = maria.get(ADDRESSES).json()["addresses"]
    assert maria.delete(f"{ADDRESSES}/{only['id']}").status_code == 409


def test_adding_tells_nothing_of_other_earners(maria: Program, stranger: Program) -> None:
    taken = maria.post(ADDRESSES, json={"email": STRANGER})
    free = maria.post(ADDRESSES, json={"email": "nobody@elsewhere.example"})
    assert (taken.status_code, taken.json().keys()) == (free.status_code, free.json().keys())


@pytest.mark.parametrize("email", ["nobody", "a@b@c", "a@b.example\r\nBcc: c@d.example", ""])
def test_what_is_no_address_is_told_so(maria: Program, email: str) -> None:
    answer = maria.post(ADDRESSES, json={"email": email})
    assert answer.status_code == 422
    assert answer.json()["detail"]
