"""The badges of an invented university."""

from dataclasses import replace
from datetime import datetime, timedelta

from backpack.verifier.credential import Alignment, Evidence, Result
from backpack.verifier.report import Verdict

from ..issuing import DemoIssuer
from ..shapes import Award, Issued
from .earner import CAMPUS, EMAIL, LEFT_BEHIND, NAME


def badges(at: datetime) -> list[Issued]:
    montalvo = DemoIssuer(
        "Universidade de Montalvo",
        "montalvo.example",
        at,
        "A university that exists only in this demonstration.",
    )
    return [
        montalvo.ob3(_data_stewardship(at), speaks="did:web"),
        montalvo.ob3_jwt(_python(at), speaks="https"),
        montalvo.ob3(_lab_safety(at), "Ed25519Signature2020", speaks="did:web", vc="1.1", carrier="bare"),
        replace(montalvo.ob3(_teaching_assistant(at), speaks="did:web"), expect=Verdict.wrong_recipient),
        montalvo.ob3_jwt(_oral_history(at), "ES256"),
        montalvo.ob3(_reading_society(at), speaks="https"),
    ]


def _data_stewardship(at: datetime) -> Award:
    return Award(
        name="Data Stewardship, Level 2",
        description="Plans, documents and hands over research data so that strangers can use them in ten years.",
        criteria="Write a **data management plan**, publish one data set with it, and have both reviewed by a peer.",
        art="data-stewardship",
        recipient=CAMPUS,
        recipient_name=NAME,
        issued_at=at - timedelta(days=251),
        expires_at=at + timedelta(days=845),
        standing="good",
        kind="MicroCredential",
        language="en",
        tags=("research data", "FAIR", "stewardship"),
        alignments=(
            Alignment(
                "Manage research data",
                "https://skills.example/s/manage-research-data",
                "Produce and analyse scientific data, and store them so that they can be found again.",
                "Example Skills Framework",
                "S2.7.4",
            ),
            Alignment("Write a data management plan", "https://skills.example/s/data-management-plan"),
        ),
        evidence=(
            Evidence(
                "https://montalvo.example/data/estuary-2024",
                "Estuary sediment cores, release 2.1",
                "Forty cores with their methods, checked by two colleagues before release.",
                genre="Data set",
            ),
            Evidence(
                "https://montalvo.example/plans/estuary.pdf",
                "Data management plan",
                genre="Plan",
                audience="Funders",
            ),
        ),
        results=(
            Result("Final review", "17", "Completed", "RawScore", required="12", lowest="0", highest="20"),
        ),
        narrative="Led the release of the estuary cores, with two students.",
        subject={"role": "Data steward of the estuary project", "term": "Spring 2026", "creditsEarned": 6},
        achievement={
            "humanCode": "DS-2",
            "fieldOfStudy": "Information science",
            "creditsAvailable": 6,
            "version": "2026",
        },
        number=11,
    )


def _python(at: datetime) -> Award:
    return Award(
        name="Python for Research",
        description="Reads, cleans and plots measurements with Python, and leaves a script that runs again.",
        criteria="Hand in a notebook that a colleague can run from the first line to the last.",
        art="python-research",
        picture="webp",
        recipient=CAMPUS,
        issued_at=at - timedelta(days=402),
        standing="good",
        kind="Course",
        tags=("programming", "python"),
        evidence=(Evidence("https://montalvo.example/notebooks/tides", "Notebook: tides of the estuary"),),
        results=(Result("Grade", "A", kind="LetterGrade"),),
        number=12,
    )


def _lab_safety(at: datetime) -> Award:
    return Award(
        name="Laboratory Safety",
        description="Knows the exits, the eye wash and what may not stand beside what.",
        criteria="Pass the yearly test and walk the laboratory with the safety officer.",
        art="lab-safety",
        picture="data",
        recipient=CAMPUS,
        issued_at=at - timedelta(days=190),
        standing="suspended",
        reason="The yearly refresher is due.",
        kind="Certification",
        tags=("laboratory", "safety"),
        number=13,
    )


def _teaching_assistant(at: datetime) -> Award:
    return Award(
        name="Teaching Assistant, Year 1",
        description="Led the exercises of a first-year course for two terms.",
        criteria="Two terms of exercises, and the students' evaluation of both.",
        art="teaching-assistant",
        recipient=LEFT_BEHIND,
        naming="plain",
        issued_at=at - timedelta(days=1130),
        standing="good",
        tags=("teaching",),
        number=14,
    )


def _oral_history(at: datetime) -> Award:
    return Award(
        name="Interdisciplinary Certificate in the Long-Term Preservation, Description and Reuse of Oral History "
        "Recordings from Coastal Communities (Advanced Level, with Distinction)",
        description="A certificate with a long name and no picture: both happen.",
        criteria="Four modules, a project with an archive, and a public talk.",
        art="open-science",
        picture="none",
        recipient=EMAIL,
        naming="plain",
        issued_at=at - timedelta(days=75),
        expires_at=at + timedelta(days=1750),
        kind="Certificate",
        tags=("archives", "oral history", "preservation", "interdisciplinary"),
        number=15,
    )


def _reading_society(at: datetime) -> Award:
    return Award(
        name="Chair of the Reading Society",
        description="Elected to lead the society through the coming year.",
        criteria="Elected by the members. The office begins with the new term.",
        art="reading-society",
        recipient=EMAIL,
        issued_at=at + timedelta(days=40),
        expires_at=at + timedelta(days=405),
        kind="Membership",
        tags=("society",),
        number=16,
    )
