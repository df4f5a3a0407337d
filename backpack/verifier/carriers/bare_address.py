"""The address of a badge, alone: a link that somebody pasted, or a file that holds nothing else."""

from ..addresses import is_web_address
from . import Unbaked


def recognises(data: bytes) -> bool:
    """Whether these bytes are one http or https address."""
    try:
        return len(data) <= 4096 and is_web_address(data.strip().decode("ascii"))
    except UnicodeDecodeError:
        return False


def unbake(data: bytes) -> tuple[Unbaked, ...]:
    """The address; the badge itself must be fetched from there."""
    return (Unbaked(text=data.strip().decode("ascii"), carrier="url"),)
