"""Manners towards hosts: pauses for the silent, turns for all."""

import threading

import pytest

from backpack import network
from backpack.config import Settings
from backpack.network import fetch, guard, patience
from backpack.network.patience import FAILURES, Patience, Slots
from backpack.network.problems import NoAnswer

MINUTE, HOUR = 60.0, 3600.0


class Watch:
    """A stopwatch that a test moves."""

    def __init__(self):
        self.at = 0.0

    def __call__(self):
        return self.at


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def remembers(watch):
    return Patience(watch)


def is_paused(remembers, host="issuer.test"):
    try:
        remembers.check(host)
    except NoAnswer:
        return True
    return False


def test_a_host_that_failed_five_times_gets_a_pause_of_ten_minutes(remembers, watch):
    for _ in range(FAILURES):
        assert not is_paused(remembers)
        remembers.failed("issuer.test")
    assert is_paused(remembers)
    assert not is_paused(remembers, "other.test")
    watch.at += 10 * MINUTE
    assert not is_paused(remembers)


def test_the_pause_doubles_up_to_a_day(remembers, watch):
    for _ in range(FAILURES - 1):
        remembers.failed("issuer.test")
    for minutes in (10, 20, 40, 80, 160, 320, 640, 1280, 24 * 60, 24 * 60):
        remembers.failed("issuer.test")
        watch.at += minutes * MINUTE - 1
        assert is_paused(remembers)
        watch.at += 1
        assert not is_paused(remembers)


def test_an_answer_ends_the_count(remembers):
    for _ in range(FAILURES - 1):
        remembers.failed("issuer.test")
    remembers.answered("issuer.test")
    remembers.failed("issuer.test")
    assert not is_paused(remembers)


def test_the_memory_of_hosts_is_limited(remembers, monkeypatch):
    monkeypatch.setattr(patience, "_HOSTS_KEPT", 3)
    for n in range(9):
        for _ in range(FAILURES):
            remembers.failed(f"{n}.test")
    assert [is_paused(remembers, f"{n}.test") for n in range(9)] == [False] * 6 + [True] * 3


def test_a_silent_public_host_is_left_alone_for_a_while(tmp_path, monkeypatch, remembers):
    tries = []

    def silent(self, address, *rest):
        tries.append(address)
        raise network.httpcore.ConnectTimeout

    monkeypatch.setattr(network, "_patience", remembers)
    monkeypatch.setattr(guard, "look_up", lambda host, port: ["93.184.216.34"])
    monkeypatch.setattr(network.httpcore.SyncBackend, "connect_tcp", silent)
    settings = Settings(_env_file=None, data_dir=tmp_path)
    said = [fetch("https://issuer.test/", settings).problem for _ in range(FAILURES + 1)]
    assert said[0] == "issuer.test could not be reached"
    assert said[-1] == "issuer.test has not answered several times, so we wait before we ask again"
    assert len(tries) == FAILURES


def test_a_host_the_operator_vouches_for_is_asked_every_time(host, settings):
    issuer = host(lambda connection: None)
    for _ in range(FAILURES + 1):
        fetch(issuer.url, settings)
    assert len(issuer.requests) == FAILURES + 1


def test_two_of_one_host_and_eight_in_all_have_a_turn_at_a_time():
    slots, seen, lock, most = Slots(), [], threading.Lock(), {"host": 0, "all": 0}

    def ask(host):
        with slots.taken(host):
            with lock:
                seen.append(host)
                most["host"] = max(most["host"], seen.count(host))
                most["all"] = max(most["all"], len(seen))
            gathered.wait(0.02)
            with lock:
                seen.remove(host)

    gathered = threading.Event()
    threads = [threading.Thread(target=ask, args=(f"{n % 6}.test",)) for n in range(36)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == {"host": 2, "all": 8}


def test_who_gets_no_turn_is_told_so(monkeypatch):
    monkeypatch.setattr(patience, "LONGEST_WAIT", 0.01)
    slots = Slots()
    with slots.taken("a.test"), slots.taken("a.test"):
        with pytest.raises(NoAnswer, match="too busy"), slots.taken("a.test"):
            pass
        with slots.taken("b.test"):
            pass
