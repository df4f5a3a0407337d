"""The API as a program meets it: real app, real database of either kind, work done when a test says so."""

from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from backpack import jobs
from backpack.config import Settings
from backpack.demo.shapes import Issued
from backpack.services import granting, joining
from backpack.storage import database
from tests.apps import create
from tests.issuing import MARIA, award, issuer

STRANGER = "stranger@elsewhere.example"


class Program(TestClient):
    """A program of one earner: it sends their token."""

    def __init__(self, app: FastAPI, settings: Settings, email: str) -> None:
        with database.session(settings) as db:
            token = granting.create_token(db, joining.make_earner(db, email, datetime.now(UTC)), "test")
        super().__init__(app, settings.base_url, headers={"authorization": f"Bearer {token}"})
        self.settings = settings

    def bring(self, badge: Issued, name: str = "badge.png") -> str:
        """Bring in a badge, have it read and checked, and return its id."""
        arrival = self.post("/api/v1/badges", files={"file": (name, badge.data)}).json()["arrival"]
        self.work()
        (badge_id,) = self.get(f"/api/v1/arrivals/{arrival}").json()["badges"]
        return str(badge_id)

    def work(self) -> None:
        """Do what the workers would do."""
        jobs.work_off(self.settings, lambda: datetime.now(UTC))


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    return create(settings)


@pytest.fixture
def anyone(app: FastAPI, settings: Settings) -> TestClient:
    """A program without a token."""
    return TestClient(app, settings.base_url)


@pytest.fixture
def maria(app: FastAPI, settings: Settings) -> Program:
    """Maria's program: our issuer's badges are hers."""
    return Program(app, settings, MARIA)


@pytest.fixture
def stranger(app: FastAPI, settings: Settings) -> Program:
    """Another earner's program."""
    return Program(app, settings, STRANGER)


@pytest.fixture
def badge() -> Issued:
    """A baked PNG that verifies without any network."""
    return issuer().ob3(award())
