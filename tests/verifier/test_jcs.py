"""Canonical JSON (RFC 8785): another implementation is the witness, the standard's own example the judge."""

import math
import struct

import pytest
from c14n.Canonicalize import canonicalize
from hypothesis import given

from backpack.verifier.jcs import jcs
from tests.verifier.test_strict_json import VALUES


@given(VALUES)
def test_it_agrees_with_another_implementation(value):
    assert jcs(value) == canonicalize(value)


@pytest.mark.parametrize(
    ("bits", "text"),
    [
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555555", "333333333.3333333"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
        ("43143ff3c1cb0959", "1424953923781206.2"),
    ],
)
def test_numbers_are_written_as_the_standard_lists_them(bits, text):
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert jcs(number).decode() == text


def test_names_are_sorted_as_javascript_sorts_them():
    assert jcs({"\ufb33": 1, "🏅": 2, "é": 3}).decode() == '{"é":3,"🏅":2,"\ufb33":1}'


@pytest.mark.parametrize("value", [math.nan, math.inf, b"bytes", {"a": {1, 2}}])
def test_what_json_cannot_say_is_refused(value):
    with pytest.raises(ValueError, match="no JSON"):
        jcs(value)
