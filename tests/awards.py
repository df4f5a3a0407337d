"""Award mails as the platforms write them: their structure, in our own words, to our own test people.

from tests import awards

mail = awards.badgr(reminder=True, site="Badges")     # an EmailMessage
awards.gmail_forward(mail)                            # the same, forwarded within the words of another
awards.NEVER_OPENED.search(url)                       # an address that no machine may open
"""

import base64
import re
from collections.abc import Callable
from email.message import EmailMessage
from html import escape
from urllib.parse import quote

BADGR_ID = "Xk3vN8pLR0aZm4tGh2bYcQ"
UUID = "5f0c2a7e-3b1d-4c8f-9e6a-7d2b1c0f4a58"
HASH = "3c9d0f5a7b1e2c4d6f8a9b0c1d2e3f4a5b6c7d8e"
EARNER = "maria@people.example"
COLLEGE = "https://montalvo.example"

NEVER_OPENED = re.compile(
    r"unsubscribe|/share/|share-|collect-badges|sign-?up|log-?in|/accept|direct-awards|/claim|preferences|twitter|facebook"
    r"|linkedin|pinterest",
    re.IGNORECASE,
)


def badgr(
    ui: str = "https://badgr.com",
    api: str = "https://api.badgr.io",
    has_account: bool = True,
    reminder: bool = False,
    site: str = "",
    sender: str = "noreply@badgr.com",
) -> EmailMessage:
    """As Badgr and its forks write to somebody with an account, or to an address that they do not know."""
    shown = f"{ui}/public/assertions/{BADGR_ID}"
    to = base64.b64encode(EARNER.encode()).decode()
    unsubscribe = f"{api}/unsubscribe/{to}/1790000000/{'5d' * 20}?a=1"
    button = ("Sign In", f"{ui}/auth/login") if has_account else ("Create Account", f"{ui}/auth/signup")
    hops = [
        (network.title(), f"{api}/v1/earner/share/badge/{BADGR_ID}?provider={network}&source=awardemail")
        for network in ("facebook", "linkedin", "twitter", "pinterest")
    ]
    subject = f"{'Reminder: ' * reminder}Congratulations, you earned a badge!"
    text = f"""Well done. This one is yours.

Open Science Foundations
How to share data so that others can use it.

Issued by Universidade de Montalvo
{COLLEGE}
Questions: awards@montalvo.example

Download it: {shown}?action=download

{ui}
Stop these e-mails: {unsubscribe}
"""
    html = _page(
        f'<a href="{shown}"><img alt="Badge" src="{api}/public/assertions/{BADGR_ID}/image"></a>',
        _link(("Universidade de Montalvo", f"{api}/public/issuers/aX3vN8pLR0aZm4tGh2bYcQ")),
        _link(button),
        "" if has_account else "We keep your address only to tell you of this badge.",
        _link(("Download", f"{shown}?action=download")),
        *map(_link, hops),
        _link(("About badges", "https://openbadges.org/")),
        _link(("Unsubscribe", unsubscribe)),
    )
    return _mail(f"Badgr <{sender}>", f"[{site}] {subject}" if site else subject, text, html)


def open_educational_badges(
    picture: bytes, paper: bytes = b"%PDF-1.7 certificate", micro: bool = False
) -> EmailMessage:
    """In German, with the baked picture and a paper attached; its text has no link to the award."""
    api = "https://api.openbadges.education"
    award = f"{api}/public/assertions/{BADGR_ID}"
    subject = "Dein Micro Degree" if micro else "Universidade de Montalvo sendet dir einen Badge."
    html = _page(
        f'<a href="{award}"><img src="{award}/image?type=png"></a>',
        _link(("In den Rucksack", f"{api}/v1/user/collect-badges-in-backpack?a={BADGR_ID}")),
        _link(("Kompetenz", "http://data.europa.eu/esco/skill/5ed4b1a7")),
    )
    mail = _mail(
        "Open Educational Badges <no-reply@openbadges.education>",
        subject,
        "Für dich: Grüße aus Montalvo.",
        html,
    )
    mail.add_attachment(picture, "image", "png", filename="Offene Wissenschaft – Grundlagen.badge.png")
    mail.add_attachment(paper, "application", "pdf", filename="Offene Wissenschaft – Grundlagen.badge.pdf")
    return mail


