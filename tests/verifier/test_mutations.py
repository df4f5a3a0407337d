"""Nothing in a signed badge can be changed, added or taken away without being noticed."""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from backpack.demo.shapes import Issued
from backpack.errors import Unreadable
from backpack.verifier import Alignment, Result, read, verify
from tests.issuing import AT, award, documents, issuer
from tests.verifier.asking import raw

RICH = award(
    alignments=(Alignment("Skill", "https://skills.example/1"),),
    results=(Result("Grade", "A"),),
    tags=("science",),
    narrative="Well done",
    expires_at=AT.replace(year=2030),
    standing="good",
    number=81,
)


def mutations(whole: Any) -> Iterator[Any]:
    """Every way to change, remove or add one member, anywhere outside the proof."""
    for path in paths(whole):
        if path[0] == "proof":
            continue
        for change in ("other", None, ["other"], "https://other.example/1"):
            yield changed(whole, path, change)
        yield changed(whole, path, KeyError)
        yield changed(whole, (*path[:-1], "name") if isinstance(path[-1], str) else path, "added")


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from paths(inner, (*path, key))


def changed(whole: Any, path: tuple[Any, ...], value: Any) -> Any:
    found = copy.deepcopy(whole)
    place = found
    for key in path[:-1]:
        place = place[key]
    if value is KeyError:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return found


def is_verified(badge: Issued) -> bool:
    try:
        return verify(read(badge.data), documents(badge), None, AT).valid
    except Unreadable:
        return False


@pytest.mark.parametrize("vc", ["2.0", "1.1"])
@pytest.mark.parametrize("proof", ["eddsa-rdfc-2022", "eddsa-jcs-2022", "Ed25519Signature2020"])
def test_no_change_to_a_signed_badge_survives(proof, vc):
    badge = issuer().ob3(RICH, proof, vc=vc, carrier="bare")
    assert is_verified(badge)
    signed = raw(badge)
    survivors = [
        m
        for m in mutations(signed)
        if m != signed and is_verified(replace(badge, data=json.dumps(m).encode()))
    ]
    assert survivors == []
