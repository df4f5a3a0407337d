"""For whoever runs it: is it alive, is it ready, how much is waiting."""

import hmac
from importlib.metadata import version

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, PlainTextResponse

from backpack import jobs
from backpack.errors import Missing
from backpack.services import watching
from web.deps import Config, Db, Files, Now

router = APIRouter(tags=["operating"], generate_unique_id_function=lambda route: route.name)

_READY = {"ready": True, "database": "ok", "files": "ok", "queue": "ok"}


@router.get("/healthz", summary="Is it alive?", response_class=PlainTextResponse)
async def get_health() -> str:
    """`ok` while the process answers. It asks nobody else: a slow database is no reason to restart it."""
    return "ok"


@router.get(
    "/readyz",
    summary="Is it ready?",
    responses={
        200: {"content": {"application/json": {"example": _READY}}},
        503: {
            "description": "Send people elsewhere for now",
            "content": {"application/json": {"example": _READY | {"ready": False, "files": "failed"}}},
        },
    },
)
def get_readiness(db: Db, blobs: Files) -> JSONResponse:
    """Whether its database and its files answer, and whether its queue does: without that what comes in waits."""
    working = watching.working(db, blobs, jobs.look)
    parts = {name: "ok" if works else "failed" for name, works in working.items()}
    ready = working["database"] and working["files"]
    return JSONResponse({"ready": ready, **parts}, 200 if ready else 503)


def _may_watch(request: Request, settings: Config) -> None:
    sent, wanted = request.headers.get("authorization", ""), f"Bearer {settings.metrics_token}"
    by_token = bool(settings.metrics_token) and hmac.compare_digest(sent.encode(), wanted.encode())
    if not by_token and (settings.metrics_token or not settings.is_local):
        raise Missing


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=PlainTextResponse,
    dependencies=[Depends(_may_watch)],
)
def get_metrics(db: Db, at: Now) -> str:
    """How much is there, and how much is waiting: numbers only.

    A local backpack shows them to anyone on the machine; any other to who sends `BACKPACK_METRICS_TOKEN` as
    bearer, and to the rest of the world there is nothing here (404).
    """
    lines = ["# TYPE backpack_info gauge", f'backpack_info{{version="{version("backpack")}"}} 1']
    told: set[str] = set()
    for figure in watching.figures(db, at):
        if figure.name not in told:
            told.add(figure.name)
            lines += [f"# HELP {figure.name} {figure.help}", f"# TYPE {figure.name} gauge"]
        labels = ",".join(f'{name}="{value}"' for name, value in figure.labels.items())
        lines.append(
            f"{figure.name}{{{labels}}} {figure.value:g}" if labels else f"{figure.name} {figure.value:g}"
        )
    return "\n".join(lines) + "\n"
