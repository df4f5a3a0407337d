"""Whether a server may send for the domain in the envelope (SPF). Runs in a worker, with answers in hand."""

from collections.abc import Iterator
from typing import Any

import spf

from backpack.network.names import KINDS, Answers, Question

from .heads import domain_of
from .shapes import FAIL, NONE, PASS, UNKNOWN, Reception, Said

_OUTCOMES = {"pass": PASS, "fail": FAIL, "softfail": FAIL, "none": NONE, "neutral": NONE}


def allowed_by(reception: Reception, answers: Answers) -> tuple[Said, set[Question]]:
    """What the domain says of the server that came, and what must be asked before that is known."""
    wanted: set[Question] = set()

    def look_up(name: str, kind: str, *_: object) -> Iterator[tuple[Question, Any]]:
        question = (name.rstrip(".").lower(), kind)
        if kind in KINDS and question not in answers:
            wanted.add(question)
        found = answers.get(question, None if kind in KINDS else ())
        if found is None:
            raise spf.TempError("no answer")
        return iter([((name, kind), _value(kind, one)) for one in found])

    spf.DNSLookup = look_up  # in this worker; it has no other way to be told
    domain = domain_of(reception.mail_from) or reception.helo.lower()
    try:
        result, _, _ = spf.query(i=reception.peer, s=reception.mail_from, h=reception.helo).check()
    except Exception:  # noqa: BLE001  a stranger's record may break pyspf in any way: then it allows nothing
        result = "permerror"
    return Said(_OUTCOMES.get(result, UNKNOWN), domain), wanted


def _value(kind: str, text: str) -> Any:
    if kind == "TXT":
        return (text.encode("latin-1"),)
    if kind == "MX":
        preference, _, host = text.partition(" ")
        return int(preference), host.rstrip(".")
    return text
