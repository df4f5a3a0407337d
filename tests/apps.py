"""The app for tests: as `web.app` makes it, but what FastAPI works out of its routes is worked out once.

FastAPI reads the signatures of all routes when the first request comes. For the one app of a server that
is nothing; for the app of every test it would be most of what the test takes.
"""

from fastapi import FastAPI
from starlette.routing import BaseRoute

from backpack.config import Settings
from web import app

_known: dict[int, BaseRoute] = {}


def create(settings: Settings) -> FastAPI:
    """An app of its own, with layers and state of its own; not for tests that replace dependencies in it."""
    made = app.create(settings)
    for place, route in enumerate(made.router.routes):
        if router := getattr(route, "original_router", None):
            made.router.routes[place] = _known.setdefault(id(router), route)
    return made
