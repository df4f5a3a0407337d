"""Is it mine? Whether the badge was awarded to one of the addresses asked about."""

from ..case import Case
from ..identities import can_be_compared, is_email, masked
from ..report import Check, Outcome, Verdict

ID = "recipient"


def needs(case: Case) -> set[str]:
    """Nothing: the badge itself names its recipient."""
    return set()


def answer(case: Case) -> Check:
    """Passed when an address matches; skipped when none was asked about."""
    if case.recipients is None:
        return Check(ID, Outcome.skipped, "Nobody asked whom it was awarded to.", detail=_detail(case))
    if case.match is not None:
        # The address itself stands in Report.matched: this sentence is read by strangers too.
        says, detail = "It was awarded to an address that was asked about.", _detail(case)
        return Check(ID, Outcome.passed, says, detail=detail | {"Compared": case.match[1]})
    return Check(ID, Outcome.failed, _why(case), Verdict.wrong_recipient, _detail(case))


def _why(case: Case) -> str:
    named = case.credential.recipients
    if not named:
        return "It names nobody, so it cannot be shown to be yours."
    hints = [masked(r.identity) or r.identity for r in named if is_email(r) and not r.hashed]
    if hints:
        return f"It went to {hints[0]}."
    if any(is_email(r) and not can_be_compared(r) for r in named):
        return "Its recipient is hidden in a way that we do not know."
    if any(is_email(r) for r in named):
        return "It went to another e-mail address, which the badge does not show."
    return "It went to somebody who is not named by an e-mail address."


def _detail(case: Case) -> dict[str, str]:
    # A badge may also tell a name; what it was compared by is the address.
    named = case.credential.recipients
    if not named:
        return {}
    one = next(filter(is_email, named), None)
    what = "An e-mail address" if one else _KINDS.get(named[0].kind.lower(), "A name of its own")
    hidden = ", hidden: it can be compared, but not read" if (one or named[0]).hashed else ""
    return {"Named by": f"{what}{hidden}."}


_KINDS = {
    "did": "A decentralised identifier (DID)",
    "url": "A web address",
    "phone": "A telephone number",
    "telephone": "A telephone number",
    "name": "A person's name",
    "username": "A user name",
    "accountid": "An account's number",
    "nationalidentitynumber": "A national identity number",
}
"""How a badge may name its recipient, other than by an e-mail address."""
