"""A name server on loopback: it answers from a table, and keeps count of what it was asked."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import dns.message
import dns.rcode
import dns.resolver
import dns.rrset


class NameServer:
    """``zone`` says what there is: ``{("uni.example", "TXT"): ["v=spf1 -all"]}``; None: it keeps silent."""

    def __init__(self) -> None:
        self.zone: dict[tuple[str, str], list[str] | None] = {}
        self.asked: list[tuple[str, str]] = []
        self._line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._line.bind(("127.0.0.1", 0))
        self.resolver = dns.resolver.Resolver(configure=False)
        self.resolver.nameservers = ["127.0.0.1"]
        self.resolver.port = self._line.getsockname()[1]

    def publish(self, name: str, *texts: str) -> None:
        """Give a name these texts, in strings of at most 255 bytes."""
        self.zone[name, "TXT"] = [
            " ".join(f'"{text[at : at + 255]}"' for at in range(0, len(text), 255)) for text in texts
        ]

    def serve(self) -> None:
        """Answer until ``close``."""
        while data := (datagram := self._line.recvfrom(4096))[0]:
            with suppress(LookupError):
                self._line.sendto(self._answer(data), datagram[1])

    def close(self) -> None:
        """Answer no more."""
        self._line.sendto(b"", self._line.getsockname())

    def _answer(self, data: bytes) -> bytes:
        asked = dns.message.from_wire(data)
        question = asked.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), question.rdtype.name
        self.asked.append((name, kind))
        found = self.zone.get((name, kind), [])
        if found is None:
            raise LookupError
        answer = dns.message.make_response(asked)
        answer.flags |= 0x0080
        if found:
            answer.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", kind, found))
        elif not any(one == name for one, _ in self.zone):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer.to_wire(max_size=65535)


@contextmanager
def name_server() -> Iterator[NameServer]:
    """One that answers as long as the context lasts."""
    server = NameServer()
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join()
        server._line.close()
