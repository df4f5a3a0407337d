"""A property that is worked out when it is first asked for, and then kept."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801  (a decorator, as functools.cached_property is)
    """What ``functools.cached_property`` does, without the lock that it takes before Python 3.12.

    A badge is judged by one thread, which asks for a dozen of these.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        self.make = make
        self.name = make.__name__
        self.__doc__ = make.__doc__

    def __get__(self, instance: object, owner: type) -> T:
        made = instance.__dict__[self.name] = self.make(instance)
        return made
