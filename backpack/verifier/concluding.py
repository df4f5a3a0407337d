"""From checks to one word, and what is said where there are no checks to make."""

from datetime import datetime

from ..errors import UnknownFormat, Unreadable
from .credential import Credential, Recipient
from .documents import Document
from .identities import is_email, same_recipient
from .legible import quoted
from .linked import says_withdrawn, told_back, why_withdrawn
from .report import Check, Outcome, Report, Verdict
from .watching import Watched

_ORDER = (
    Verdict.invalid,
    Verdict.revoked,
    Verdict.suspended,
    Verdict.expired,
    Verdict.not_yet_valid,
    Verdict.wrong_recipient,
)
MOST_COMPARED = 64
_NEEDED = ("structure", "proof", "issuer")


def verdict_of(checks: tuple[Check, ...]) -> Verdict:
    """The first verdict that a failed check forces; verified only where nothing stayed open."""
    outcomes = [check.outcome for check in checks]
    if Outcome.failed in outcomes:
        forced = [c.verdict or Verdict.invalid for c in checks if c.outcome is Outcome.failed]
        return min(forced, key=_ORDER.index)
    passed = {c.id for c in checks if c.outcome is Outcome.passed}
    is_open = Outcome.unknown in outcomes or not passed.issuperset(_NEEDED)
    return Verdict.unconfirmed if is_open else Verdict.verified


def check_contained(reports: tuple[Report, ...]) -> tuple[Check, ...]:
    """What the credentials inside mean for the record: a forged or withdrawn one spoils it, an expired one does not."""
    if not reports:
        return ()
    count = "1 credential" if len(reports) == 1 else f"{len(reports)} credentials"
    for verdict, says in (
        (Verdict.invalid, "is not genuine"),
        (Verdict.revoked, "was taken back by its issuer"),
        (Verdict.suspended, "is suspended by its issuer"),
    ):
        if bad := next((r for r in reports if r.verdict is verdict), None):
            return (Check("contained", Outcome.failed, f"{_named(bad)} inside it {says}.", verdict),)
    if open_one := next((r for r in reports if r.verdict is Verdict.unconfirmed), None):
        return (Check("contained", Outcome.unknown, f"{_named(open_one)} inside it could not be confirmed."),)
    ended = sum(r.verdict is not Verdict.verified for r in reports)
    rest = f"; {ended} of them not valid now" if ended else ""
    return (Check("contained", Outcome.passed, f"It holds {count}, all genuine{rest}."),)


def of_others(record: Credential, reports: tuple[Report, ...]) -> tuple[str, ...]:
    """What is to be said where a record holds badges that were not awarded to whom it names itself."""
    theirs = [one for one in reports if _are_others(record.recipients, one.credential)]
    if not theirs:
        return ()
    who, name = _named(theirs[0]), "names"
    if len(theirs) > 1:
        who, name = f"{who} and {len(theirs) - 1} more", "name"
    return (f"{who} inside it {name} another recipient than the record does.",)


def _are_others(named: tuple[Recipient, ...], badge: Credential) -> bool:
    """Whether none of these is a badge's recipient, by addresses and DIDs; other names are not one's own alone."""
    # A plain credential may be about anything. And to compare each name with each is work without end.
    if badge.version == "vc" or len(named) * len(badge.recipients) > MOST_COMPARED:
        return False
    answers = [
        same_recipient(one, other)
        for one in named
        for other in badge.recipients
        if (is_email(one) and is_email(other)) or one.kind == other.kind == "did"
    ]
    return bool(answers) and all(answer is False for answer in answers)


def _named(report: Report) -> str:
    called = report.credential.called
    return quoted(called) if called else "A badge without a name"


def nothing_there(credential: Credential, used: Watched, address: str, at: datetime) -> Report:
    """The report on an address behind which no badge was found."""
    document = used.get(address)
    if document is not None and says_withdrawn(document):
        why, verdict = why_withdrawn(document), Verdict.revoked
        says = told_back(why) if why else "The issuer has taken it back: its address says that it is gone."
        check = Check("revocation", Outcome.failed, says, verdict, {"Source": address})
    elif document is not None and document.ok:
        says, verdict = f"What is served at {address} is not a badge{_why_not(document)}", Verdict.not_a_badge
        check = Check("structure", Outcome.failed, says, verdict, {"Source": address})
    else:
        why = (document.problem if document else None) or "it has not been fetched"
        says = f"Only its address is known, and what is there could not be read: {why}."
        verdict = Verdict.unconfirmed
        check = Check("structure", Outcome.unknown, says, detail={"Source": address})
    return Report(verdict, (check,), credential, used.seen(), at, notes=credential.notes)


def _why_not(document: Document) -> str:
    from .reading import read  # reading knows every version, and their reports end here

    try:
        read(document.body)
    except UnknownFormat:
        return "."
    except Unreadable as error:
        return f": {error.says[:1].lower()}{error.says[1:]}"
    return "."
