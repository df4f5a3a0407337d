"""What is said of a mail's sender: never more than SPF, DKIM and DMARC show."""

from typing import Any

import pytest

from backpack.services.vouching import FAIL, PASS, Said, Vouched
from backpack.storage.tables import Arrival
from tests.issuing import MARIA
from web import senders

AUTHOR = "awards@uni.example"
UNI, MAILER = Said(PASS, "uni.example"), Said(PASS, "mailer.example")
SAID = {
    "You sent it yourself: backpack.example signed it for maria@backpack.example.": {
        "author": MARIA,
        "aligned": True,
        "forwarded_by": MARIA,
    },
    "The e-mail came through uni.example’s servers (signed by uni.example).": {
        "author": AUTHOR,
        "dkim": (UNI,),
        "aligned": True,
    },
    "Signed by mailer.example, not by uni.example: it passed through mailer.example’s servers.": {
        "author": AUTHOR,
        "dkim": (Said(FAIL, "uni.example"), MAILER),
    },
    "It came from a server that may send for mailer.example; the e-mail itself is not signed.": {
        "author": AUTHOR,
        "spf": MAILER,
    },
    "We could not tell who sent this e-mail.": {"author": AUTHOR, "dkim": (Said(FAIL, "uni.example"),)},
}


def mail(letter: Any = None) -> Arrival:
    return Arrival(earner_id=1, source="mail", origin="bounce@uni.example", sha256="", letter=letter)


@pytest.mark.parametrize("says", SAID)
def test_each_outcome_has_its_sentence(says: str) -> None:
    assert senders.says(mail({"vouched": Vouched(by="us", **SAID[says]).as_json()})) == says


def test_nothing_is_said_of_a_sender_whom_nobody_checked() -> None:
    assert senders.says(mail({"from": "rector@uni.example"})) == senders.NOBODY
    assert senders.says(mail()) == senders.NOBODY


def test_a_domain_that_does_not_stand_by_it_is_told() -> None:
    doubtful = Vouched(author=AUTHOR, dmarc=Said(FAIL, "uni.example"))
    assert senders.is_doubtful(mail({"vouched": doubtful.as_json()}))
    assert not senders.is_doubtful(mail())


def test_the_sender_is_whom_the_mail_names_else_who_handed_it_in() -> None:
    assert senders.sender(mail({"from": f"Awards <{AUTHOR}>"})) == f"Awards <{AUTHOR}>"
    assert senders.sender(mail({"from": f"rector@else.example <{AUTHOR}>"})) == AUTHOR
    assert senders.sender(mail({"vouched": Vouched(author=AUTHOR).as_json()})) == AUTHOR
    assert senders.sender(mail()) == "bounce@uni.example"
