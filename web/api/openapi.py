"""The documentation of the JSON API: the OpenAPI document, and the page that shows it without a third party."""

from functools import cache
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel

from backpack.services import examining, importing
from web import rendering
from web.api import health, limits, oembed, shapes, v1, vc_api
from web.security import CSP_APP

router = APIRouter(include_in_schema=False)

# Swagger UI draws its arrows from data: addresses in its style sheet.
_CSP = CSP_APP.replace("img-src 'self'", "img-src 'self' data:")

_ABOUT = """\
Keep every digital badge you ever earned, prove that it is genuine and yours, and show it.

**Token.** Make one under [Settings, Tokens](/settings/tokens), or have `backpack token EMAIL` print one; send it as
`Authorization: Bearer TOKEN`. Cookies mean nothing here.

**What goes wrong** is told as `application/problem+json`: `detail` and `try_this` are for people, `code` is for
programs. What is not there and what is someone else's get the same answer, 404. A field that the documentation
does not know is refused, so that a slip of the pen does not pass as a wish.

**A bad badge is not an error.** It is kept, and its report says what is wrong with it.

**Limits.** A file may have 8 MiB, a text 64 KiB. You may bring in {imports} badges, ask for {checks} checks and
fetch {exports} exports an hour; then the answer is 429 and its `Retry-After` says for how many seconds. Without a
token, {examined} credentials and presentations an hour are verified for each network.
"""

_TAGS = [
    {"name": "badges", "description": "Bring them in, look at them, check them."},
    {"name": "collections", "description": "Ordered sets of badges, each with a remark."},
    {"name": "shares", "description": "Public links; closing one works at once, everywhere."},
    {"name": "addresses", "description": "Your e-mail addresses, and the one that takes award mails."},
    {"name": "export", "description": "Everything of yours, to take along."},
    {"name": "verifying", "description": "Credentials and presentations, by the VC-API; no token is needed."},
    {"name": "embedding", "description": "For sites that show what someone links to."},
    {"name": "operating", "description": "For whoever runs this backpack."},
]

_MEANS = {
    "200": "Here it is",
    "201": "It is kept",
    "202": "It will be done",
    "204": "It is done; there is nothing more to say",
}


@router.get("/api/openapi.json")
def get_document(request: Request) -> JSONResponse:
    """The OpenAPI document."""
    return JSONResponse(document(request.app.state.settings.base_url))


@router.get("/api/docs")
def get_page(request: Request) -> HTMLResponse:
    """The page on which the calls can be read and tried."""
    return rendering.bare_page(request, "api/docs.html", {}, headers={"content-security-policy": _CSP})


@cache
def document(base_url: str) -> dict[str, Any]:
    """Every documented call of this server, with examples."""
    documented = APIRouter()
    for part in (v1, vc_api, oembed, health):
        documented.include_router(part.router)
    made = get_openapi(
        title="Backpack for programs",
        version=version("backpack"),
        description=_ABOUT.format(
            imports=importing.ARRIVALS_AN_HOUR,
            checks=limits.CHECKS,
            exports=limits.EXPORTS,
            examined=examining.FOR_EACH_NETWORK,
        ),
        routes=documented.routes,
        tags=_TAGS,
        servers=[{"url": base_url, "description": "This backpack"}],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    _complete(made["components"]["schemas"])
    for told in (told for methods in made["paths"].values() for told in methods.values()):
        for status, answer in told["responses"].items():
            if answer["description"] == "Successful Response":
                answer["description"] = _MEANS[status]
    return made


def _complete(schemas: dict[str, Any]) -> None:
    """Add the shapes that FastAPI does not see, and the nulls in examples, which it drops."""
    unseen: list[type[BaseModel]] = [shapes.Problem, shapes.Bring, shapes.Report]
    unseen += [shapes.VerifyCredential, shapes.VerifyPresentation]
    for model in unseen:
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(schema.pop("$defs", {}))
        schemas[model.__name__] = schema
    for name, schema in schemas.items():
        if "examples" in schema:
            schema["examples"] = getattr(shapes, name).model_config["json_schema_extra"]["examples"]
