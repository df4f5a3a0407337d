"""Sealed secrets: opened by the instance's key alone, for what they were sealed for."""

import pytest

from backpack.errors import Damaged
from backpack.storage.sealing import seal, unseal

KEY = b"a key of the instance, of at least 32 characters"
SECRET = "pässword with blanks "


def test_a_sealed_secret_is_said_again_and_reads_as_nothing() -> None:
    sealed = seal(SECRET, KEY, "mailbox 1")
    assert unseal(sealed, KEY, "mailbox 1") == SECRET
    assert SECRET not in sealed
    assert seal(SECRET, KEY, "mailbox 1") != sealed


@pytest.mark.parametrize(
    ("key", "purpose"), [(b"another key, of at least 32 characters", "mailbox 1"), (KEY, "mailbox 2")]
)
def test_another_key_or_another_purpose_opens_nothing(key: bytes, purpose: str) -> None:
    with pytest.raises(Damaged):
        unseal(seal(SECRET, KEY, "mailbox 1"), key, purpose)


@pytest.mark.parametrize("kept", ["", "nonsense", "AAAA", "ä"])
def test_what_was_never_sealed_opens_nothing(kept: str) -> None:
    with pytest.raises(Damaged):
        unseal(kept, KEY, "mailbox 1")
