"""Judging in worker processes, many at the same time: the same answers as one after the other."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from backpack import workers
from backpack.demo.shapes import Issued
from backpack.services import judging
from tests.issuing import AT, MARIA, award, documents, issuer, renamed, unsigned

OLDER = ("ob05", "ob10", "ob11", "ob1_signed", "ob2_hosted", "ob2_signed", "ob3_jwt")
SUITES = ("eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019", "ecdsa-jcs-2019", "Ed25519Signature2020")


def several() -> list[Issued]:
    """One badge of each kind, and forgeries between them."""
    good = [getattr(issuer(), one)(award()) for one in OLDER] + [issuer().ob3(award(), one) for one in SUITES]
    bare = issuer().ob3(award(), carrier="bare")
    return [*good, renamed(bare), unsigned(bare), issuer().ob3(award(expires_at=AT))]


def in_a_worker(badge: Issued) -> judging.Judged:
    found: judging.Judged = workers.run("backpack.services.judging:judged", *asked(badge))
    return found


def asked(badge: Issued) -> tuple[object, ...]:
    return badge.data, "", [*documents(badge)], [MARIA], AT


@pytest.mark.parametrize("judge", [in_a_worker, lambda badge: judging.judged(*asked(badge))])
def test_eight_at_a_time_are_judged_as_one_by_one(judge: Callable[[Issued], judging.Judged]) -> None:
    badges = several()
    one_by_one = [judging.judged(*asked(badge)) for badge in badges]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(judge, badges)) == one_by_one
    assert [found.verdict for found in one_by_one] == [badge.expect.value for badge in badges]


HOSTILE = """
import json, zlib
from pathlib import Path
from backpack.errors import Unreadable
from backpack.verifier import Documents, read, verify, wanted
from tests.issuing import AT
from tests.verifier.carriers.test_png import itxt, with_chunks
from tests.verifier.test_costs import MANY_TIMES, OB3, V2, badge, knot, PROOF

bomb = zlib.compress(bytes(64 << 20))
files = [json.dumps(one).encode() for one in (*MANY_TIMES.values(), {**knot(2000, near=1), "proof": PROOF})]
files += [
    with_chunks((b"zTXt", b"openbadges\\0\\0" + bomb)),
    b"[" * (8 << 20),
    b'{"a": "' + b"x" * (8 << 20) + b'"}',
    b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<g>" * 300_000,
    json.dumps({**badge(), "name": ["x"] * 19_000, "proof": [PROOF] * 200}).encode(),
]
for data in files:
    try:
        found = read(data)
    except Unreadable:
        continue
    wanted(found, Documents())
    assert not verify(found, Documents(), None, AT).valid
# Not ru_maxrss: that begins with what the process had that started this one.
status = Path("/proc/self/status").read_text()
print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)
"""


def test_hostile_files_never_need_half_a_gigabyte() -> None:
    done = subprocess.run([sys.executable, "-c", HOSTILE], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 512
