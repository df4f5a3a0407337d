"""The mails that joining sends: short, the code first, readable as plain text."""

from dataclasses import dataclass
from html import escape

from ...config import Settings

_PAGE = """\
<!doctype html>
<html lang="en"><body style="margin:0;padding:32px 16px;background:#f6f4ef;color:#1d2430;\
font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif">
<div style="max-width:30em;margin:0 auto;padding:32px;background:#fff;border-radius:12px">
<p style="margin:0 0 16px;font-weight:600">{hello}</p>
<p style="margin:0 0 24px;font:600 34px/1.2 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.16em">{code}</p>
<p style="margin:0 0 24px"><a href="{link}" style="display:inline-block;padding:12px 20px;border-radius:4px;\
background:#1f4b99;color:#fff;text-decoration:none;font-weight:600">{button}</a></p>
<p style="margin:0;color:#5a6372;font-size:14px">{ends}</p>
</div></body></html>
"""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail without its address."""

    subject: str
    text: str
    html: str


def sign_in(code: str, link: str, settings: Settings) -> Mail:
    """What someone gets who wants to sign in."""
    hello = f"Your code to sign in to Backpack at {settings.host_name}:"
    ends = (
        "The code works for 10 minutes, the link for 30, each once. "
        "If you did not ask for it, ignore this mail: nobody can sign in without it."
    )
    return _mail(f"{code} is your Backpack code", hello, code, "Sign in", link, ends)


def confirm(code: str, link: str, settings: Settings) -> Mail:
    """What someone gets whose address was added to a backpack."""
    hello = (
        f"Somebody, probably you, added this address to a backpack at {settings.host_name}. To confirm it:"
    )
    ends = (
        "The code works for 10 minutes, the link for 30, each once. "
        "If it was not you, ignore this mail: an address counts for nothing until it is confirmed."
    )
    return _mail(
        f"{code} confirms your address for Backpack", hello, code, "Confirm this address", link, ends
    )


def _mail(subject: str, hello: str, code: str, button: str, link: str, ends: str) -> Mail:
    text = f"{hello}\n\n    {code}\n\n{button}: {link}\n\n{ends}\n"
    shown = {"hello": hello, "code": code, "button": button, "link": link, "ends": ends}
    return Mail(subject, text, _PAGE.format(**{name: escape(value) for name, value in shown.items()}))
