"""The demo backpack shows everything there is to see, and every badge of it gets the verdict it deserves."""

from functools import cache

from backpack.demo import content
from backpack.demo.content import showing
from backpack.demo.shapes import Issued
from backpack.verifier import read, verify
from backpack.verifier.report import Report, Verdict
from tests.issuing import AT, documents

MINE = (content.EMAIL, content.CAMPUS)


@cache
def badges() -> list[Issued]:
    """The demo as it is made at AT."""
    return content.badges(AT)


@cache
def reports() -> dict[str, Report]:
    """The report on each, by its title, with every issuer's documents in one archive, as an instance has them."""
    archive = documents(*badges())
    return {badge.title: verify(read(badge.data), archive, MINE, AT) for badge in badges()}


def test_every_demo_badge_gets_the_verdict_it_deserves():
    deserved = {badge.title: badge.expect for badge in badges()}
    assert {title: report.verdict for title, report in reports().items()} == deserved


def test_every_demo_badge_is_read_under_its_own_name():
    assert {report.credential.achievement.name for report in reports().values()} == reports().keys()


def test_what_the_earner_shows_and_notes_is_among_her_badges():
    named = [*showing.BADGE_SHARES, *showing.NOTES, *showing.TAGS]
    named += [title for collection in showing.COLLECTIONS for title in collection.remarks]
    assert set(named) <= {badge.title for badge in badges()}


def test_every_verdict_on_a_badge_can_be_seen():
    assert {badge.expect for badge in badges()} == set(Verdict) - {Verdict.not_a_badge}


def test_every_generation_can_be_seen():
    assert {report.credential.version for report in reports().values()} >= {"0.5", "1.0", "1.1", "2.0", "3.0"}


def test_every_carrier_can_be_seen():
    assert {report.credential.carrier for report in reports().values()} == {"png", "svg", "json", "jwt"}


def test_no_two_demo_badges_share_a_file():
    names = [badge.file_name for badge in badges()]
    assert len(set(names)) == len(names) >= 12


def test_issuers_do_not_contradict_themselves():
    told: dict[str, bytes] = {}
    for badge in badges():
        for url, answer in badge.documents.items():
            assert told.setdefault(url, answer.body) == answer.body, url
