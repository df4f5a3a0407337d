"""The page of connected mailboxes: connect, test, stop, go on, change, disconnect; and what is never shown."""

import io
import re
import zipfile

import pytest

from backpack.config import Settings
from backpack.services import joining, mailboxes
from backpack.storage import database
from backpack.storage.tables import Mailbox
from tests.issuing import award, issuer
from tests.postbox import HOST, PASSWORD, USER, Postbox, mail
from tests.web.conftest import Person

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ALL = "/settings/mailboxes"


@pytest.fixture
def settings(settings: Settings, reachable: Postbox) -> Settings:
    """Settings under which the test's own server may be asked."""
    settings.fetch_allow = HOST
    return settings


def form(postbox: Postbox, in_folder: str, **more: str) -> dict[str, str]:
    """The form, filled in."""
    usual = {"host": HOST, "port": str(postbox.tls_port), "username": USER, "password": PASSWORD}
    return {**usual, "folder": in_folder, "security": "tls", "takes": "awards", **more}


def _path(person: Person) -> str:
    found = re.search(rf'action="({ALL}/[\w-]{{22}})/disconnect"', person.get(ALL).text)
    assert found
    return found[1]


def test_a_connected_mailbox_brings_its_badges_and_says_so(maria: Person, postbox: Postbox) -> None:
    folder = postbox.folder(
        mail(1, attached=issuer().ob3(award())), mail(2), mail(3, "a@b.example", "Lunch?")
    )
    assert maria.post(ALL, data=form(postbox, folder)).headers["location"] == ALL
    assert "Waiting for its turn" in maria.get(ALL).text
    maria.work()
    page = " ".join(maria.get(ALL).text.split())
    assert "3 messages looked at, 2 taken. 1 message brought badges, 1 had none." in page
    assert "every 2s" not in page
    arrivals = maria.get(f"/import/{_path(maria).rpartition('/')[2]}").text
    assert "Verified" in arrivals


def test_the_list_asks_again_by_itself_only_while_something_happens(maria: Person, postbox: Postbox) -> None:
    maria.post(ALL, data=form(postbox, postbox.folder(mail(1))))
    page = maria.get(ALL).text
    assert 'hx-trigger="every 2s"' in page
    assert 'http-equiv="refresh"' in page
    part = maria.get(ALL, headers={"hx-request": "true"}).text
    assert "<html" not in part
    assert PASSWORD not in page + part


def test_a_test_says_how_many_messages_look_like_awards(maria: Person, postbox: Postbox) -> None:
    folder = postbox.folder(mail(1), mail(2, "a@b.example", "Lunch?"))
    page = maria.post(f"{ALL}/test", data=form(postbox, folder)).text
    assert "It works: 2 messages in this folder." in page
    assert "Of these 2, 1 looks like an award." in " ".join(page.split())
    assert PASSWORD not in page


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"password": "guessed"}, "did not accept this name and password"),
        ({"folder": "Nowhere"}, "has no folder “Nowhere”"),
        ({"host": "10.0.0.1", "port": "993"}, "We do not fetch from that address"),
        ({"host": "not a host"}, "not the name of a mail server"),
        ({"username": ""}, "There is no user name"),
        ({"password": ""}, "There is no password"),
        ({"port": "0"}, "This is not a port"),
        ({"security": "rot13"}, "not a choice we know"),
    ],
)
def test_a_test_says_what_is_wrong(wrong: dict[str, str], says: str, maria: Person, postbox: Postbox) -> None:
    answer = maria.post(f"{ALL}/test", data=form(postbox, "INBOX", **wrong), headers={"hx-request": "true"})
    assert answer.status_code == 422
    assert says in answer.text
    assert "<html" not in answer.text


def test_gmail_and_its_like_say_which_password_they_want(maria: Person) -> None:
    assert "imap.gmail.com" in maria.get(f"{ALL}/new?provider=gmail").text
    assert "app-specific password" in maria.get(f"{ALL}/new?provider=icloud").text
    outlook = maria.get(f"{ALL}/new?provider=outlook").text
    assert "no other program sign in with a password" in outlook
    assert "import+" in outlook


def test_an_earner_stops_goes_on_changes_and_disconnects(maria: Person, postbox: Postbox) -> None:
    folder = postbox.folder(mail(1))
    maria.post(ALL, data=form(postbox, folder))
    path = _path(maria)
    maria.post(f"{path}/stop")
    maria.work()
    assert "Stopped" in maria.get(ALL).text
    maria.post(f"{path}/look")
    maria.work()
    assert "1 message looked at, 1 taken." in maria.get(ALL).text
    assert maria.post(path, data=form(postbox, folder, password="", takes="all")).status_code == 303
    changed = maria.post(path, data=form(postbox, folder, password="", username="other@mail.example"))
    assert "The password is needed again." in changed.text
    assert "It works" in maria.post(f"{path}/test", data=form(postbox, folder, password="")).text
    maria.post(f"{path}/disconnect")
    assert "Connect a mailbox" in maria.get(ALL).text


def test_neither_an_export_nor_what_is_left_after_leaving_holds_the_password(
    maria: Person, postbox: Postbox
) -> None:
    maria.post(ALL, data=form(postbox, "INBOX"))
    with zipfile.ZipFile(io.BytesIO(maria.post("/settings/export").content)) as archive:
        exported = archive.read("mailboxes.json").decode()
    assert USER in exported
    with database.session(maria.settings) as db:
        [box] = mailboxes.mailboxes(db, maria.earner(db))
        assert box.secret not in exported
        joining.leave(db, maria.earner(db), maria.settings)
        assert db.get(Mailbox, box.id) is None
