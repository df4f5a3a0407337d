"""A URL in, a Document out, from hosts that behave and hosts that do not."""

import gzip
import json
import socket
import ssl
import time
import zlib

import pytest
from pytest_httpserver import HTTPServer

from backpack import network
from backpack.config import Settings
from backpack.network import connecting, fetch, fetch_all, guard
from backpack.network.rules import KINDS
from backpack.verifier.documents import Document

BADGE = b'{"type": "Assertion"}'


def says(body=BADGE, status="200 OK", head=""):
    """A host that gives one proper answer."""
    text = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode()
    return lambda connection: connection.sendall(text + body)


def chunked(pieces, head=""):
    """A host that sends pieces one after another, for as long as somebody listens."""

    def behave(connection):
        connection.sendall(f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n{head}\r\n".encode())
        for piece in pieces():
            connection.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        connection.sendall(b"0\r\n\r\n")

    return behave


@pytest.fixture
def hasty(monkeypatch):
    """Time limits a test can wait for, in the same proportions."""
    monkeypatch.setattr(network, "TOTAL_SECONDS", 1.0)
    monkeypatch.setattr(network, "WAIT_SECONDS", 0.4)
    monkeypatch.setattr(network, "_TIMEOUT", network.httpx.Timeout(0.4))


class TestAnswers:
    """What comes back."""

    def test_a_document_is_what_the_address_answered(self, host, settings):
        issuer = host(says(head="Content-Type: application/ld+json\r\n"))
        document = fetch(issuer.url + "#part", settings)
        assert document.ok
        assert (document.url, document.body) == (issuer.url, BADGE)
        assert (document.content_type, document.final_url) == ("application/ld+json", issuer.url)
        assert document.fetched_at is not None

    def test_we_say_who_asks_and_carry_nothing_else(self, host, settings, monkeypatch):
        issuer = host(says())
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
        assert fetch(issuer.url, settings).ok
        head = issuer.requests[0].decode().lower()
        assert "user-agent: badgebackpack/" in head
        assert "(+https://backpack.test)" in head
        assert "accept-encoding: identity" in head
        assert not any(name in head for name in ("cookie", "authorization", "referer"))

    @pytest.mark.parametrize(
        ("status", "words"),
        [
            ("404 Not Found", "has nothing at this address (404)"),
            ("410 Gone", "gone for good (410)"),
            ("403 Forbidden", "does not show it to us (403)"),
            ("429 Too Many", "come back later (429)"),
            ("503 Oh", "in trouble at the moment (503)"),
            ("304 Not Modified", "sent us on to nowhere (304)"),
            ("418 Teapot", "does not answer this request (418)"),
        ],
    )
    def test_a_status_is_a_problem_with_its_number_and_keeps_its_body(self, host, settings, status, words):
        document = fetch(host(says(b'{"revoked": true}', status)).url, settings)
        assert not document.ok
        assert words in document.problem
        assert document.status == int(status[:3])
        assert document.body == (b"" if status.startswith("304") else b'{"revoked": true}')

    def test_a_web_page_is_not_a_badge(self, host, settings):
        page = b"<!DOCTYPE html><html><body>Sign in</body></html>"
        issuer = host(says(page, head="Content-Type: text/html\r\n"))
        document = fetch(issuer.url, settings)
        assert document.problem == "127.0.0.1 answered with a web page, not with a badge"
        assert fetch(issuer.url, settings, kind="picture").problem.endswith("not with a picture")
        assert fetch(issuer.url, settings, kind="badge").body == page

    def test_json_that_calls_itself_a_web_page_is_taken_as_json(self, host, settings):
        assert fetch(host(says(head="Content-Type: text/html\r\n")).url, settings).ok

    def test_a_packed_answer_is_unpacked(self, host, settings):
        for name, packed in (("gzip", gzip.compress(BADGE)), ("deflate", zlib.compress(BADGE))):
            issuer = host(says(packed, head=f"Content-Encoding: {name}\r\n"))
            assert fetch(issuer.url, settings).body == BADGE

    @pytest.mark.parametrize(
        ("encoding", "body", "words"),
        [
            ("br", b"x", "in a compression we do not read"),
            ("gzip", b"not gzip", "cannot be unpacked"),
            ("gzip", gzip.compress(BADGE, mtime=0)[:-9], "broke off"),
        ],
    )
    def test_what_cannot_be_unpacked_is_a_problem(self, host, settings, encoding, body, words):
        assert (
            words in fetch(host(says(body, head=f"Content-Encoding: {encoding}\r\n")).url, settings).problem
        )

    def test_many_are_fetched_in_the_order_asked_each_once(self, host, settings):
        issuer = host(says())
        urls = [issuer.url + f"?{n}" for n in range(12)]
        documents = fetch_all([*urls, urls[0] + "#again"], settings)
        assert [d.url for d in documents] == urls
        assert all(d.ok for d in documents)
        assert len(issuer.requests) == 12


class TestSlowHosts:
    """Nobody holds us for longer than the whole fetch may take."""

    def test_a_host_that_says_nothing(self, host, settings, hasty):
        issuer = host(lambda connection: connection.recv(1))
        assert fetch(issuer.url, settings).problem == "127.0.0.1 did not answer in 0 s"

    def test_a_host_that_drips_its_body(self, host, settings, hasty):
        def drips(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            while True:
                connection.sendall(b"x")
                time.sleep(0.05)

        assert fetch(host(drips).url, settings).problem == "127.0.0.1 did not answer in 1 s"

    def test_a_host_that_drips_its_head(self, host, settings, hasty):
        def drips(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while True:
                connection.sendall(b"X-More: 1\r\n")
                time.sleep(0.05)

        assert fetch(host(drips).url, settings).problem == "127.0.0.1 did not answer in 1 s"

    def test_a_host_that_drips_its_greeting_of_tls(self, host, settings, hasty):
        def drips(connection):
            connection.sendall(b"\x16\x03\x03\x40\x00")
            while True:
                connection.sendall(b"\x02")
                time.sleep(0.05)

        url = host(drips).url.replace("http:", "https:")
        assert fetch(url, settings).problem == "127.0.0.1 could not be reached"

    def test_redirects_share_one_time_limit(self, host, settings, hasty, monkeypatch):
        # None of them alone is too slow, also where the machine is.
        monkeypatch.setattr(network, "WAIT_SECONDS", 0.95)
        monkeypatch.setattr(network, "_TIMEOUT", network.httpx.Timeout(0.95))

        def slowly_on(connection):
            time.sleep(0.35)
            says(b"", "302 Found", "Location: /again\r\n")(connection)

        assert fetch(host(slowly_on).url, settings).problem == "127.0.0.1 did not answer in 1 s"

    def test_the_real_limits_are_three_five_and_fifteen_seconds(self):
        assert (connecting.CONNECT_SECONDS, connecting.WAIT_SECONDS, connecting.TOTAL_SECONDS) == (3, 5, 15)

    def test_a_host_that_hangs_up(self, host, settings):
        assert fetch(host(lambda _: None).url, settings).problem == "127.0.0.1 broke off its answer"

    def test_a_host_that_speaks_something_else(self, host, settings):
        issuer = host(lambda connection: connection.sendall(b"220 mail ready\r\n"))
        assert fetch(issuer.url, settings).problem == "127.0.0.1 broke off its answer"

    def test_a_closed_port_looks_like_a_host_that_is_away(self, settings):
        with socket.create_server(("127.0.0.1", 0)) as gone:
            port = gone.getsockname()[1]
        problem = fetch(f"http://127.0.0.1:{port}/", settings).problem
        assert problem == "127.0.0.1 could not be reached"


class TestLargeAnswers:
    """Never more than the kind allows, counted after unpacking."""

    def test_an_answer_without_end(self, host, settings):
        def for_ever():
            while True:
                yield b"x" * 65536

        issuer = host(chunked(for_ever))
        assert fetch(issuer.url, settings).problem == "127.0.0.1 answered with more than 512 KB"
        assert fetch(issuer.url, settings, kind="picture").problem.endswith("more than 5 MB")

    @pytest.mark.parametrize("encoding", ["gzip", "deflate"])
    def test_a_small_answer_that_stands_for_a_large_one(self, host, settings, encoding):
        pack = gzip.compress if encoding == "gzip" else zlib.compress
        bomb = pack(b"\0" * 200_000_000, 9)
        issuer = host(says(bomb, head=f"Content-Encoding: {encoding}\r\n"))
        assert "more than 512 KB" in fetch(issuer.url, settings).problem

    def test_a_length_that_lies(self, host, settings):
        short = host(lambda c: c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx"))
        assert fetch(short.url, settings).problem == "127.0.0.1 broke off its answer"

    def test_a_head_without_end(self, host, settings):
        def for_ever(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while True:
                connection.sendall(b"X-More: " + b"y" * 1000 + b"\r\n")

        assert fetch(host(for_ever).url, settings).problem == "127.0.0.1 broke off its answer"

    def test_a_badge_may_carry_one_large_picture_inside_but_not_large_words(self, host, settings):
        picture = "data:image/png;base64," + "A" * 1_000_000
        fat = json.dumps({"image": picture}).encode()
        wordy = json.dumps({"description": "A" * 1_000_000}).encode()
        assert fetch(host(says(fat)).url, settings).ok
        assert "more than 512 KB" in fetch(host(says(wordy)).url, settings).problem

    def test_a_signed_text_and_a_status_list_may_be_large_too(self, host, settings):
        signed = b"eyJh." + b"A" * 1_000_000 + b".c2ln"
        status_list = json.dumps({"encodedList": "uH4sI" + "A" * 1_000_000}).encode()
        for body in (signed, status_list):
            assert fetch(host(says(body)).url, settings).ok
            assert "more than 512 KB" in fetch(host(says(body * 20)).url, settings).problem

    def test_exactly_the_limit_passes(self, host, settings):
        cap = KINDS["json"].cap
        assert fetch(host(says(b"x" * cap)).url, settings).ok
        assert not fetch(host(says(b"x" * (cap + 1))).url, settings).ok

    def test_one_call_asks_a_limited_number_of_addresses(self, host, settings, monkeypatch):
        monkeypatch.setattr(network, "MOST_REQUESTS", 2)
        issuer = host(says())
        documents = fetch_all([f"{issuer.url}?{n}" for n in range(3)], settings)
        assert [d.ok for d in documents] == [True, True, False]
        assert documents[2].problem == "this badge names more than 2 addresses at once"

    def test_one_call_takes_a_limited_amount(self, host, settings, monkeypatch):
        monkeypatch.setattr(network, "MOST_BYTES", 0)
        monkeypatch.setattr(network, "AT_ONCE", 1)
        issuer = host(says())
        documents = fetch_all([f"{issuer.url}?{n}" for n in range(2)], settings)
        assert [d.ok for d in documents] == [True, False]


class TestRedirects:
    """Every hop is held to the same rules."""

    def test_up_to_three_are_followed_and_the_last_address_is_told(self, host, settings):
        target = host(says())
        issuer = host(says(b"", "302 Found", f"Location: {target.url}\r\nSet-Cookie: a=b\r\n"))
        document = fetch(issuer.url, settings)
        assert (document.url, document.final_url, document.body) == (issuer.url, target.url, BADGE)
        assert b"cookie" not in target.requests[0].lower()

    def test_a_stranger_cannot_make_himself_look_like_the_same_site_after_a_move(self, host, settings):
        same_path = host(says())
        stranger = host(says(b"", "302 Found", f"Location: {same_path.url}\r\n"))
        led_to = stranger.url.replace("badge.json", "open/redirect")
        issuer = host(says(b"", "302 Found", f"Location: {led_to}\r\n"))
        document = fetch(issuer.url, settings)
        assert (document.body, document.final_url) == (BADGE, led_to)

    def test_a_fourth_is_not(self, host, settings):
        issuer = host(says(b"", "302 Found", "Location: /round\r\n"))
        assert fetch(issuer.url, settings).problem == "127.0.0.1 sent us on too often"
        assert len(issuer.requests) == 4

    @pytest.mark.parametrize(
        "target",
        [
            "http://10.0.0.1/",
            "http://169.254.169.254/latest/meta-data",
            "http://[::1]:22/",
            "file:///etc/passwd",
            "gopher://127.0.0.1/",
            "http://u:p@127.0.0.1/",
            "//192.168.1.1/admin",
            "http://",
            "http://[",
        ],
    )
    def test_none_leads_inside(self, host, settings, target):
        issuer = host(says(b"", "302 Found", f"Location: {target}\r\n"))
        document = fetch(issuer.url, settings)
        assert not document.ok
        assert document.body == b""

    def test_none_leads_back_from_https_to_http(self, settings):
        url = network.httpx.URL("https://issuer.test/")
        with pytest.raises(network.NoAnswer, match="without encryption"):
            network.redirected(url, "http://issuer.test/", KINDS["json"])

    def test_one_without_a_target_is_a_problem(self, host, settings):
        assert "nowhere" in fetch(host(says(b"", "302 Found")).url, settings).problem


class TestRefusals:
    """Asked for, but never fetched."""

    @pytest.mark.parametrize(
        "url",
        [
            "ftp://127.0.0.1/x",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:text/plain,x",
            "mailto:a@issuer.test",
            "urn:uuid:1",
            "badge.json",
            "",
            "http://",
            "http:///x",
            "http://[",
            "http://127.0.0.1:x/",
            "http://127.0.0.1:0/",
            "http://127.0.0.1:65536/",
            "http://127.0.0.1\\@issuer.test/",
            "http://127.0.0.1/\r\nX: 1",
            "http://127.0.0.1/\u202e",
            "http://user@127.0.0.1/",
            "http://user:pass@127.0.0.1/",
            "http://ⓛocalhost/",
            "http://" + "a." * 127 + "test/",
            "http://127.0.0.1/" + "x" * 2048,
        ],
    )
    def test_an_address_that_is_no_plain_web_address(self, url, settings):
        document = fetch(url, settings)
        assert document.status == 0
        assert document.problem
        assert "127.0.0.1" not in document.problem

    def test_nobody_is_connected_to_without_the_operators_leave(self, host, settings):
        issuer = host(says())
        closed = Settings(_env_file=None, data_dir=settings.data_dir, base_url="https://backpack.test")
        for name in ("127.0.0.1", "localhost", "[::1]", "127.1", "0x7f.1", "2130706433", "0"):
            assert not fetch(issuer.url.replace("127.0.0.1", name), closed).ok
        assert issuer.requests == []

    @pytest.mark.parametrize("kind", ["key", "status"])
    def test_what_proves_something_is_never_asked_for_in_the_clear(self, host, settings, kind):
        issuer = host(says())
        assert "without encryption" in fetch(issuer.url, settings, kind=kind).problem
        assert issuer.requests == []

    def test_a_name_that_moves_inside_between_two_looks_is_not_followed(self, host, settings, monkeypatch):
        issuer = host(says())
        answers = [["93.184.216.34"], ["127.0.0.1"]]
        asked = []
        monkeypatch.setattr(guard, "look_up", lambda name, port: answers.pop(0))
        monkeypatch.setattr(
            network.httpcore.SyncBackend, "connect_tcp", lambda self, address, *rest: refuse(asked, address)
        )
        assert not fetch("http://issuer.test/", settings).ok
        assert asked == ["93.184.216.34"]
        assert issuer.requests == []

    def test_a_document_of_our_own_is_answered_from_within(self, settings):
        ours = Document("x", 200, BADGE, "application/json")
        for url in (
            "https://backpack.test/b/abc",
            "http://backpack.test/b/abc",
            "https://BACKPACK.test:443/b/abc",
        ):
            assert fetch(url, settings, own=lambda asked: ours).body == BADGE
            assert fetch(url, settings, own=lambda asked: None).problem.startswith("this address is our own")
            assert fetch(url, settings).problem.startswith("this address is our own")

    def test_another_service_on_our_host_is_not_us(self, host, settings):
        issuer = host(says())
        settings = settings.model_copy(update={"base_url": "http://127.0.0.1:8000"})
        assert fetch(issuer.url, settings).ok


def refuse(asked, address):
    """Note who would have been connected to."""
    asked.append(address)
    raise network.httpcore.ConnectError


class TestExamples:
    """The names under .example belong to the demo."""

    def test_the_demo_issuer_answers_from_its_folder(self, settings):
        folder = settings.data_dir / "demo"
        folder.mkdir()
        (folder / "issuer.json").write_bytes(BADGE)
        entry = {"file": "issuer.json", "status": 200, "content_type": "application/json"}
        gone = {**entry, "status": 410}
        index = {"https://academy.example/issuer": entry, "https://academy.example/gone": gone}
        (folder / "index.json").write_text(json.dumps(index))
        document = fetch("https://academy.example/issuer#key", settings)
        assert document.ok
        assert (document.body, document.final_url) == (BADGE, "https://academy.example/issuer")
        assert "(410)" in fetch("https://academy.example/gone", settings).problem
        assert not fetch("https://academy.example/other", settings).ok

    def test_without_a_demo_they_are_refused_and_no_resolver_is_asked(self, settings, monkeypatch):
        monkeypatch.setattr(guard, "look_up", lambda host, port: pytest.fail("a resolver was asked"))
        problem = fetch("https://academy.example/issuer", settings).problem
        assert problem == "there is no public address for academy.example"

    def test_the_index_cannot_name_a_file_elsewhere(self, settings):
        folder = settings.data_dir / "demo"
        folder.mkdir()
        (settings.data_dir / "secret.key").write_text("secret")
        entry = {"file": "../secret.key", "status": 200, "content_type": "text/plain"}
        (folder / "index.json").write_text(json.dumps({"https://academy.example/": entry}))
        assert fetch("https://academy.example/", settings).body == b""


class TestEncryption:
    """Certificates are checked against the name that was asked for."""

    @pytest.fixture
    def issuer(self, certificate, monkeypatch):
        """An encrypted issuer; what it was called in the greeting is kept in ``names``."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.names = []
        context.sni_callback = lambda connection, name, context: self.names.append(name)
        monkeypatch.setattr(guard, "look_up", lambda host, port: ["127.0.0.1"])
        connecting.tls.cache_clear()
        with HTTPServer(host="127.0.0.1", ssl_context=context) as server:
            asked = server.expect_request("/badge", headers={"Host": f"issuer.test:{server.port}"})
            asked.respond_with_data(BADGE)
            yield server
        connecting.tls.cache_clear()

    def test_a_certificate_of_an_authority_we_trust_is_enough(
        self, issuer, certificate, settings, monkeypatch
    ):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        settings = settings.model_copy(update={"fetch_allow": "issuer.test"})
        document = fetch(f"https://issuer.test:{issuer.port}/badge", settings, kind="key")
        assert document.body == BADGE
        assert self.names == ["issuer.test"]

    def test_a_certificate_that_nobody_vouches_for_is_not(self, issuer, settings):
        settings = settings.model_copy(update={"fetch_allow": "issuer.test"})
        document = fetch(f"https://issuer.test:{issuer.port}/badge", settings)
        assert document.problem == "issuer.test has no certificate that we trust"

    def test_a_certificate_for_another_name_is_not(self, issuer, certificate, settings, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        settings = settings.model_copy(update={"fetch_allow": "other.test"})
        document = fetch(f"https://other.test:{issuer.port}/badge", settings)
        assert document.problem == "other.test has no certificate that we trust"
