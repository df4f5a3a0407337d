"""Which addresses may be connected to: spellings that led attackers inside elsewhere."""

import _socket
import ipaddress
import socket
import threading

import pytest

from backpack.network import guard
from backpack.network.guard import Allowed, addresses_of, is_public
from backpack.network.problems import NoAnswer

PRIVATE = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1
127.1.2.3 127.255.255.254 168.63.129.16 169.254.0.1 169.254.169.254 172.16.0.1 172.31.255.255
192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1 192.168.255.255 198.18.0.1 198.19.255.255
198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1
::10.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:8.8.8.8
::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b::808:808 64:ff9b:1::7f00:1 100::1 2001::1
2001:0:7f00:1::1 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:a00:1::1
2002:808:808::1 3fff::1 3fff:fff:ffff::1 5f00::1 fc00::1 fd00::1 fd00:ec2::254 fd20:ce::254 fe80::1
fec0::1 ff00::1 ff02::1 ff0e::1 2a00:1450:4001::5efe:7f00:1 2a00:1450:4001::200:5efe:a00:1
"""

PUBLIC = """
1.1.1.1 8.8.8.8 93.184.216.34 172.32.0.1 192.167.255.255 2606:4700::1111 2a00:1450:4001:80b::200e
"""

LOOPBACK_NAMES = """
127.0.0.1 127.1 127.0.1 0x7f.1 0x7f000001 2130706433 017700000001 0177.0.0.1 0177.1 0x7f.0x0.0x0.0x1
127.000.000.001 localhost 0 0.0.0.0 ::1 ::ffff:127.0.0.1 ::ffff:7f00:1 0:0:0:0:0:0:0:1
"""


@pytest.mark.parametrize("address", PRIVATE.split())
def test_an_address_that_is_not_public_is_never_connected_to(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC.split())
def test_a_public_address_may_be_connected_to(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", LOOPBACK_NAMES.split())
def test_no_spelling_of_this_machine_gets_past_the_resolver(host, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", _socket.getaddrinfo)
    assert guard.look_up(host, 80), "a spelling nobody understands would prove nothing"
    with pytest.raises(NoAnswer):
        addresses_of(host, 80, Allowed())


def resolves_to(monkeypatch, *answers):
    """Let every host name have these addresses, one list for each time somebody asks."""
    lists = list(answers)
    monkeypatch.setattr(guard, "look_up", lambda host, port: lists.pop(0) if len(lists) > 1 else lists[0])


def test_one_private_address_among_public_ones_refuses_the_name(monkeypatch):
    resolves_to(monkeypatch, ["93.184.216.34", "10.0.0.7"])
    with pytest.raises(NoAnswer, match=r"no public address for issuer\.test"):
        addresses_of("issuer.test", 443, Allowed())


def test_the_name_is_looked_up_once_and_the_checked_number_is_used(monkeypatch):
    resolves_to(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    assert addresses_of("issuer.test", 443, Allowed()).addresses == ["93.184.216.34"]


def test_a_name_that_leads_inside_and_a_name_that_does_not_exist_look_the_same(monkeypatch):
    said = []
    for answer in (["10.0.0.7"], []):
        resolves_to(monkeypatch, answer)
        with pytest.raises(NoAnswer) as refusal:
            addresses_of("intranet.test", 80, Allowed())
        said.append(str(refusal.value))
    assert said[0] == said[1]


def test_a_resolver_that_fails_is_a_refusal(monkeypatch):
    def broken(host, port):
        raise OSError("resolver is down")

    monkeypatch.setattr(guard, "look_up", broken)
    with pytest.raises(NoAnswer):
        addresses_of("issuer.test", 80, Allowed())


def test_a_resolver_that_hangs_is_a_refusal(monkeypatch):
    done = threading.Event()
    monkeypatch.setattr(guard, "LOOK_UP_SECONDS", 0.05)
    monkeypatch.setattr(guard, "look_up", lambda host, port: ["93.184.216.34"] if done.wait(10) else [])
    with pytest.raises(NoAnswer):
        addresses_of("issuer.test", 80, Allowed())
    done.set()


def test_our_own_public_address_is_not_public_to_us(monkeypatch):
    resolves_to(monkeypatch, ["93.184.216.34"])
    monkeypatch.setattr(guard, "_is_this_machine", lambda address: str(address) == "93.184.216.34")
    with pytest.raises(NoAnswer):
        addresses_of("us.test", 443, Allowed())


def test_this_machine_knows_its_own_addresses():
    assert guard._is_this_machine(ipaddress.ip_address("127.0.0.1"))


def test_other_ports_than_the_webs_are_refused_on_public_hosts(monkeypatch):
    resolves_to(monkeypatch, ["93.184.216.34"])
    with pytest.raises(NoAnswer):
        addresses_of("issuer.test", 25, Allowed())


def test_the_operator_may_open_another_port_of_a_host_by_naming_it(monkeypatch):
    resolves_to(monkeypatch, ["93.184.216.34"])
    assert addresses_of("issuer.test", 8443, Allowed.of("issuer.test")).addresses == ["93.184.216.34"]


LETS = [
    ("127.0.0.1", "127.0.0.1", "127.0.0.1", True),
    ("127.0.0.0/8", "localhost", "127.0.0.1", True),
    ("10.0.0.5", "intranet.test", "10.0.0.5", True),
    ("10.0.0.5", "intranet.test", "10.0.0.6", False),
    ("intranet.test", "intranet.test", "10.0.0.5", True),
    ("intranet.test", "other.test", "10.0.0.5", False),
    ("intranet.test, 10.0.0.0/8", "intranet.test", "10.0.0.5", True),
    ("intranet.test, 10.0.0.0/8", "intranet.test", "192.168.0.1", False),
    ("intranet.test, 10.0.0.0/8", "other.test", "10.0.0.5", False),
    ("intranet.test, 10.0.0.0/8", "10.0.0.5", "10.0.0.5", False),
    ("intranet.test 10.0.0.5", "10.0.0.5", "10.0.0.5", True),
    ("INTRANET.test.", "intranet.test", "10.0.0.5", True),
    ("[::1]", "::1", "::1", True),
    ("", "localhost", "127.0.0.1", False),
    ("0.0.0.0/0, ::/0", "metadata.test", "169.254.169.254", False),
    ("0.0.0.0/0, ::/0", "metadata.test", "168.63.129.16", False),
    ("0.0.0.0/0, ::/0", "metadata.test", "100.100.100.200", False),
    ("0.0.0.0/0, ::/0", "metadata.test", "::ffff:169.254.169.254", False),
    ("0.0.0.0/0, ::/0", "metadata.test", "64:ff9b::a9fe:a9fe", False),
    ("0.0.0.0/0, ::/0", "metadata.test", "2002:a9fe:a9fe::1", False),
    ("0.0.0.0/0, ::/0", "metadata.test", "fd00:ec2::254", False),
    ("metadata.test", "metadata.test", "169.254.169.254", False),
]


@pytest.mark.parametrize(("setting", "host", "address", "lets"), LETS)
def test_the_operator_opens_exactly_what_the_setting_says(setting, host, address, lets):
    assert Allowed.of(setting).lets(host, ipaddress.ip_address(address)) is lets


def test_a_host_the_operator_named_is_pinned_to_those_of_its_addresses_that_are_allowed(monkeypatch):
    resolves_to(monkeypatch, ["192.168.0.1", "10.0.0.5"])
    checked = addresses_of("intranet.test", 80, Allowed.of("intranet.test, 10.0.0.0/8"))
    assert checked == (["10.0.0.5"], True)
