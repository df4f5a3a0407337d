"""What a badge says of itself, laid out: everything that is there, and nothing that could do harm."""

from typing import Any

from web import contents, languages
from web.contents import Fact
from web.texts import plain

HOSTILE = '<img src=x onerror="alert(1)">'


def badge(**members: Any) -> dict[str, Any]:
    """The badge of a report that says this alone."""
    return {"name": "Open Science", "issuer": {}, **members}


def told(facts: tuple[Fact, ...]) -> dict[str, str]:
    """What stands under each label, as text without our own markup."""
    return {str(fact.label): " | ".join(value.striptags() for value in fact.values) for fact in facts}


def test_what_tells_of_the_award_is_told_in_plain_words() -> None:
    facts = {
        "role": "Night nurse",
        "term": "Winter",
        "creditsEarned": "12.0",
        "creditsAvailable": "15.0",
        "activityStartDate": "2026-01-12T00:00:00Z",
        "activityEndDate": "2026-04-03T00:00:00Z",
    }
    found = told(contents.work(badge(facts=facts), "stranger"))
    assert (found["Role"], found["Term"], found["Credits"]) == ("Night nurse", "Winter", "12 of 15")
    assert found["Took place"] == "12 January 2026 to 3 April 2026"


def test_a_long_text_is_folded_and_a_short_one_is_not() -> None:
    short, lines, long = (
        str(contents.award(badge(description=said))[-1].values[0])
        for said in ("Bake a loaf.\n" * 5, "Bake a loaf.\n" * 60, "漢字" * 2000)
    )
    assert "<details" not in short
    assert lines.count("Bake a loaf.") > 60
    assert "Bake a loaf. Bake" in lines.partition("</summary>")[0]
    assert "漢字漢字" in long.partition("</summary>")[0]


def test_a_result_says_what_was_asked_for_and_what_could_be_reached() -> None:
    grade = {"name": "Grade", "value": "B", "required": "C", "scale": ["A", "B", "C"], "status": "Completed"}
    share = {"kind": "Percent", "value": "96", "lowest": "0", "highest": "100"}
    found = told(contents.work(badge(results=[grade, share, {"status": "InProgress"}]), "stranger"))
    grade_told = "Grade: B Completed. Asked for: C. Scale: A, B, C."
    assert found["Results"] == f"{grade_told} | Percent: 96% From 0 to 100. | In progress"


def test_skills_stand_under_their_framework() -> None:
    skills = [
        {"name": "Give medicine", "framework": "ESCO", "code": "S4.1", "description": "At the right time."},
        {"name": "Keep notes", "framework": "ESCO", "url": "https://skills.example/2"},
        {"name": "Wash hands"},
    ]
    found = told(contents.work(badge(alignments=skills, tags=["ward"]), "stranger"))
    assert found["Skills"] == "ESCO Give medicine (S4.1) Keep notes | Wash hands"
    assert found["Keywords"] == "ward"
    assert told(contents.more(badge(alignments=skills)))["What the skills mean"] == (
        "Give medicine At the right time."
    )


def test_what_few_ask_for_is_there_too() -> None:
    found = told(
        contents.more(
            badge(
                kind="CertificateOfCompletion",
                language="pt-BR",
                translations={"name": {"en": "Open Science", "de": "Offene Wissenschaft"}},
                facts={"humanCode": "OS-1", "fieldOfStudy": "Physics", "version": "3"},
                related=[{"id": "https://a.example/nl", "language": "nl"}],
                identifiers=[{"identifier": "OS1", "kind": "sourcedId"}],
                creator={"id": "did:key:x", "name": "Guild", "url": "https://guild.example"},
                source={"name": "Centre"},
            )
        )
    )
    assert found["Kind"] == "Certificate of completion"
    assert found["Written in"] == "Portuguese (BR)"
    assert found["In other languages"] == "German: Offene Wissenschaft"
    assert (found["Code"], found["Field of study"], found["Version"]) == ("OS-1", "Physics", "3")
    assert found["Related badges"] == "a.example/nl Dutch."
    assert found["Known elsewhere as"] == "OS1 Sourced id"
    assert (found["Designed by"], found["Assessed by"]) == ("Guild", "Centre")


def test_the_issuer_is_not_named_once_more_as_its_designer() -> None:
    assert contents.more(badge(issuer={"id": "did:x"}, creator={"id": "did:x", "name": "Same"})) == ()


def test_hostile_text_is_only_text_wherever_it_stands() -> None:
    said = dict.fromkeys(
        ("name", "value", "level", "url", "framework", "code", "description", "narrative", "genre"), HOSTILE
    )
    everywhere = badge(
        description=HOSTILE,
        kind=HOSTILE,
        language=HOSTILE,
        narrative=HOSTILE,
        tags=[HOSTILE],
        criteria={"narrative": HOSTILE, "url": "javascript:alert(1)"},
        translations={"name": {HOSTILE: HOSTILE}, "description": {HOSTILE: HOSTILE}},
        evidence=[said],
        results=[{**said, "scale": [HOSTILE], "alignments": [said]}],
        alignments=[said],
        related=[{"id": "javascript:alert(1)", "language": HOSTILE, "version": HOSTILE}],
        identifiers=[{"identifier": HOSTILE, "kind": HOSTILE}],
        creator={"name": HOSTILE, "url": "javascript:alert(1)"},
        facts=dict.fromkeys(("role", "term", "licenseNumber", "activityStartDate", "humanCode"), HOSTILE),
        issuer={"description": HOSTILE, "address": HOSTILE},
        endorsements=[{"verdict": "verified", "name": HOSTILE, "comment": HOSTILE}],
    )
    for fact in (
        *contents.award(everywhere),
        *contents.work(everywhere, "owner"),
        *contents.more(everywhere),
    ):
        for value in fact.values:
            assert "<img" not in value
            assert 'href="javascript:' not in value


def test_a_badge_with_thousands_of_skills_stays_readable() -> None:
    tags = contents.work(badge(tags=[f"skill {n}" for n in range(2000)]), "stranger")[0]
    assert plain(tags.values[0]).count('class="tag"') == contents.MOST
    assert "And 1,960 more in the badge itself." in tags.values[0]


def test_a_language_without_a_name_is_called_by_its_code() -> None:
    assert languages.called("tlh") == "tlh"
    assert languages.code('en" onload="') == ""
