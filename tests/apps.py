"""The app for tests: as `web.app` makes it, but what FastAPI works out of its routes is worked out once.

FastAPI reads the signatures of all routes when the first request comes. For the one app of a server that
is nothing; for the app of every test it would be most of what the test takes.
"""

from fastapi import FastAPI
from fastapi.routing import APIRoute
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


def routes(app: FastAPI) -> list[APIRoute]:
    """Every route of ours, out of the routers that FastAPI keeps them in."""
    within = [getattr(getattr(route, "original_router", None), "routes", [route]) for route in app.routes]
    found = [route for inner in within for route in inner if isinstance(route, APIRoute)]
    assert found, "FastAPI keeps them somewhere else now."
    return found
