"""Why an address gave no document: one sentence that tells nothing of our network or of the remote body."""


class NoAnswer(Exception):
    """The reason, ready for ``Document.problem``; it never leaves this package."""


def is_final(problem: str) -> bool:
    """Whether asking again would change nothing, because we would refuse again."""
    return any(reason in problem for reason in _FINAL)


def status_problem(host: str, status: int) -> str:
    """What an HTTP status other than 2xx means, for people."""
    if status in _SAYS:
        return f"{host} {_SAYS[status]} ({status})"
    if 300 <= status < 400:
        return f"{host} sent us on to nowhere ({status})"
    if status >= 500:
        return f"{host} is in trouble at the moment ({status})"
    return f"{host} does not answer this request ({status})"


_SAYS = {
    401: "shows it only to people who sign in there",
    403: "does not show it to us",
    404: "has nothing at this address",
    410: "says that it is gone for good",
    429: "asks us to come back later",
}
_FINAL = (
    "we do not fetch from that address",
    "this is not a web address",
    "the address is longer",
    "this address is our own",
    "answered with more than",
    "sent us on too often",
)
