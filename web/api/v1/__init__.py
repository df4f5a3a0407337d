"""The JSON API, version 1: what an earner does in the browser, a program of theirs does here."""

from fastapi import APIRouter

from web.api.problems import problems
from web.api.v1 import adding, addresses, badges, collections, exporting, shares

router = APIRouter(
    prefix="/api/v1", responses=problems(401, 422), generate_unique_id_function=lambda route: route.name
)
for part in (adding, badges, collections, shares, addresses, exporting):
    router.include_router(part.router)
