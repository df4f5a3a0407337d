"""What the tests let a worker do."""

import ctypes
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from backpack.errors import Damaged, TooComplex
from backpack.verifier.report import Check, Outcome


def echo(*values):
    return values


def who():
    return os.getpid()


def nap(seconds):
    time.sleep(seconds)
    return os.getpid()


def spin():
    while True:
        pass


def hang():
    """Wait in C, where no exception of Python's can get in."""
    ctypes.CDLL(None).pause()


def swallow(count):
    return len(bytearray(count))


def abort():
    os.abort()


def read(path):
    return Path(path).read_text()


def end_by_kill():
    signal.raise_signal(signal.SIGKILL)


def leave():
    os._exit(0)


def recurse():
    return recurse()


def refuse():
    raise Damaged("The file is torn.", "Ask for another one.", code="torn")


def blunder():
    return {}["absent"]


def check():
    return Check("dates", Outcome.passed, "In date.", detail={"When": "now"})


def bodies(documents):
    return {document.url: document.body for document in documents}


def connect(port):
    socket.create_connection(("127.0.0.1", port))


def shell():
    subprocess.run(["true"])


def write(path):
    Path(path).write_bytes(b"x")


def secrets():
    return dict(os.environ)


def use_pyld():
    from pyld import jsonld

    return jsonld.__name__


class Trick:
    def __reduce__(self):
        return os.system, ("true",)


def trick():
    return Trick()


def huge():
    return b"x" * (80 * 1024 * 1024)


def signalled():
    os.kill(os.getpid(), signal.SIGKILL)


def too_complex():
    raise TooComplex