def edubadges(kind: str = "received") -> EmailMessage:
    """In Dutch and English, in one HTML part: its picture is a sample, its links are for those who sign in."""
    ui = "https://www.edubadges.nl"
    subjects = {
        "received": "Je hebt een edubadge ontvangen! You received an edubadge!",
        "claim": "Je hebt een edubadge ontvangen! Claim it now!",
        "expiring": "Reminder: your edubadge will expire",
        "deleted": "Your edubadge has been deleted",
        "revoked": "eduBadge has been revoked",
    }
    where = f"{ui}/details/{BADGR_ID}" if kind in ("received", "revoked") else f"{ui}/direct-awards"
    sample = base64.b64encode(b"\x89PNG\r\n\x1a\n sample").decode()
    mail = _mail("edubadges <noreply@surf.nl>", subjects[kind])
    body = (
        f'<img src="data:image/png;base64,{sample}">',
        "Gefeliciteerd met je nieuwe bewijs.",
        "Good news for you.",
    )
    mail.set_content(_page(*body, _link(("Bekijk / View", where))), subtype="html")
    return mail


def credly(accepted: bool = False) -> EmailMessage:
    """The way to accept goes through a counter that says nothing; the award's own page may be there too."""
    counter = "https://email.credly.com/c/eJxkjkFuwyAQRU9jdgoDGJsFm0q9hjWGIUaxIYWxod6-tttGlbqYzX_z_r9WS"
    links = [("Accept your badge", counter), ("Preferences", "https://www.credly.com/earner/preferences")]
    if accepted:
        links.insert(0, ("See it", f"https://www.credly.com/badges/{UUID}?source=email"))
    text = "\n".join(["Somebody issued you a badge.", *(url for _, url in links)])
    return _mail(
        "Universidade de Montalvo via Credly <admin@credly.com>",
        "Montalvo issued you a badge",
        text,
        _page(*map(_link, links)),
    )


def accredible(host: str = "https://www.credential.net") -> EmailMessage:
    """The page of the award, on their host or below it, and ways to share it."""
    page = f"{host}/{UUID}"
    links = [
        ("View credential", f"{page}?utm_source=email&username=maria#gs.1"),
        ("Share", f"https://www.linkedin.com/sharing/share-offsite/?url={quote(COLLEGE)}"),
        ("Unsubscribe", f"{host}/unsubscribe/{UUID.replace('5', '6')}"),
    ]
    return _mail(
        "Universidade de Montalvo <notifications@accredible.com>",
        "Your credential is ready",
        page,
        _page(*map(_link, links)),
    )


def open_badge_factory(
    host: str = "https://openbadgefactory.com", sender: str = "no-reply@openbadgefactory.com"
) -> EmailMessage:
    """The page of the award, and the way to receive it in the passport."""
    links = [
        ("Your badge", f"{host}/v1/assertion/{HASH}.html"),
        ("Receive it", "https://openbadgepassport.com/app/badge/receive/login?code=7"),
        ("Unsubscribe", f"{host}/unsubscribe/{HASH[:12]}"),
    ]
    text = "\n".join(url for _, url in links)
    return _mail(f"Montalvo <{sender}>", "Olet saanut osaamismerkin", text, _page(*map(_link, links)))


def open_badge_passport() -> EmailMessage:
    """Only a link for those who sign in."""
    link = ("Open your badges", "https://openbadgepassport.com/app/user/login?next=badge")
    return _mail(
        "Open Badge Passport <noreply@openbadgepassport.com>", "New badge", link[1], _page(_link(link))
    )


def moodle(picture: bytes = b"", sender: str = "noreply@moodle.montalvo.example") -> EmailMessage:
    """The badge's page, and the page of one's own badges; the baked picture too when the badge says so."""
    site = "https://moodle.montalvo.example"
    page, own = f"{site}/badges/badge.php?hash={HASH}", f"{site}/badges/mybadges.php"
    mail = _mail(
        f"Moodle of Montalvo <{sender}>",
        "Well earned: a badge for you",
        f"About it: {page}\nAll of yours: {own}\n",
        _page(_link(("About it", page)), _link(("All of yours", own))),
    )
    if picture:
        mail.add_attachment(picture, "image", "png", filename="Night Sky.png")
    return mail


