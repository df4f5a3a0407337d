"""Shapes that nobody changes once they are made: the type checker sees to that.

At run time nothing does, because that costs ten times as much to make one, and a report is made of some
fifty. Two of the same content are equal, and can be a key.
"""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(shape: type[T]) -> type[T]:
    """Make a dataclass with slots, equality and a hash of this class."""
    return dataclass(slots=True, unsafe_hash=True)(shape)
