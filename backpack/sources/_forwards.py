"""The head of a mail that was forwarded inside the words of another: who wrote it first.

Mail programs write it as lines of text, each in the language of its owner.
"""

import re

from . import _mime as mime
from ._parcel import Letter

_NAMES = {
    "sender": "from|von|van|de|da|från|fra|lähettäjä|od|差出人",
    "subject": "subject|betreff|onderwerp|objet|asunto|assunto|oggetto|ämne|emne|aihe|temat|件名",
    "to": "to|an|aan|à|para|a|till|til|vastaanottaja|do|宛先",
    "date": "date|sent|datum|gesendet|verzonden|envoyé|enviado|fecha|data|inviato|skickat|sendt|lähetetty|wysłano|日付",
}
_FIELD = {
    name: re.compile(rf"(?:{words})\s?\**\s?[::]\s?\**\s?(\S.*)", re.IGNORECASE)
    for name, words in _NAMES.items()
}
_ADDRESS = re.compile(r"(?:mailto:)?([\w.+=-]{1,64}@[\w-]+(?:\.[\w-]+)+)")
_MOST_LINES = 2_000
_LONGEST_LINE = 500


def letters(text: str) -> list[Letter]:
    """The letters whose heads stand in these words: at least a sender and a subject, on neighbouring lines."""
    found: list[Letter] = []
    block: dict[str, str] = {}
    for line in [*text.splitlines()[:_MOST_LINES], ""]:
        name, said = _field(line[:_LONGEST_LINE].strip("> \t*"))
        if name and name not in block:
            block[name] = said
        elif line.strip("> \t*"):
            continue_of = block and line.startswith((" ", "\t"))
            if not continue_of:
                block = _kept(block, found)
        else:
            block = _kept(block, found)
    return found


def _field(line: str) -> tuple[str, str]:
    for name, pattern in _FIELD.items():
        if found := pattern.fullmatch(line):
            return name, found[1].strip(" *")
    return "", ""


def _kept(block: dict[str, str], found: list[Letter]) -> dict[str, str]:
    """Note the letter of a block that has ended, and begin anew."""
    sender = _ADDRESS.search(block.get("sender", ""))
    if sender and "subject" in block:
        name = block["sender"][: sender.start()].strip(' <[("*')
        to = tuple(_ADDRESS.findall(block.get("to", "")))
        found.append(
            Letter(sender=sender[1], name=name[:200], subject=mime.decoded(block["subject"])[:300], to=to)
        )
    return {}
