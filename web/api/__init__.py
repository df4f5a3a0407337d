"""For programs: the JSON API and its documentation, the VC-API verifier, oEmbed,
inbound mail, and what monitoring asks."""

from fastapi import FastAPI

from . import health, inbound, oembed, openapi, v1, vc_api


def include(app: FastAPI) -> None:
    """Give the app every address that is for programs."""
    for part in (v1, vc_api, inbound, oembed, health, openapi):
        app.include_router(part.router)
