"""What a badge itself says, as labelled lines: first what tells of this award, then what it stands on, then more.

A badge comes as it stands in a report of ``verify --json``. All of it is strangers' text: it is escaped, and
a link of theirs is one only when it is http or https. Nothing that it names is fetched.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from backpack.verifier.methods import site_of

from . import languages
from .dates import day, parsed
from .texts import bare_address, markdown, out, plain, safe_link, tag, told

Json = Mapping[str, Any]
MOST = 40
"""So many values stand under one label: a badge may hold thousands."""
MOST_OPEN, FEW = 8, 6
"""How many values stand open under one label, and how many do so before the rest of more is opened."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled line: its values, and a small note under them."""

    label: str | Markup
    values: tuple[Markup, ...]
    note: str = ""

    @property
    def open(self) -> tuple[Markup, ...]:
        """What is read at a glance."""
        return self.values if len(self.values) <= MOST_OPEN else self.values[:FEW]

    @property
    def folded(self) -> tuple[Markup, ...]:
        """What comes after it, for whoever opens it; on paper all is there."""
        return self.values[len(self.open) :]


def award(badge: Json) -> tuple[Fact, ...]:
    """What tells of this award at a glance, but its recipient: when and for what."""
    return _told(
        Fact("Awarded on", _some(day(badge.get("issued_at")))),
        Fact("Valid until", _some(day(badge.get("expires_at"))) or (Markup("No end date"),)),
        Fact("For", _some(_spoken(told(badge.get("description")), badge))),
        Fact("Criteria", _criteria(badge.get("criteria") or {})),
    )


def work(badge: Json, reader: str) -> tuple[Fact, ...]:
    """What it stands on: what was done and how well, the evidence, the skills, and who speaks for it."""
    facts: Json = badge.get("facts") or {}
    theirs = "" if reader == "asker" else "For you alone: your public pages leave it out."
    return _told(
        Fact("Role", _text(facts.get("role"))),
        Fact("Took place", _some(_span(facts.get("activityStartDate"), facts.get("activityEndDate")))),
        Fact("Term", _text(facts.get("term"))),
        Fact("Credits", _credits(facts.get("creditsEarned"), facts.get("creditsAvailable"))),
        Fact("Licence number", _text(facts.get("licenseNumber")), theirs),
        Fact("Results", tuple(_result(each) for each in badge.get("results") or ())),
        Fact("Story", _some(told(badge.get("narrative")))),
        Fact("Evidence", tuple(_evidence(each) for each in badge.get("evidence") or ())),
        Fact("Skills", _skills(badge.get("alignments") or ())),
        Fact("Keywords", _chips(tag(plain(each)) for each in badge.get("tags") or ())),
        Fact("Endorsed by", tuple(_endorsement(each) for each in _genuine(badge))),
    )


def more(badge: Json) -> tuple[Fact, ...]:
    """What few ask for: its kind and field, its names elsewhere, and the people behind it."""
    facts: Json = badge.get("facts") or {}
    issuer: Json = badge.get("issuer") or {}
    return _told(
        Fact("Kind", _text(spaced(badge.get("kind")))),
        Fact("Field of study", _text(facts.get("fieldOfStudy"))),
        Fact("Specialization", _text(facts.get("specialization"))),
        Fact("What the skills mean", tuple(_explained(badge.get("alignments") or ()))),
        Fact("Written in", _text(languages.called(badge.get("language")))),
        Fact("In other languages", tuple(_translations(badge))),
        Fact("Code", _text(facts.get("humanCode"))),
        Fact("Version", _text(facts.get("version"))),
        Fact("Known elsewhere as", tuple(_identifier(each) for each in badge.get("identifiers") or ())),
        Fact("Related badges", tuple(_related(each) for each in badge.get("related") or ())),
        Fact("Designed by", _some(_somebody(badge.get("creator") or {}, issuer))),
        Fact("Assessed by", _some(_somebody(badge.get("source") or {}, issuer))),
        Fact("About the issuer", _some(markdown(issuer.get("description"))) + _text(issuer.get("address"))),
        Fact("Issuer known as", tuple(_identifier(each) for each in issuer.get("identifiers") or ())),
    )


