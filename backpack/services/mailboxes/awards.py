"""Whether a message looks like an award, by its head alone: who sent it, and what it is called."""

import re

from ...sources import mail, platforms

_WORDS = re.compile(
    r"badge|credential|award|certificat|congratulations"
    r"|abzeichen|zertifikat|urkunde|gl(?:ü|ue)ckwunsch|verliehen"  # de
    r"|insigne|diploma|gefeliciteerd|uitgereikt"  # nl
    r"|insignia|emblema|otorgad|enhorabuena|felicidades"  # es
    r"|attestation|félicitations|attribué"  # fr
    r"|parabéns|conferid|distintivo"  # pt
    r"|attestato|congratulazioni|rilasciat",  # it
    re.IGNORECASE,
)
_SENDERS = re.compile(r"badg|credly|accredible|certif|credential|parchment|moodle|openedx", re.IGNORECASE)


def looks_like_one(lines: bytes) -> bool:
    """Whether a platform that we know sent it, or its sender or subject speaks of badges in any of our languages."""
    letter = mail.head(lines)
    return bool(
        platforms.of_sender(letter)
        or _SENDERS.search(f"{letter.name} {letter.sender}")
        or _WORDS.search(letter.subject)
    )
