"""Every drawing by its name."""

from collections.abc import Callable

from . import crests, scenes

DRAWINGS: dict[str, Callable[[], str]] = {
    "accessible-documents": crests.accessible_documents,
    "calligraphy": scenes.calligraphy,
    "celadon": scenes.celadon,
    "coastal-pilotage": scenes.coastal_pilotage,
    "data-stewardship": crests.data_stewardship,
    "field-mapping": scenes.field_mapping,
    "first-aid": crests.first_aid,
    "grain-and-oven": scenes.grain_and_oven,
    "lab-safety": scenes.lab_safety,
    "night-sky": scenes.night_sky,
    "open-science": crests.open_science,
    "peer-reviewer": crests.peer_reviewer,
    "python-research": crests.python_research,
    "reading-society": crests.reading_society,
    "stained-glass": scenes.stained_glass,
    "teaching-assistant": crests.teaching_assistant,
}
