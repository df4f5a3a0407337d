"""What the author's domain asks of its mail (DMARC), and whether another domain may speak for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from backpack.network.names import Answers, Question

from .shapes import FAIL, NONE, PASS, UNKNOWN, Said

_MOST_LABELS = 8


@dataclass(frozen=True, slots=True)
class Policy:
    """A published policy. ``domain`` is whose it is, "" when there is none; ``is_known``: they answered."""

    domain: str = ""
    is_relaxed: bool = True
    is_known: bool = True


def questions(domain: str) -> list[Question]:
    """Where a policy for this domain may be: with itself, or with a domain above it."""
    labels = domain.split(".")[-_MOST_LABELS:]
    return [(f"_dmarc.{'.'.join(labels[start:])}", "TXT") for start in range(len(labels) - 1)]


def policy_of(domain: str, answers: Answers) -> Policy:
    """The policy that is nearest to this domain."""
    for question in questions(domain):
        found = answers.get(question)
        if found is None:
            return Policy(is_known=False)
        records = [tags for text in found if (tags := _tags(text)).get("v") == "DMARC1"]
        if len(records) == 1:
            mode, kind = records[0].get("adkim", "r"), records[0].get("psd", "u")
            return Policy(question[0].removeprefix("_dmarc."), mode != "s" and kind != "y")
    return Policy()


def speaks_for(domain: str, author: str, policy: Policy) -> bool:
    """Whether a domain that signed speaks for the author's.

    It is the same one, or one above it, which could sign as the lower one at any time. One below it does
    where the author's own domain publishes a policy and has nothing against that: without a list of public
    suffixes, nobody else can tell a department from a customer.
    """
    if domain == author or ("." in domain and author.endswith(f".{domain}")):
        return True
    return policy.is_relaxed and policy.domain == author and domain.endswith(f".{author}")


def judged(author: str, policy: Policy, spf: Said, dkim: tuple[Said, ...]) -> Said:
    """DMARC: one that holds speaks for the author's domain."""
    if not policy.is_known:
        return Said(UNKNOWN, author)
    if not policy.domain:
        return Said(NONE, author)
    said = (spf, *dkim)
    if any(one.outcome == PASS and speaks_for(one.domain, author, policy) for one in said):
        return Said(PASS, author)
    return Said(UNKNOWN if any(one.outcome == UNKNOWN for one in said) else FAIL, author)


def _tags(text: str) -> Mapping[str, str]:
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs}
