"""Bytes of strangers as answers: harmless wherever they are opened."""

from fastapi.responses import Response

from .security import CSP_PICTURE

_HARMLESS = {"content-security-policy": CSP_PICTURE}


def picture(data: bytes, cache: str) -> Response:
    """A PNG of our own making; ``cache`` says who may keep it, for how long."""
    return Response(data, media_type="image/png", headers=_HARMLESS | {"cache-control": cache})


def original(data: bytes, media_type: str, name: str) -> Response:
    """An untouched file as a download; ``name`` is one of ours, letters and digits only."""
    headers = _HARMLESS | {"content-disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=media_type, headers=headers)
