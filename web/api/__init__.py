"""For programs: the JSON API and its documentation, oEmbed, and what an operator's monitoring asks."""

from fastapi import FastAPI

from . import health, oembed, openapi, v1


def include(app: FastAPI) -> None:
    """Give the app every address that is for programs."""
    for part in (v1, oembed, health, openapi):
        app.include_router(part.router)
