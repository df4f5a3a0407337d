"""What a worker says back. It has handled hostile bytes, so its word is taken with care.

A pickle can name any function to be called while it is read. Here it may name only what a result is
made of: dates, and the house's own dataclasses and enumerations.
"""

import dataclasses
import enum
import io
import pickle
import traceback
from typing import Any

from backpack import errors

_DONE, _REFUSED, _SPENT, _BROKEN = b"d", b"r", b"s", b"b"
_PLAIN = {
    "builtins": {"set", "frozenset", "bytearray", "complex"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
}


class WorkerFailed(RuntimeError):
    """The function raised something that is none of our errors: a fault of ours, with the worker's traceback."""


def done(result: object) -> bytes:
    """The job's result."""
    return _DONE + pickle.dumps(result)


def raised(error: BaseException) -> bytes:
    """The job's exception: one of ours, or the end of its means, or a fault."""
    if isinstance(error, errors.BackpackError):
        return _REFUSED + pickle.dumps((type(error).__name__, error.says, error.try_this, error.code))
    if isinstance(error, MemoryError | RecursionError):
        return _SPENT
    return _BROKEN + "".join(traceback.format_exception(error)).encode()


def is_last(reply: bytes) -> bool:
    """Whether the worker should not be used again: its memory may be in pieces."""
    return reply[:1] == _SPENT


def result_of(reply: bytes) -> Any:
    """The result, or the exception raised here as it was there."""
    kind, rest = reply[:1], reply[1:]
    if kind == _DONE:
        return _Reader(io.BytesIO(rest)).load()
    if kind == _REFUSED:
        raise _error(*_Reader(io.BytesIO(rest)).load())
    if kind == _SPENT:
        raise errors.TooComplex
    raise WorkerFailed(rest.decode(errors="replace"))


def _error(name: str, says: str, try_this: str, code: str) -> errors.BackpackError:
    kind = getattr(errors, name)
    if not (isinstance(kind, type) and issubclass(kind, errors.BackpackError)):
        raise WorkerFailed(f"A worker named {name} as an error.")
    error = kind(says, try_this)
    error.code = code
    return error


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if name in _PLAIN.get(module, ()):
            return super().find_class(module, name)
        if module.partition(".")[0] == "backpack" and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and (dataclasses.is_dataclass(found) or issubclass(found, enum.Enum)):
                return found
        raise WorkerFailed(f"A worker's reply names {module}.{name}.")
