"""Who signed a mail (DKIM). Runs in a worker, with what name servers said in hand."""

import dkim

from backpack.network.names import Answers, Question

from .shapes import FAIL, NONE, PASS, UNKNOWN, Said

MOST = 5
"""A mail has a signature of its sender, and perhaps of a list or two."""


def signed_by(data: bytes, answers: Answers) -> tuple[tuple[Said, ...], set[Question]]:
    """What each signature proves, and what must be asked before that is known."""
    wanted: set[Question] = set()
    silent: set[Question] = set()

    def key(name: bytes, timeout: float = 0) -> bytes | None:  # noqa: ARG001  dkimpy's signature
        question = (name.decode("ascii", "replace").rstrip(".").lower(), "TXT")
        found = answers.get(question)
        if question not in answers:
            wanted.add(question)
        elif found is None:
            silent.add(question)
        return found[0].encode("latin-1") if found else None

    message = dkim.DKIM(data)
    fields = [value for name, value in message.headers if name.lower() == b"dkim-signature"]
    said = tuple(_said(data, number, field, key, silent) for number, field in enumerate(fields[:MOST]))
    return said, wanted


def _said(data: bytes, number: int, field: bytes, key: object, silent: set[Question]) -> Said:
    domain = ""
    try:
        tags = dkim.util.parse_tag_value(field)
        domain = tags[b"d"].decode("ascii").lower()
        if b"l" in tags:  # anyone may have added to what was signed
            return Said(NONE, domain)
        before = len(silent)
        if dkim.DKIM(data).verify(number, key):
            return Said(PASS, domain)
        return Said(UNKNOWN if len(silent) > before else FAIL, domain)
    except Exception:  # noqa: BLE001  a stranger's field may break dkimpy in any way: then it proves nothing
        return Said(FAIL, domain)
