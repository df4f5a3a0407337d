"""The badges of invented societies: science, sky, sea and first aid."""

from datetime import UTC, datetime, timedelta

from backpack.verifier.credential import Alignment, Evidence

from ..issuing import DemoIssuer
from ..shapes import Award, Issued
from .earner import EMAIL


def badges(at: datetime) -> list[Issued]:
    science = DemoIssuer(
        "Open Science Circle", "openscience.example", at, "Teaches open research, in the open."
    )
    observatory = DemoIssuer("Sternwarte Nordlicht", "nordlicht.example", at)
    league = DemoIssuer("Accessible Web League", "webleague.example", at)
    cross = DemoIssuer("Helping Hands First Aid", "helpinghands.example", at)
    pilots = DemoIssuer("Harbour Pilots' Guild", "harbourpilots.example", at)
    return [
        science.ob2_hosted(_open_science(at)),
        science.ob11(_peer_reviewer(), carrier="svg"),
        observatory.ob3(_night_sky(at), "ecdsa-rdfc-2019", carrier="svg"),
        league.ob3(_accessible_documents(at), "eddsa-jcs-2022", speaks="https"),
        cross.ob2_hosted(_first_aid(at)),
        pilots.ob2_signed(_pilotage(at)),
    ]


def _open_science(at: datetime) -> Award:
    return Award(
        name="Open Science Foundations",
        description="Shares methods, data and papers from the first day of a project on.",
        criteria="Finish the five modules and open one piece of your own work to everyone.",
        art="open-science",
        recipient=EMAIL,
        issued_at=at - timedelta(days=520),
        tags=("open science", "publishing"),
        alignments=(Alignment("Open publication", "https://skills.example/s/open-publication", code="S1.2"),),
        evidence=(
            Evidence(
                "https://openscience.example/work/preprint-118",
                "A preprint with its reviews",
                "The paper, all three reviews and the answers to them stand side by side.",
                genre="Article",
            ),
        ),
        number=21,
    )


def _peer_reviewer() -> Award:
    return Award(
        name="Peer Reviewer",
        description="Reviewed five papers, in time and with kindness.",
        art="peer-reviewer",
        recipient=EMAIL,
        issued_at=datetime(2016, 11, 4, 10, tzinfo=UTC),
        tags=("peer review",),
        number=22,
    )


def _night_sky(at: datetime) -> Award:
    return Award(
        name="Ehrenamt am Nachthimmel",
        description="Hat ein Jahr lang Gäste durch die Kuppel geführt und ihnen den Himmel gezeigt.",
        criteria="Zwölf öffentliche Abende, bei jedem Wetter.",
        art="night-sky",
        picture="svg",
        recipient=EMAIL,
        issued_at=at - timedelta(days=33),
        standing="good",
        kind="CommunityService",
        language="de",
        tags=("Astronomie", "Ehrenamt"),
        number=31,
    )


def _accessible_documents(at: datetime) -> Award:
    return Award(
        name="Accessible Documents",
        description="Writes documents that a screen reader can read and a tired eye can follow.",
        criteria="Mend three documents of your own and have them tested by people who need it.",
        art="accessible-documents",
        recipient=EMAIL,
        issued_at=at - timedelta(days=610),
        standing="silent",
        tags=("accessibility",),
        number=41,
    )


def _first_aid(at: datetime) -> Award:
    return Award(
        name="First Aid at Work",
        description="May give first aid at the workplace.",
        criteria="Two days of practice and a test.",
        art="first-aid",
        recipient=EMAIL,
        issued_at=at - timedelta(days=300),
        expires_at=at + timedelta(days=430),
        standing="revoked",
        reason="Issued twice by mistake; the other one stands.",
        tags=("first aid", "safety"),
        number=51,
    )


def _pilotage(at: datetime) -> Award:
    return Award(
        name="Coastal Pilotage",
        description="May guide vessels of up to forty metres into the harbours of the bay.",
        criteria="Twenty passages under supervision, five of them by night.",
        art="coastal-pilotage",
        recipient=EMAIL,
        issued_at=at - timedelta(days=1980),
        expires_at=at - timedelta(days=154),
        tags=("navigation",),
        number=61,
    )
