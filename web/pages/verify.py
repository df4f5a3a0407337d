"""For employers: check a badge without an account. Nothing of it is kept."""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import HTMLResponse
from markupsafe import escape

from backpack.errors import BackpackError, NothingInside
from backpack.services import answering, joining
from backpack.services.answering import Answer, Answers
from backpack.services.gathering import Trouble
from web import codes, numbers, signers, words
from web.contents import Fact
from web.deps import BarePage, Config, Db, Now
from web.errors import status_of
from web.forms import Email, brought
from web.letters import letter
from web.security import CSP_ANSWER, network_of
from web.texts import plain

router = APIRouter(prefix="/verify")

NOBODY_ASKED = Answers((), ())


@router.get("", response_class=HTMLResponse)
def ask(page: BarePage, settings: Config) -> HTMLResponse:
    """The form."""
    shown = page("verify/index.html", text="", recipient="", **_facts(NOBODY_ASKED, settings))
    shown.headers["x-robots-tag"] = "all"
    return shown


@router.post("", response_class=HTMLResponse)
def look(
    request: Request,
    page: BarePage,
    db: Db,
    settings: Config,
    at: Now,
    file: Annotated[Sequence[UploadFile | str], Form()] = (),
    text: Annotated[str, Form(max_length=80_000)] = "",
    recipient: Email = "",
) -> HTMLResponse:
    """Check what is given, now, and say what came of it."""
    status = 200
    try:
        given = brought(file, text)
        if not given:
            raise NothingInside("Nothing was chosen.", "Choose a file, or paste the link to a badge.")
        asked = (joining.normal(recipient),) if recipient else None
        answers = answering.look(db, *given[0], asked, settings, network_of(request), at)
        if len(given) > 1:
            answers = replace(answers, troubles=(*answers.troubles, _only_one(given[0].origin)))
    except BackpackError as error:
        status, answers = status_of(error), Answers((), (Trouble(error.says, error.try_this),))
    facts = _facts(answers, settings)
    shown = page("verify/index.html", status=status, text=text.strip(), recipient=recipient, **facts)
    shown.headers["content-security-policy"] = CSP_ANSWER
    return shown


def _only_one(origin: str) -> Trouble:
    return Trouble(f"Only {origin} was checked.", "Check one thing at a time: now the other, on its own.")


def _facts(answers: Answers, settings: Config) -> dict[str, Any]:
    standings = [words.standing(answer.report["verdict"], answer.report) for answer in answers.badges]
    link = f"{settings.base_url}/verify"
    return {
        "letters": [
            (letter(answer.report, "asker", people=_people(answer)), answer, _file(answer.report))
            for answer in answers.badges
        ],
        "summary": words.summary(standings) if len(standings) > 1 else "",
        "caution": signers.cautions(answer.report for answer in answers.badges),
        "troubles": answers.troubles,
        "without": numbers.plural(answers.without, "other file")
        if answers.badges and answers.without
        else "",
        "link": link,
        "qr": codes.drawn(link),
    }


def _file(report: dict[str, Any]) -> str:
    """The report as a file inside its link: nothing is kept here that a link could lead to later."""
    data = json.dumps(report, indent=2, ensure_ascii=False).encode()
    return f"data:application/json;base64,{b64encode(data).decode()}"


def _people(answer: Answer) -> tuple[Fact, ...]:
    name = plain((answer.report.get("badge") or {}).get("recipient_name"))
    return (Fact("Awarded to", (escape(name),), "The name that the badge itself carries."),) if name else ()
