"""Builds the app: layers, routes, static files."""

from importlib.metadata import version

from fastapi import FastAPI

from backpack import jobs
from backpack.config import Settings
from backpack.errors import Misconfigured
from backpack.storage.blobs import Blobs
from backpack.storage.database import engine_for

from . import api, errors
from .assets import STATIC, Assets
from .pages import PAGES
from .security import BodyLimit, HeadAsGet, Headers, KnownHost, Packed, SameOrigin
from .shortcut import Shortcut


def create(settings: Settings | None = None) -> FastAPI:
    """The web app for these settings (from the environment when None). Raises Misconfigured."""
    settings = settings or Settings()
    if not (settings.is_https or settings.is_local):
        raise Misconfigured(
            "BACKPACK_BASE_URL is neither https nor local: sign-ins could be stolen on the way.",
            "Put it behind a proxy that speaks https, and set the address that people use.",
        )
    app = FastAPI(
        title="Backpack",
        version=version("backpack"),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.settings = settings
    app.state.engine = engine_for(settings)
    app.state.blobs = Blobs(settings)
    jobs.connect(settings)
    errors.install(app)
    app.add_middleware(SameOrigin, settings=settings, answer=errors.answer)
    app.add_middleware(BodyLimit, answer=errors.answer)
    app.add_middleware(KnownHost, settings=settings, answer=errors.answer)
    app.add_middleware(Packed)
    app.add_middleware(HeadAsGet)
    app.add_middleware(Headers, settings=settings)
    app.add_middleware(Shortcut, engine=app.state.engine)
    app.mount("/static", Assets(directory=STATIC), name="static")
    for page in PAGES:
        app.include_router(page.router, include_in_schema=False)
    api.include(app)
    return app
