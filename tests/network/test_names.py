"""Name servers: an answer, none, or silence, and never a long wait."""

from collections.abc import Iterator

import pytest

from backpack.network import names
from tests.naming import NameServer, name_server


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    with name_server() as server:
        monkeypatch.setattr(names, "resolver", lambda: server.resolver)
        yield server


def test_each_kind_of_answer_is_given_as_text(world):
    world.publish("uni.example", "one", "x" * 300)
    world.zone["uni.example", "A"] = ["192.0.2.1"]
    world.zone["uni.example", "MX"] = ["10 mx.uni.example."]
    asked = [("uni.example", kind) for kind in ("TXT", "A", "AAAA", "MX")]
    answers = names.ask(asked)
    assert sorted(answers["uni.example", "TXT"]) == ["one", "x" * 300]
    assert [answers[one] for one in asked[1:]] == [("192.0.2.1",), (), ("10 mx.uni.example.",)]


@pytest.mark.parametrize(
    "name", ["nowhere.example", "", "a..b", f"{'x' * 64}.example", "\udcff.example", "*.\\"]
)
def test_what_is_no_name_has_nothing(world, name):
    assert names.ask([(name, "TXT")]) == {(name, "TXT"): ()}


def test_what_nobody_need_ask_is_not_asked(world):
    assert names.ask([("uni.example", "ANY")]) == {("uni.example", "ANY"): ()}
    assert world.asked == []


def test_silence_is_told_from_nothing_and_ends(world, monkeypatch):
    monkeypatch.setattr(names, "SECONDS", 0.1)
    world.zone["silent.example", "TXT"] = None
    questions = [("silent.example", "TXT"), ("nowhere.example", "TXT")]
    assert names.ask(questions) == {questions[0]: None, questions[1]: ()}


def test_when_the_time_is_up_nothing_more_is_asked(world):
    assert names.ask([("uni.example", "TXT")], seconds=0) == {("uni.example", "TXT"): None}
    assert world.asked == []
