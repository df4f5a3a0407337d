"""Handing a mail to the mail server, so that it is never handed over twice."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import parse_qs, unquote, urlsplit

from ..config import Settings

TIMEOUT = 30  # seconds, for each step of the conversation


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: ``state`` is sent, failed (for good), unsent (try again) or unknown; why, if not sent."""

    state: str
    problem: str | None = None


def hand_over(
    message: EmailMessage, sender: str, to: str, settings: Settings, before_data: Callable[[], bool]
) -> Outcome:
    """Hand it over. ``before_data`` is called once the server takes sender and recipient; False stops it there.

    From then on it may have left whatever happens, unless the server says otherwise: a conversation that
    breaks off ends as unknown, and is not repeated.
    """
    begun = False
    try:
        with _server(settings) as server:
            _accepted(server.mail(sender))
            _accepted(server.rcpt(to))
            if not before_data():
                return Outcome("unsent", "Somebody else is sending it.")
            begun = True
            _accepted(server.data(message.as_bytes(policy=SMTP)))
    except smtplib.SMTPAuthenticationError as error:
        # Of the mail itself nothing was said: it leaves once the password is right.
        return Outcome(
            "unsent", f"The mail server answered {error.smtp_code} to the name and password in MAIL_URL."
        )
    except smtplib.SMTPResponseException as error:
        # The server's own words may hold anything; its number says enough.
        return Outcome(
            "failed" if error.smtp_code >= 500 else "unsent", f"The mail server answered {error.smtp_code}."
        )
    except UnicodeError:
        return Outcome("failed", "The mail server takes no address like this.")
    except (smtplib.SMTPException, OSError) as error:
        if begun:
            return Outcome("unknown", "It may have been sent: the mail server broke off.")
        return Outcome("unsent", f"The mail server could not be reached ({type(error).__name__}).")
    return Outcome("sent")


def _accepted(reply: tuple[int, bytes]) -> None:
    code, said = reply
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, said)


@contextmanager
def _server(settings: Settings) -> Iterator[smtplib.SMTP]:
    """The mail server of MAIL_URL: smtp:// (STARTTLS when offered, or with ?starttls always), smtps:// (TLS)."""
    url = urlsplit(settings.mail_url)
    # To read all the roots that are trusted takes longer than to hand over a mail without them.
    host, context = url.hostname or "", ssl.create_default_context
    server: smtplib.SMTP
    if url.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, url.port or 465, timeout=TIMEOUT, context=context())
    else:
        server = smtplib.SMTP(host, url.port or 587, timeout=TIMEOUT)
    try:
        server.ehlo_or_helo_if_needed()
        if url.scheme == "smtp" and (server.has_extn("starttls") or "starttls" in parse_qs(url.query, True)):
            server.starttls(context=context())
            server.ehlo()
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        yield server
    finally:
        # Saying goodbye is polite; that it failed says nothing about the mail.
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
