"""Where providers hand award mails over: who may, and what each understands as “done”, “stop” and “try again”."""

import logging

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from backpack import jobs
from backpack.errors import Missing, NotSignedIn, Refused, TooMany, Unreadable
from backpack.services import relaying
from backpack.sources.webhooks import Call, Webhook
from backpack.storage.database import session
from backpack.storage.tables import now
from web import errors
from web.deps import Config

router = APIRouter(include_in_schema=False)

_log = logging.getLogger(__name__)


@router.post("/inbound/{name}")
@router.post("/inbound/{name}/mime")  # Mailgun gives the whole mail to an address that ends like this
async def take_mail(name: str, request: Request, settings: Config) -> Response:
    """Take a mail, and answer once it is safely kept."""
    provider = relaying.webhook(settings, name)
    call = Call(dict(request.headers), await request.body())
    return await run_in_threadpool(_answer, request, provider, call)


def _answer(request: Request, provider: Webhook, call: Call) -> Response:
    try:
        kept = _keep(request, provider, call)
    except NotSignedIn as error:
        _log.warning("A call of %s was refused: is its setting the right one?", provider.LABEL)
        return errors.problem(error)
    except (relaying.Later, TooMany) as error:
        _log.warning("A call of %s was put off: %s %s", provider.LABEL, error.says, error.try_this)
        return errors.problem(relaying.Later(error.says, error.try_this), {"retry-after": "600"})
    except (Missing, Refused, Unreadable) as error:
        return JSONResponse({"kept": 0, "detail": error.says}, provider.STOP)
    return JSONResponse({"kept": kept})


def _keep(request: Request, provider: Webhook, call: Call) -> int:
    state = request.app.state
    with session(state.engine) as db:
        arrivals = relaying.take(db, state.blobs, state.settings, provider, call, now())
        ids = [arrival.id for arrival in arrivals]
    for arrival_id in ids:
        jobs.nudge_arrival(arrival_id)
    return len(ids)
