"""What the demo backpack holds: invented issuers, and badges of every generation, verdict and picture format."""

from datetime import datetime

from ..shapes import Issued
from . import crafts, societies, university
from .earner import CAMPUS, EMAIL, LEFT_BEHIND, NAME

__all__ = ["CAMPUS", "EMAIL", "LEFT_BEHIND", "NAME", "badges"]


def badges(at: datetime) -> list[Issued]:
    """Every badge of the demo, signed now; ``at`` is the clock of their issuers."""
    return [*university.badges(at), *societies.badges(at), *crafts.badges(at)]
