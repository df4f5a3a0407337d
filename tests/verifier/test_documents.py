"""Documents in hand: by address, on their way to a worker, and what is made of them once."""

import pickle

from backpack.verifier import Document, Documents

PAGE = Document("https://school.example/page", 200, b"{}")


def test_documents_arrive_in_a_worker_as_they_left():
    there = pickle.loads(pickle.dumps(Documents(PAGE)))
    assert list(there) == [PAGE]
    assert there.get("https://school.example/page#part") == PAGE


def test_what_is_made_of_a_document_is_made_once_for_each_purpose():
    held, made = Documents(PAGE), []

    def make(document: Document) -> None:
        made.append(document.url)

    for what in ("list", "list", "page"):
        assert held.once(what, PAGE, make) is None
    assert made == [PAGE.url] * 2
    held.plus().once("list", PAGE, make)
    assert len(made) == 3