def _told(*facts: Fact) -> tuple[Fact, ...]:
    """Those that have something to say, none of them without end."""
    return tuple(Fact(fact.label, first(fact.values), fact.note) for fact in facts if fact.values)


def first(values: tuple[Markup, ...]) -> tuple[Markup, ...]:
    """As many as stand under one label, and how many more there are."""
    if len(values) <= MOST:
        return values
    return (*values[:MOST], escape(f"And {len(values) - MOST:,} more in the badge itself."))


def _some(value: Markup) -> tuple[Markup, ...]:
    return (value,) if value else ()


def _text(value: object) -> tuple[Markup, ...]:
    return _some(escape(plain(str(value)))) if value else ()


def _small(*said: str) -> Markup:
    told = ". ".join(each for each in said if each)
    return Markup(" <small>{}</small>").format(f"{told}.") if told else Markup()


def _spoken(said: Markup, badge: Json) -> Markup:
    """In its own language, when it has but one."""
    language = spoken(badge)
    return Markup('<div lang="{}">{}</div>').format(language, said) if said and language else said


def spoken(badge: Json) -> str:
    """The code of the language that a badge's own words are in, as far as that is sure."""
    translated = badge.get("translations") or {}
    return "" if translated.get("name") else languages.code(badge.get("language"))


def spaced(name: str | None) -> str:
    """A term of the standard as words: "CertificateOfCompletion" is a certificate of completion."""
    said = plain(name).removeprefix("ext:")
    return re.sub("(?<=[a-z])(?=[A-Z])", " ", said).capitalize() if re.fullmatch("[A-Za-z]+", said) else said


def _criteria(said: Json) -> tuple[Markup, ...]:
    link = safe_link(said.get("url"))
    return _some(told(said.get("narrative"))) + (_some(out(link, bare_address(link))) if link else ())


def _span(start: str | None, end: str | None) -> Markup:
    begins, ends = _day(start), _day(end)
    if begins and ends and begins != ends:
        return Markup("{} to {}").format(begins, ends)
    return begins or (Markup("Until {}").format(ends) if ends else Markup())


def _day(said: str | None) -> Markup:
    try:
        return day(parsed(said))
    except ValueError:
        return escape(plain(said))


def _credits(earned: str | None, available: str | None) -> tuple[Markup, ...]:
    got, most = (plain(said).removesuffix(".0") for said in (earned, available))
    return _text(f"{got} of {most}" if got and most and got != most else got or most)


def _result(said: Json) -> Markup:
    """ "Final grade: B", and under it what was asked for and what could be reached."""
    value, status, level = plain(said.get("value")), spaced(said.get("status")), plain(said.get("level"))
    name = plain(said.get("name")) or spaced(said.get("kind"))
    reached = (f"{value}%" if said.get("kind") == "Percent" and value.isdigit() else value) or level or status
    head = escape(f"{name}: {reached}" if name and reached else name or reached)
    scale = ", ".join(plain(each) for each in (said.get("scale") or ())[:MOST])
    lowest, highest, required = (plain(said.get(key)) for key in ("lowest", "highest", "required"))
    skills = _skills(said.get("alignments") or ())
    return (
        head
        + _small(
            status if status != reached else "",
            f"Level: {level}" if level not in (reached, "") else "",
            f"Asked for: {required}" if required else "",
            f"Scale: {scale}" if scale else "",
            f"From {lowest} to {highest}" if lowest and highest else "",
        )
        + Markup().join(skills)
    )