def open_edx(host: str = "https://courses.montalvo.example") -> EmailMessage:
    """A certificate's page: no badge is behind it."""
    page = f"{host}/certificates/{UUID.replace('-', '')}"
    course = f"{host}/courses/course-v1:Montalvo+OS1+2026/course/"
    text = f"Your certificate: {page}\nThe course: {course}"
    return _mail("Montalvo Online <no-reply@courses.montalvo.example>", "You passed", text)


def gmail_forward(mail: EmailMessage) -> EmailMessage:
    """Forwarded as Gmail does, its links led through Google's own."""
    head = f"From: {mail['From']}\nDate: Mon, 4 May 2026 at 09:00\nSubject: {mail['Subject']}\nTo: <{EARNER}>"
    text = f"---------- Forwarded message ---------\n{head}\n\n\n{_text(mail)}"
    html = _html(
        mail, lambda url: f"https://www.google.com/url?q={quote(url, safe='')}&source=gmail&ust=1&usg=2"
    )
    head_html = escape(head).replace("\n", "<br>")
    return _mail(EARNER, f"Fwd: {mail['Subject']}", text, f'<div class="gmail_quote">{head_html}{html}</div>')


def outlook_forward(mail: EmailMessage) -> EmailMessage:
    """Forwarded as a German Outlook does, every link rewritten by mail protection."""

    def rewritten(url: str) -> str:
        host = "https://eur01.safelinks.protection.outlook.com"
        return f"{host}/?url={quote(url, safe='')}&data=05%7C02&sdata=x%3D&reserved=0"

    text = re.sub(r"https?://\S+", lambda found: rewritten(found[0]), _text(mail))
    head = (
        f"Von: {mail['From']}\nGesendet: Montag, 4. Mai 2026 09:00\nAn: {EARNER}\nBetreff: {mail['Subject']}"
    )
    return _mail(EARNER, f"WG: {mail['Subject']}", f"{'_' * 32}\n{head}\n\n{text}", _html(mail, rewritten))


def apple_forward(mail: EmailMessage) -> EmailMessage:
    """Forwarded as Apple Mail does: quoted, in plain text only, long links in angle brackets."""
    head = (
        f"From: {mail['From']}\nSubject: {mail['Subject']}\nDate: 4 May 2026 at 09:00:00 CEST\nTo: {EARNER}"
    )
    quoted = re.sub(r"(https?://\S+)", r"<\1>", _text(mail))
    lines = f"{head}\n\n{quoted}".splitlines()
    begin = "Begin forwarded message:\n\n"
    return _mail(EARNER, f"Fwd: {mail['Subject']}", begin + "\n".join(f"> {line}" for line in lines))


def attached_forward(mail: EmailMessage) -> EmailMessage:
    """Forwarded as an attachment."""
    outer = _mail(EARNER, "See this", "For you.")
    outer.add_attachment(mail)
    return outer


def _mail(sender: str, subject: str, text: str = "", html: str = "") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, EARNER, subject
    mail["Date"] = "Mon, 04 May 2026 09:00:00 +0200"
    if text:
        mail.set_content(text, cte="quoted-printable")
    if html:
        mail.add_alternative(html, subtype="html", cte="quoted-printable")
    return mail


def _page(*rows: str) -> str:
    body = "".join(f"<tr><td>{row}</td></tr>" for row in rows if row)
    return f"<!doctype html><html><body><table>{body}</table></body></html>"


def _link(named: tuple[str, str]) -> str:
    name, url = named
    return f'<a href="{escape(url)}" style="color:#222">{escape(name)}</a>'


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return str(part.get_content()) if part else ""


def _html(mail: EmailMessage, rewritten: Callable[[str], str]) -> str:
    part = mail.get_body(("html",))
    page = str(part.get_content()) if part else ""
    return re.sub(
        r'href="([^"]+)"', lambda found: f'href="{escape(rewritten(found[1].replace("&amp;", "&")))}"', page
    )
