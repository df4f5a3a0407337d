"""The pages as a person meets them: real app, real database of either kind, work done when a test says so."""

import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from starlette.testclient import TestClient

from backpack import jobs
from backpack.config import Settings
from backpack.demo.shapes import Issued
from backpack.services import importing, joining, notifying
from backpack.services.joining import challenges
from backpack.storage import database
from backpack.storage.blobs import Blobs
from backpack.storage.tables import Earner, Signin
from tests.apps import create
from tests.issuing import MARIA, award, issuer
from web.security import session_cookie

STRANGER = "stranger@elsewhere.example"


class Visitor(TestClient):
    """A browser of nobody in particular, on our own pages."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        headers = {"sec-fetch-site": "same-origin", "accept": "text/html"}
        super().__init__(app, settings.base_url, headers=headers, follow_redirects=False)
        self.settings = settings

    def mail(self) -> str:
        """The text of the newest message."""
        with database.session(self.settings) as db:
            return notifying.kept(db)[0].text


class Person(Visitor):
    """A signed-in browser. How people sign in is told by ``test_signing_in``; here they just are."""

    def __init__(self, app: FastAPI, settings: Settings, email: str) -> None:
        super().__init__(app, settings)
        self.email = email
        token, at = secrets.token_urlsafe(32), datetime.now(UTC)
        with database.session(settings) as db:
            earner, hashed = joining.make_earner(db, email, at), challenges.hash_of(token)
            db.add(Signin(earner_id=earner.id, token_hash=hashed, user_agent="", created_at=at, seen_at=at))
            db.commit()
        self.cookies.set(session_cookie(settings), token)

    def earner(self, db: object) -> Earner:
        """Whose browser it is."""
        found = joining.earner_by_email(db, self.email)
        assert found
        return found

    def bring(self, *badges: Issued) -> list[str]:
        """Upload badges, have them read and checked, and return their ids."""
        files = [("file", (badge.file_name, badge.data)) for badge in badges]
        batch = self.post("/import", files=files).headers["location"]
        self.work()
        page = self.get(batch).text
        return list(dict.fromkeys(re.findall(r'href="/badges/([\w-]{22})"', page)))

    def share(self, badge: str, **terms: str) -> str:
        """Make a public link of a badge and return its path."""
        terms = {"audience": "link", "shows_name": "1", "shows_evidence": "1", **terms}
        self.post(f"/share/badge/{badge}", data=terms)
        return self.links(f"/share/badge/{badge}")[0]

    def links(self, page: str) -> list[str]:
        """The public links that a page names, as paths."""
        found = re.findall(re.escape(self.settings.base_url) + r"(/[bc]/[\w-]{24})", self.get(page).text)
        return list(dict.fromkeys(found))

    def unpack(self) -> None:
        """Read what was brought in, but check nothing yet."""
        engine, at = database.engine_for(self.settings), datetime.now(UTC)
        with database.session(engine) as db:
            due = importing.due(db, at)
        for arrival in due:
            importing.unpack(engine, Blobs(self.settings), self.settings, arrival, at)

    def work(self) -> None:
        """Do what the workers would do."""
        jobs.work_off(self.settings, lambda: datetime.now(UTC))


@pytest.fixture(scope="session", autouse=True)
def one_loop() -> Iterator[None]:
    """All requests share a loop and its threads: to start them takes longer than most requests do."""
    with start_blocking_portal() as portal, pytest.MonkeyPatch.context() as patch:
        patch.setattr(TestClient, "portal", portal)
        yield


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    return create(settings)


@pytest.fixture
def anyone(app: FastAPI, settings: Settings) -> Visitor:
    """A visitor who is not signed in."""
    return Visitor(app, settings)


@pytest.fixture
def maria(app: FastAPI, settings: Settings) -> Person:
    """Maria's browser: our issuer's badges are hers."""
    return Person(app, settings, MARIA)


@pytest.fixture
def stranger(app: FastAPI, settings: Settings) -> Person:
    """Another earner's browser."""
    return Person(app, settings, STRANGER)


@pytest.fixture
def badge() -> Issued:
    """A sound badge of Maria's."""
    return issuer().ob3(award())
