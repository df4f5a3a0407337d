"""Is it still, and already, valid?"""

from datetime import timedelta

from ..case import Case
from ..credential import LEGACY
from ..report import Check, Outcome, Verdict
from ..times import CLOCK_DIFFERENCE, day

ID = "dates"


def needs(case: Case) -> set[str]:
    """Nothing: the badge itself says its dates."""
    return set()


def answer(case: Case) -> Check:
    """Failed as expired, not yet valid, or contradictory; passed when it has not expired."""
    credential, at = case.credential, case.at
    begins, ends = case.term
    said = (("Issued", credential.issued_at), ("Begins", begins), ("Ends", ends))
    detail = {label: day(when) for label, when in said if when}
    if begins and ends and ends < begins:
        return Check(ID, Outcome.failed, "It ends before it begins.", Verdict.invalid, detail)
    if ends and ends <= at:
        return Check(ID, Outcome.failed, f"It expired on {day(ends)}.", Verdict.expired, detail)
    # Issuers of OB 1 and 2 stamp the moment of issue.
    lenience = CLOCK_DIFFERENCE if credential.version in LEGACY else timedelta(0)
    if begins and begins > at + lenience:
        return Check(
            ID, Outcome.failed, f"It is valid only from {day(begins)}.", Verdict.not_yet_valid, detail
        )
    if ends:
        return Check(ID, Outcome.passed, f"It is valid until {day(ends)}.", detail=detail)
    if case.may_be_a_part:
        return Check(ID, Outcome.passed, "It shows no end; its holder may have left one out.", detail=detail)
    return Check(ID, Outcome.passed, "It never expires.", detail=detail)
