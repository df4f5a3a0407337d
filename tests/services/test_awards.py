"""Which messages look like awards, by sender and subject alone."""

import pytest

from backpack.services.mailboxes import awards
from backpack.sources import mail


@pytest.mark.parametrize(
    "subject",
    [
        "Congratulations, you earned a badge!",
        "Your credential is ready",
        "Sie haben ein Abzeichen erhalten",
        "Ihr Zertifikat",
        "Je hebt een edubadge ontvangen",
        "Has recibido una insignia",
        "Vous avez obtenu un badge",
        "Você recebeu um emblema",
        "Hai ricevuto un attestato",
        "=?utf-8?q?Herzlichen_Gl=C3=BCckwunsch?=",
        "=?utf-8?b?SWhyIFplcnRpZmlrYXQ=?=",
    ],
)
def test_a_subject_that_speaks_of_an_award_is_enough(subject: str) -> None:
    assert awards.looks_like_one(f"From: office@school.example\r\nSubject: {subject}\r\n\r\n".encode())


@pytest.mark.parametrize(
    "sender", ["Badgr <noreply@badgr.io>", "admin@credly.com", "Moodle <noreply@moodle.school.example>"]
)
def test_a_sender_that_sends_awards_is_enough(sender: str) -> None:
    assert awards.looks_like_one(f"From: {sender}\r\nSubject: Hello\r\n\r\n".encode())


@pytest.mark.parametrize(
    "lines",
    [
        b"",
        b"From: Ada <ada@people.example>\r\nSubject: Lunch on Friday?\r\n\r\n",
        b"Subject: =?nonsense?q?=FF=FE?=\r\n\r\n",
        b"From: =?utf-8?b?broken\r\nSubject: \xff\xfe\x00\r\n\r\n",
        b"\x00\xff" * 2000,
    ],
)
def test_any_other_head_is_read_and_passed_over(lines: bytes) -> None:
    assert not awards.looks_like_one(lines)
    assert len(mail.head(lines).subject) <= 300
