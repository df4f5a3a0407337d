"""The big providers: where their mail is read, and what they want instead of the usual password."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from ...errors import WrongPassword


@dataclass(frozen=True, slots=True)
class Provider:
    """Words for the form. ``page`` is where its own help tells how to make an app password."""

    name: str
    host: str
    hint: str
    page: str = ""


PROVIDERS = {
    "gmail": Provider(
        "Gmail",
        "imap.gmail.com",
        "Gmail wants an app password: sixteen letters that you make in your Google account, "
        "once 2-Step Verification is on. Your usual password does not work.",
        "https://myaccount.google.com/apppasswords",
    ),
    "outlook": Provider(
        "Outlook",
        "outlook.office365.com",
        "Outlook.com, Hotmail and Microsoft 365 let no other program sign in with a password any more, "
        "not even with an app password. Make a rule there that forwards award e-mails to your import address.",
    ),
    "icloud": Provider(
        "iCloud",
        "imap.mail.me.com",
        "iCloud wants an app-specific password, which you make in your Apple account. "
        "The user name is what stands before the @ of your iCloud address.",
        "https://account.apple.com",
    ),
    "fastmail": Provider(
        "Fastmail",
        "imap.fastmail.com",
        "Fastmail wants an app password, which you make under Privacy & Security.",
        "https://app.fastmail.com/settings/security",
    ),
    "other": Provider(
        "Another",
        "",
        "Many providers want an app password, made for this backpack alone, not your usual one.",
    ),
}
_SAME_AS = {
    "imap.googlemail.com": "imap.gmail.com",
    "imap-mail.outlook.com": "outlook.office365.com",
    "outlook.office.com": "outlook.office365.com",
}


def provider_of(host: str) -> str:
    """Whose host this is: a key of PROVIDERS."""
    name = host.lower().rstrip(".")
    name = _SAME_AS.get(name, name)
    return next((key for key, one in PROVIDERS.items() if one.host == name), "other")


@contextlib.contextmanager
def hinting(host: str) -> Iterator[None]:
    """Say with a wrong password what this provider wants instead."""
    try:
        yield
    except WrongPassword as error:
        error.try_this = error.try_this or PROVIDERS[provider_of(host)].hint
        raise
