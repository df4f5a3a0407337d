"""An issuer in a box: the source of our fixtures, signed with throwaway keys (see ``backpack.demo``).

    from tests.issuing import AT, MARIA, award, documents, issuer

    badge = issuer().ob3(award())                     # OB 3.0, did:key, eddsa-rdfc-2022, baked PNG
    badge.data, badge.text, badge.expect              # the file, the JSON inside, the verdict it deserves
    report = verify(read(badge.data), documents(badge), (MARIA,), AT)

Other kinds: ``ob3(award(), proof="ecdsa-rdfc-2019", speaks="did:web", vc="1.1", carrier="svg")`` and
``ob3_jwt(award(), "ES256", speaks="https", carrier="bare")``. Standing and dates belong to the award:
``award(standing="revoked")``, ``award(expires_at=AT)``.

Forgeries take an issued badge and give what a forger would send: ``renamed(badge)``.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from backpack.demo import baking
from backpack.demo.issuing import DemoIssuer
from backpack.demo.shapes import Award, Issued, Statement
from backpack.verifier.documents import Document, Documents
from backpack.verifier.report import Verdict

AT = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
MARIA = "maria@backpack.example"


@cache
def issuer(host: str = "montalvo.example") -> DemoIssuer:
    """The issuer at this host; the same one, with the same keys, for the whole test run."""
    return DemoIssuer("Universidade de Montalvo", host, AT)


def award(**facts: Any) -> Award:
    """An award to Maria of a year before AT; any field of ``Award`` may be given."""
    usual = {
        "name": "Open Science Foundations",
        "recipient": MARIA,
        "issued_at": AT.replace(year=AT.year - 1),
    }
    return Award(**{**usual, **facts})


def documents(*badges: Issued) -> Documents:
    """Everything that the issuers' addresses answer, as the verifier is handed it."""
    return Documents(*(document(url, *answer) for badge in badges for url, answer in badge.documents.items()))


def document(url: str, status: int, content_type: str, body: bytes) -> Document:
    """What one address answered at AT."""
    problem = None if 200 <= status < 300 else f"answered {status}"
    return Document(url, status, body, content_type, problem, AT)


def put(badge: Issued, text: str) -> Issued:
    """The same file with another text inside."""
    statement = Statement(text, badge.keyword, badge.documents, badge.address)
    return replace(badge, text=text, data=baking.bake(statement, badge.art, badge.carrier))


def changed(badge: Issued, **members: Any) -> Issued:
    """A forgery: members of the signed JSON overwritten, its proof kept."""
    forged = put(badge, json.dumps({**json.loads(badge.text), **members}))
    return replace(forged, expect=Verdict.invalid)


def renamed(badge: Issued, name: str = "Doctor of Everything") -> Issued:
    """A forgery: another achievement under the old proof."""
    subject = json.loads(badge.text)["credentialSubject"]
    subject["achievement"]["name"] = name
    return changed(badge, credentialSubject=subject)
