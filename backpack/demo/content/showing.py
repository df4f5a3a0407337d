"""What the demo earner made of her badges: collections, remarks, notes and public links."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlannedShare:
    """A public link to come: who may find it, what she calls it, and whether she closed it again."""

    label: str
    audience: str = "link"
    closed: bool = False


@dataclass(frozen=True, slots=True)
class PlannedCollection:
    """A collection to come: its badges by title, in order, each with her remark."""

    title: str
    intro: str
    remarks: dict[str, str]
    share: PlannedShare


COLLECTIONS = (
    PlannedCollection(
        "Research data management",
        "What I have learnt about keeping data alive, from the first notebook to the archive.",
        {
            "Data Stewardship, Level 2": "Used for the estuary release, which three other groups work with today.",
            "Open Science Foundations": "Where it began.",
            "Python for Research": "The notebook behind this one still runs.",
            "Peer Reviewer": "Reading the work of others taught me more than writing my own.",
        },
        PlannedShare("My data work", "world"),
    ),
    PlannedCollection(
        "Hands and horizons",
        "Things made and places found, away from the desk.",
        {
            "เครื่องเคลือบศิลาดล ขั้นต้น": "Three bowls, one of them mended with gold.",
            "فن الخط العربي: المستوى الأول": "",
            "Ehrenamt am Nachthimmel": "Twelve evenings under the dome, four of them in the rain.",
            "Grain and Oven": "The oldest one I have.",
            "Field Mapping": "",
            "Coastal Pilotage": "Expired, and I have not steered since.",
        },
        PlannedShare("For the evening school"),
    ),
)
BADGE_SHARES = {
    "Data Stewardship, Level 2": PlannedShare("Application: harbour museum"),
    "Python for Research": PlannedShare("Application: last year", closed=True),
}
NOTES = {
    "Teaching Assistant, Year 1": "Went to my old campus address. Ask whether they can issue it again.",
    "First Aid at Work": "They sent it twice, then took one back.",
}
TAGS = {"Data Stewardship, Level 2": ["work"], "Python for Research": ["work"], "Grain and Oven": ["fun"]}