def _evidence(said: Json) -> Markup:
    link = safe_link(said.get("url"))
    name = plain(said.get("name")) or bare_address(link)
    head = out(link, name) if link else escape(name)
    rest = told(said.get("narrative")) + told(said.get("description"))
    audience = plain(said.get("audience"))
    return head + rest + _small(plain(said.get("genre")), f"For {audience}" if audience else "")


def _skills(alignments: Iterable[Json]) -> tuple[Markup, ...]:
    """Skills as tags, under the framework that they are of."""
    by_framework: dict[str, list[Markup]] = {}
    for each in alignments:
        name, code = plain(each.get("name")), plain(each.get("code"))
        told = f"{name} ({code})" if name and code and name != code else name or code
        by_framework.setdefault(plain(each.get("framework")), []).append(
            tag(told, safe_link(each.get("url")))
        )
    return tuple(
        (Markup("<small>{}</small> ").format(framework) if framework else Markup())
        + Markup().join(_chips(tags))
        for framework, tags in by_framework.items()
    )


def _chips(tags: Iterable[Markup]) -> tuple[Markup, ...]:
    told = first(tuple(tags))
    return (Markup('<span class="tags">') + Markup(" ").join(told) + Markup("</span>"),) if told else ()


def _explained(alignments: Iterable[Json]) -> Iterable[Markup]:
    for each in alignments:
        if said := markdown(each.get("description")):
            yield Markup("<b>{}</b> ").format(plain(each.get("name"))) + said


def _translations(badge: Json) -> Iterable[Markup]:
    translated = badge.get("translations") or {}
    names, descriptions = translated.get("name") or {}, translated.get("description") or {}
    for language in dict.fromkeys((*names, *descriptions)):
        name, description = plain(names.get(language)), markdown(descriptions.get(language))
        if name != plain(badge.get("name")):
            yield Markup('{}: <bdi lang="{}"><b>{}</b></bdi>').format(
                languages.called(language), languages.code(language), name
            ) + (
                Markup('<div lang="{}">{}</div>').format(languages.code(language), description)
                if description
                else Markup()
            )


def _identifier(said: Json) -> Markup:
    kind = spaced(said.get("kind"))
    return _linked(said.get("identifier")) + (Markup(" <small>{}</small>").format(kind) if kind else Markup())


def _related(said: Json) -> Markup:
    version = plain(said.get("version"))
    return _linked(said.get("id")) + _small(
        languages.called(said.get("language")), f"Version {version}" if version else ""
    )


def _linked(said: str | None) -> Markup:
    link = safe_link(said)
    return out(link, bare_address(link)) if link else escape(plain(said))


def _somebody(said: Json, issuer: Json) -> Markup:
    """Who has a part in it beside the issuer, by name and site alone: other ways to reach people are theirs."""
    if not said or (said.get("id") and said.get("id") == issuer.get("id")):
        return Markup()
    name, link = plain(said.get("name")), safe_link(said.get("url"))
    return out(link, name or bare_address(link)) if link else escape(name)


def _genuine(badge: Json) -> list[Json]:
    return [each for each in badge.get("endorsements") or () if each.get("verdict") == "verified"]


def _endorsement(said: Json) -> Markup:
    """Who endorses what, and in their own words why; never one that did not hold."""
    name, link = plain(said.get("name")), safe_link(said.get("url"))
    about = {
        "issuer": ", who vouches for the issuer",
        "achievement": ", who vouches for what it is for",
        "creator": ", who vouches for its designer",
    }
    site = "" if said.get("by_key_alone") else site_of(said.get("id") or "") or ""
    head = (out(link, name) if link and name else escape(name or bare_address(link))) + (
        escape(f" ({site})") if site else ""
    )
    doubt = "Known by a key alone; nothing tells who holds it" if said.get("by_key_alone") else ""
    # Reports of old do not tell.
    free = "" if said.get("by_own_id", True) else "Named by an id that could stand in anybody’s badge"
    return head + about.get(str(said.get("about")), "") + _small(doubt, free) + told(said.get("comment"))
