"""`backpack serve`: everything in one process tree."""

import errno
import importlib
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING

import click

from backpack.errors import BackpackError, Misconfigured

if TYPE_CHECKING:
    from backpack.config import Settings


@click.command("serve", short_help="Serve web and jobs, and the mailroom when it is set up.")
@click.option("--host", help="Where to listen; BACKPACK_HOST, or 127.0.0.1, when left out.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Where to listen; BACKPACK_PORT, or 8000, when left out."
)
def serve(host: str | None, port: int | None) -> None:
    """Bring the database up to date, then serve the web, the jobs and (when set) the mailroom."""
    import uvicorn

    from backpack import mailroom
    from backpack.storage.database import migrate

    from .family import Family

    settings = _settings(host, port)
    _refuse_taken(settings)
    mailroom.refuse_taken(settings)
    migrate(settings)
    _take_over(settings)
    # What is imported while the handler below is in place may swallow its exception, and we would never end.
    for name in _NEEDED:
        importlib.import_module(name)
    # uvicorn, once it has ended in peace, raises the signal again: by default that would end us before our children.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with Family() as family:
        family.start("worker")
        if settings.smtp_listen or settings.lmtp_listen:
            family.start("mailroom")
        _greet(settings)
        uvicorn.run(
            "web.app:create",
            factory=True,
            host=settings.host,
            port=settings.port,
            workers=settings.web_processes,
            loop="uvloop",
            http="httptools",
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=bool(settings.proxies),
            forwarded_allow_ips=settings.proxies or None,
            limit_concurrency=500,
            timeout_keep_alive=10,
            timeout_graceful_shutdown=10,
        )


_NEEDED = ("uvicorn.loops.uvloop", "uvicorn.protocols.http.httptools_impl", "uvicorn.lifespan.on", "web.app")


def _settings(host: str | None, port: int | None) -> "Settings":
    """The settings with what the command line says; put into the environment, for the other processes."""
    from backpack import jobs
    from backpack.config import Settings

    from .starting import refuse_unusable

    if host is not None:
        os.environ["BACKPACK_HOST"] = host
    if port is not None:
        os.environ["BACKPACK_PORT"] = str(port)
    settings = Settings()
    refuse_unusable(settings)
    jobs.expect_queue(settings)
    return settings


def _take_over(settings: "Settings") -> None:
    """On one machine nobody else is at work when it starts: what a power cut interrupted is done at once."""
    from backpack.services import leasing
    from backpack.storage.database import session

    if settings.database.startswith("sqlite"):
        with session(settings) as db:
            leasing.free_all(db)


def _refuse_taken(settings: "Settings") -> None:
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise Misconfigured(
                    f"Nothing can listen at {settings.host}:{settings.port}: {error.strerror}.",
                    "Look at BACKPACK_HOST and BACKPACK_PORT.",
                ) from error
            raise BackpackError(
                f"Something else listens at {settings.host}:{settings.port} already.",
                "Choose another port, as in: PORT=8001 make run",
            ) from error


def _greet(settings: "Settings") -> None:
    click.echo(f"Backpack is at {settings.base_url}")
    if settings.is_local and not settings.mail_url:
        click.echo(f"Mail that would be sent is at {settings.base_url}/dev/mail")
    for name, where in (("SMTP", settings.smtp_listen), ("LMTP", settings.lmtp_listen)):
        if where:
            click.echo(f"Award mails are taken by {name} at {where}")
