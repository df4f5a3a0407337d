"""An answer is told from memory while all that it stands on is the same, and never otherwise."""

import pytest

from backpack.verifier.budget import Budget, Meter
from backpack.verifier.documents import Document, Documents
from backpack.verifier.remembering import MAX_SIZE, Remembered
from tests.issuing import AT, document

FILE = document("https://montalvo.example/list", 200, "application/json", b"{}")
BESIDE = "https://montalvo.example/key"


def times_worked(file: Document, *held: Documents) -> int:
    """How often the work is done when it is asked for with these documents, one after another."""
    memory, done = Remembered[int](2), []

    def work(documents: Documents, budget: Budget) -> int:
        documents.get(BESIDE)
        done.append(budget)
        return len(done)

    for documents in held:
        memory.ask(file, 0, documents, AT, Budget(), work)
    return len(done)


def beside(body: bytes, status: int = 200) -> Documents:
    return Documents(document(BESIDE, status, "application/json", body))


def test_the_same_documents_are_worked_on_once():
    assert times_worked(FILE, beside(b"{}"), beside(b"{}")) == 1


@pytest.mark.parametrize("other", [Documents(), beside(b"[]"), beside(b"{}", 410)])
def test_another_answer_or_none_where_there_was_one_is_worked_on_anew(other):
    assert times_worked(FILE, beside(b"{}"), other) == 2
    assert times_worked(FILE, other, beside(b"{}")) == 2


@pytest.mark.parametrize(
    "body", [b"{", b'"' + b"x" * MAX_SIZE + b'"', b"<html>"], ids=["cut off", "large", "no JSON"]
)
def test_what_may_name_times_that_cannot_be_told_is_not_remembered(body):
    assert times_worked(FILE, beside(body), beside(body)) == 2


def test_the_other_budget_of_a_file_is_metered_once():
    meter = Meter(Budget())
    assert meter.beside() is meter.beside()
