"""Our certificate for STARTTLS."""

import logging
import ssl
from pathlib import Path

from ..config import Settings
from ..errors import Misconfigured

log = logging.getLogger("backpack.mailroom")


class Certificate:
    """A certificate with its key. One that was renewed on disk is taken up by the next connection."""

    def __init__(self, settings: Settings) -> None:
        self._files = [Path(name) for name in (settings.smtp_tls_cert, settings.smtp_tls_key) if name]
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._loaded: list[int] = []
        try:
            self._load()
        except (OSError, ssl.SSLError) as error:
            raise Misconfigured(
                "The certificate of BACKPACK_SMTP_TLS_CERT cannot be used, or is not that of the key.",
                "Name PEM files that this process may read.",
            ) from error

    def context(self) -> ssl.SSLContext:
        """What the next connection is to use. Files that are just being replaced do not disturb it."""
        try:
            if self._changed() != self._loaded:
                self._load()
        except (OSError, ssl.SSLError):
            log.warning("The renewed certificate cannot be used yet; the old one goes on.", exc_info=True)
        return self._context

    def _load(self) -> None:
        changed = self._changed()
        # Tried apart first: a context that failed half-way would be left with neither.
        for context in (ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), self._context):
            context.load_cert_chain(self._files[0], self._files[-1], password="")
        self._loaded = changed

    def _changed(self) -> list[int]:
        return [file.stat().st_mtime_ns for file in self._files]
