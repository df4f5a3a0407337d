"""A badge as a letter: what its page says, drawn from a report, for one reader.

A report comes as ``verify --json`` prints it. Nothing is decided in the templates: they lay out a Letter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, repeat
from typing import Any

from markupsafe import Markup, escape

from backpack.services.claiming import can_be_claimed

from . import contents, findings, signers, words
from .contents import Fact
from .dates import parsed
from .texts import plain, safe_link

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Letter:
    """What a page says about a badge, to whom it says it."""

    reader: str
    verdict: str
    standing: str
    title: str
    language: str
    issuer: str
    issuer_link: str
    headline: str
    signed: str
    site: str
    behind: str
    caution: str
    trouble: str
    formerly: str
    advice: str
    warning: str
    can_be_claimed: bool
    rows: tuple[findings.Row, ...]
    done: int
    facts: tuple[Fact, ...]
    work: tuple[Fact, ...]
    more: tuple[Fact, ...]
    known_issuer: tuple[Fact, ...]
    notes: tuple[str, ...]
    checked_at: datetime | None
    is_running: bool


def letter(
    report: Json | None,
    reader: str,
    *,
    fallback: Json | None = None,
    hint: str = "",
    held: Sequence[str] = (),
    people: tuple[Fact, ...] = (),
    running: bool = False,
    verified_at: datetime | None = None,
) -> Letter:
    """The letter about a report; ``fallback`` are facts known before there is one.

    ``hint`` is the masked address it was awarded to, for those who may not see the plain one; ``held`` are the
    reader's own badges that came of what a record holds, by id, in its order; ``people`` are the lines about
    who shows it and to whom it was awarded. ``running`` while the first check is at work;
    ``verified_at`` is when it was verified last.
    """
    report = report or {}
    badge: Json = {**(fallback or {}), **{k: v for k, v in (report.get("badge") or {}).items() if v}}
    verdict = "" if running else str(report.get("verdict") or "")
    issuer: Json = badge.get("issuer") or {}
    return Letter(
        reader=reader,
        verdict=verdict,
        standing=words.standing(verdict, report),
        title=plain(badge.get("name")).strip() or "A badge",
        language=contents.spoken(badge),
        issuer=plain(issuer.get("name")).strip(),
        # What a forger wrote leads nobody anywhere.
        issuer_link="" if verdict == "invalid" else safe_link(issuer.get("url")),
        headline=words.headline(verdict, reader, report),
        signed=signers.signed(report),
        site=signers.site(report),
        behind=signers.behind(report),
        caution=signers.caution(report),
        trouble=words.trouble(verdict, report),
        formerly=words.formerly(verdict, verified_at),
        advice=words.advice(verdict, reader, report),
        warning=words.warning(verdict, words.headline(verdict, "stranger", report)),
        can_be_claimed=can_be_claimed(report),
        rows=findings.rows(report, reader, running=running, matched=report.get("matched") or "", hint=hint),
        done=findings.done(report),
        facts=people + contents.award(badge) + _inside(report, held) + _together(report),
        work=contents.work(badge, reader),
        more=contents.more(badge),
        known_issuer=tuple(
            Fact(k, (escape(findings.sentence(v)),)) for k, v in (report.get("issuer_evidence") or {}).items()
        ),
        notes=tuple(map(findings.sentence, report.get("notes") or ())),
        checked_at=parsed(report.get("at")),
        is_running=running,
    )


def _inside(report: Json, held: Sequence[str]) -> tuple[Fact, ...]:
    """What a record holds: each badge in it with its own verdict, as a link where it is a badge of the reader's."""
    named = tuple(
        Markup("{} <small>{}{}</small>").format(
            _link(ours, plain((inner.get("badge") or {}).get("name")) or "A badge"),
            words.word_for(words.standing(str(inner.get("verdict")), inner), "stranger"),
            _by(inner),
        )
        for inner, ours in zip(report.get("contained") or (), chain(held, repeat("")), strict=False)
    )
    return (Fact("Holds", contents.first(named)),) if named else ()


def _by(report: Json) -> str:
    """Who awarded a badge, with what is behind the name: it need not be whoever signed the record."""
    name = plain(((report.get("badge") or {}).get("issuer") or {}).get("name"))
    return f", awarded by {name}{signers.behind(report)}" if name else ""


def _together(report: Json) -> tuple[Fact, ...]:
    """How the badges that a record holds belong together, as far as it names both."""
    held = [one.get("badge") or {} for one in report.get("contained") or ()]
    names = {one["achievement"]: plain(one.get("name")) for one in held if one.get("achievement")}
    told = tuple(
        escape(f"{one} {_BELONGS.get(tie['kind'], _BELONGS['isRelatedTo'])} {other}.")
        for tie in (report.get("badge") or {}).get("associations") or ()
        if (one := names.get(tie["source"])) and (other := names.get(tie["target"]))
    )
    return (Fact("How they belong", contents.first(told)),) if told else ()


_BELONGS = {
    "exactMatchOf": "is the same as",
    "isChildOf": "comes under",
    "isParentOf": "is above",
    "isPartOf": "is part of",
    "isPeerOf": "stands beside",
    "isRelatedTo": "has to do with",
    "precedes": "comes before",
    "replacedBy": "was replaced by",
}
"""How two achievements of a record belong together (CLR 2.0, AssociationType)."""


def _link(badge: str, name: str) -> Markup:
    return Markup('<a href="/badges/{}">{}</a>').format(badge, name) if badge else escape(name)
