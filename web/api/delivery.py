"""What a caller brings in: a file as multipart/form-data, or an address or a text as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from web.api import shapes
from web.api.caller import Caller
from web.errors import Unfit

BODY: Mapping[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "additionalProperties": False,
                    "properties": {
                        "file": {
                            "type": "string",
                            "contentMediaType": "application/octet-stream",
                            "description": "A baked PNG or SVG, JSON, a signed text, an e-mail (.eml), a ZIP archive…",
                        }
                    },
                },
            },
            "application/json": {
                "schema": {"$ref": "#/components/schemas/Bring"},
                "examples": {
                    "address": {"value": {"url": "https://issuer.example/badges/42"}},
                    "text": {"value": {"text": "eyJhbGciOiJFUzI1NiJ9.eyJ2YyI6e319.c2lnbmF0dXJl"}},
                },
            },
        },
    }
}
"""How the documentation shows it (FastAPI knows only one kind of body a route)."""

_HOW = 'Send a file as multipart/form-data under the name “file”, or JSON: {"url": …} or {"text": …}.'


@dataclass(frozen=True, slots=True)
class Delivery:
    """Bytes, the way they came (file, link, text), and what people call them."""

    data: bytes
    source: str
    origin: str


# The caller comes first: nobody's body is read before their token is known.
async def _delivery(request: Request, _: Caller) -> Delivery:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _file(request)
    if kind == "application/json":
        return _said(await request.body())
    raise Unfit("This is neither a form with a file nor JSON.", _HOW)


Delivered = Annotated[Delivery, Depends(_delivery, scope="function")]
"""What the body of the call brings in."""


async def _file(request: Request) -> Delivery:
    async with request.form(max_files=1, max_fields=1) as form:
        unknown = next((name for name in form if name != "file"), None)
        if unknown is not None:
            raise Unfit("The form has a field that we do not know.", _HOW)
        sent = form.get("file")
        if not isinstance(sent, UploadFile):
            raise Unfit("The form has no file under the name “file”.", _HOW)
        return Delivery(await sent.read(), "file", sent.filename or "file")


def _said(body: bytes) -> Delivery:
    try:
        brought = shapes.Bring.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(
            [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        ) from error
    if (brought.url is None) == (brought.text is None):
        raise Unfit("It takes exactly one of “url” and “text”.", _HOW)
    text = (brought.url or brought.text or "").strip()
    is_link = brought.url is not None or (text.startswith(("http://", "https://")) and len(text.split()) == 1)
    return Delivery(text.encode(), "link" if is_link else "text", text[:300] if is_link else "Pasted text")
