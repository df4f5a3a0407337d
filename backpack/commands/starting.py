"""What is looked at before anything begins: what is wrong would else be noticed later, by somebody else."""

from typing import TYPE_CHECKING

from backpack.errors import Misconfigured

from .family import is_child

if TYPE_CHECKING:
    from backpack.config import Settings


def refuse_unusable(settings: "Settings") -> None:
    """Raise Misconfigured when something that is set, or is not, cannot work."""
    from backpack import mailroom
    from backpack.services import trusting
    from backpack.storage.blobs import Blobs

    _ = settings.key  # made, or refused when it is weak
    if not settings.mail_url and not settings.is_local:
        raise Misconfigured(
            "BACKPACK_MAIL_URL is not set, and BACKPACK_BASE_URL is not local: nobody could sign in.",
            "Set it to your mail server: smtp://user:password@host:port",
        )
    trusting.at_hand(settings)
    mailroom.refuse_unusable(settings)
    Blobs(settings)


def expect_ready(settings: "Settings") -> None:
    """For a part of the house that begins on its own. What goes away later is waited for. Raises Misconfigured."""
    from backpack import jobs
    from backpack.storage import database

    if is_child():
        return
    refuse_unusable(settings)
    database.expect_current(settings)
    jobs.expect_queue(settings)
