"""Who may reach what: another earner's id in any address is the same as one that never was."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi import FastAPI

from backpack.demo.shapes import Issued
from backpack.services import joining
from backpack.storage import database
from tests.apps import routes
from tests.web.conftest import Person, Visitor

NEVER = "n" * 22
PROGRAMS = (
    "/api/", "/credentials/", "/presentations/", "/healthz", "/readyz", "/metrics", "/oembed", "/inbound/",
)  # fmt: skip
FOR_ANYONE = {
    "/", "/favicon.ico", "/robots.txt", "/signin", "/signin/sent", "/signin/code", "/signin/link/{token}",
    "/confirm", "/confirm/{token}", "/signout", "/settings", "/verify", "/dev/mail",
    "/b/{slug}", "/b/{slug}.json", "/b/{slug}/image", "/b/{slug}/card.png", "/b/{slug}/embed", "/b/{slug}/check",
    "/b/{slug}/original",
    "/c/{slug}", "/c/{slug}.json", "/c/{slug}/image", "/c/{slug}/card.png", "/c/{slug}/embed", "/c/{slug}/check",
    "/c/{slug}/{number:int}", "/c/{slug}/{number:int}.json", "/c/{slug}/{number:int}/image",
    "/c/{slug}/{number:int}/check", "/c/{slug}/{number:int}/original",
}  # fmt: skip


@dataclass
class Belongings:
    """The ids of all that Maria owns."""

    ids: dict[str, str]

    def address(self, path: str, *, real: bool = True) -> str:
        """The address of a route, with her ids or with ids that never were."""
        names = self.ids | {"kind": "badge", "id": self.ids["badge"]}
        return re.sub(r"\{(\w+)\}", lambda m: names[m[1]] if real else _never(m[1]), path)


def _never(name: str) -> str:
    return "badge" if name == "kind" else NEVER


@pytest.fixture
def hers(maria: Person, badge: Issued) -> Belongings:
    """One of everything, owned by Maria."""
    (there,) = maria.bring(badge)
    batch = maria.post("/import", files={"file": ("x.png", b"\x89PNG")}).headers["location"]
    maria.post("/badges/together", data={"badge": there, "title": "Her collection"})
    maria.post(f"/share/badge/{there}", data={"audience": "link"})
    maria.post("/settings/addresses", data={"email": "maria@old.example"})
    maria.post("/settings/tokens", data={"label": "Her program"})
    maria.post(
        "/settings/mailboxes", data={"host": "imap.mail.example", "username": "maria", "password": "hers"}
    )
    maria.work()
    pages = "".join(maria.get(p).text for p in ("/collections", "/imports", "/shares", "/settings/addresses"))
    pages += maria.get("/settings/tokens").text + maria.get("/settings/mailboxes").text
    with database.session(maria.settings) as db:
        signin = joining.signins(db, maria.earner(db))[0].public_id

    def first(pattern: str) -> str:
        found = re.search(pattern, pages)
        assert found, pattern
        return found[1]

    return Belongings(
        {
            "badge": there,
            "batch": batch.rpartition("/")[2],
            "collection": first(r"/collections/([\w-]{22})"),
            "arrival": first(r"/imports/([\w-]{22})/"),
            "share": first(r"/shares/([\w-]{22})/"),
            "address": first(r"/settings/addresses/([\w-]{22})/"),
            "token": first(r"/settings/tokens/([\w-]{22})/"),
            "mailbox": first(r"/settings/mailboxes/([\w-]{22})/"),
            "signin": signin,
        }
    )


def pages(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and path of every route that is for the earner alone."""
    for route in routes(app):
        if not route.path.startswith(PROGRAMS) and route.path not in FOR_ANYONE:
            yield from ((method, route.path) for method in sorted(route.methods))


def test_nobody_reaches_a_page_of_an_earner_without_signing_in(
    app: FastAPI, anyone: Visitor, hers: Belongings
) -> None:
    for method, path in pages(app):
        answer = anyone.request(method, hers.address(path))
        told = (401, "") if path.endswith(".json") else (303, "/signin")
        assert (answer.status_code, answer.headers.get("location", "")[:7]) == told, (method, path)


def test_what_is_someone_elses_looks_like_what_never_was(
    app: FastAPI, stranger: Person, hers: Belongings
) -> None:
    for method, path in pages(app):
        if "{" not in path:
            continue
        hers_, never = hers.address(path), hers.address(path, real=False)
        seen, missing = stranger.request(method, hers_), stranger.request(method, never)
        assert (seen.status_code, missing.status_code) == (404, 404), (method, path)
        assert seen.text == missing.text, (method, path)


def test_nothing_of_hers_changed_while_a_stranger_tried(
    app: FastAPI, maria: Person, stranger: Person, hers: Belongings
) -> None:
    looks = (
        "/badges",
        "/collections",
        "/settings/tokens",
        "/settings/mailboxes",
        f"/badges/{hers.ids['badge']}/original",
    )
    before = [maria.get(look).content for look in looks]
    for method, path in pages(app):
        if "{" in path:
            stranger.request(method, hers.address(path))
    assert [maria.get(look).content for look in looks] == before


def test_a_stranger_cannot_put_her_badge_into_a_form_of_their_own(
    maria: Person, stranger: Person, hers: Belongings
) -> None:
    for action in ("collect", "share", "hide", "show", "delete", "restore"):
        answer = stranger.post("/badges/chosen", data={"badge": hers.ids["badge"], "action": action})
        assert answer.status_code == 404, action
    assert stranger.post("/badges/together", data={"badge": hers.ids["badge"]}).status_code == 404
    assert maria.get(f"/badges/{hers.ids['badge']}").status_code == 200


def test_looking_changes_nothing(app: FastAPI, maria: Person, hers: Belongings) -> None:
    with database.session(maria.settings) as db:
        raw = db.connection()
        tables = ("badge", "arrival", "collection", "share", "address", "token", "challenge", "outbox")
        count = [raw.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() for table in tables]
    for method, path in pages(app):
        if method == "GET":
            assert maria.get(hers.address(path)).status_code in (200, 303, 404), path
    with database.session(maria.settings) as db:
        raw = db.connection()
        assert [raw.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() for table in tables] == count
