"""Mail that would have been sent, to read on a machine that sends none. Only where BASE_URL is local."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from backpack.errors import Missing
from backpack.services import notifying
from web.deps import BarePage, Config, Db

router = APIRouter(prefix="/dev/mail")


@router.get("", response_class=HTMLResponse)
def show_mail(page: BarePage, db: Db, settings: Config) -> HTMLResponse:
    """The kept messages, newest first."""
    if not settings.is_local or settings.mail_url:
        raise Missing("There is no page at this address.")
    return page("devmail/index.html", mails=notifying.kept(db))
