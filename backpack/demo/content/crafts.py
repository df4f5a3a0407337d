"""The badges of invented workshops, three of them from long ago or far away."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from backpack.verifier.credential import Evidence
from backpack.verifier.report import Verdict

from .. import baking
from ..issuing import DemoIssuer
from ..shapes import Award, Issued
from .earner import EMAIL


def badges(at: datetime) -> list[Issued]:
    pottery = DemoIssuer("ศิลาดลสตูดิโอ", "celadonstudio.example", at)
    letters = DemoIssuer("بيت الخط", "baytalkhatt.example", at)
    glass = DemoIssuer("Glassworks Evening School", "glassworks.example", at)
    bakers = DemoIssuer("Old Quarter Bakers", "oldquarter.example", at)
    surveyors = DemoIssuer("Field Surveyors' Union", "surveyors.example", at)
    return [
        pottery.ob3(_celadon(at), carrier="bare"),
        letters.ob2_hosted(_calligraphy(at), carrier="svg"),
        _altered(glass.ob3(_stained_glass(at)), "Master of Stained Glass"),
        bakers.ob05(_grain()),
        surveyors.ob10(_field_mapping()),
    ]


def _celadon(at: datetime) -> Award:
    return Award(
        name="เครื่องเคลือบศิลาดล ขั้นต้น",
        description="ปั้นภาชนะบนแป้นหมุน เคลือบด้วยน้ำเคลือบศิลาดล แล้วเผาจนสุก",
        criteria="ส่งผลงานสามชิ้นเข้าร่วมนิทรรศการ",
        art="celadon",
        picture="jpeg",
        recipient=EMAIL,
        issued_at=at - timedelta(days=148),
        language="th",
        tags=("เครื่องปั้นดินเผา", "ศิลาดล"),
        number=71,
    )


def _calligraphy(at: datetime) -> Award:
    return Award(
        name="فن الخط العربي: المستوى الأول",
        description="يكتب الحروف بخط النسخ ويعرف موازينها.",
        criteria="كتابة لوحة كاملة بالقلم والحبر.",
        art="calligraphy",
        picture="svg",
        recipient=EMAIL,
        issued_at=at - timedelta(days=700),
        language="ar",
        tags=("خط", "فنون"),
        number=81,
    )


def _stained_glass(at: datetime) -> Award:
    return Award(
        name="Introduction to Stained Glass",
        description="Cut, leaded and soldered a first small window.",
        art="stained-glass",
        recipient=EMAIL,
        issued_at=at - timedelta(days=95),
        tags=("glass", "craft"),
        number=91,
    )


def _altered(badge: Issued, name: str) -> Issued:
    """The badge as somebody changed it after it was signed."""
    credential = json.loads(badge.text)
    credential["name"] = credential["credentialSubject"]["achievement"]["name"] = name
    altered = baking.with_text(badge, json.dumps(credential, ensure_ascii=False))
    return replace(altered, title=name, expect=Verdict.invalid)


def _grain() -> Award:
    return Award(
        name="Grain and Oven",
        description="Baked the bread of a whole street for one week.",
        art="grain-and-oven",
        recipient=EMAIL,
        issued_at=datetime(2012, 6, 3, 8, tzinfo=UTC),
        tags=("baking",),
        number=101,
    )


def _field_mapping() -> Award:
    return Award(
        name="Field Mapping",
        description="Walked a valley and drew a map of it that others could follow.",
        art="field-mapping",
        recipient=EMAIL,
        issued_at=datetime(2014, 9, 20, 12, tzinfo=UTC),
        tags=("maps", "surveying"),
        evidence=(Evidence("https://surveyors.example/maps/valley-7"),),
        number=111,
    )
