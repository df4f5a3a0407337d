"""Other verifiers beside ours, on the same badge: those that are installed.

openbadgeslib is a witness of the tests; openvc-core is in the dependency group ``peers``
(``uv pip install --group peers``), which nothing else needs.
"""

from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec

from openbadgeslib.ob3.ldp import OB3LdpVerifier

from backpack.demo.shapes import Issued
from backpack.verifier import strict_json
from backpack.verifier.contexts import shipped
from backpack.verifier.jcs import jcs

from .timing import Ratio, compare
from .verifying import SIZES, badges, verify_all

Verify = Callable[[str], object]


def measure() -> Iterator[Ratio]:
    """A small badge and a rich one, their proof and dates by each; only ours asks whose the key is."""
    for size in SIZES:
        some = badges(size)
        for name, theirs in _peers():
            yield compare(
                f"verify a {size} badge",
                partial(verify_all, some),
                partial(_each, theirs, some),
                name,
                times=len(some),
                rounds=3,
            )


def _peers() -> Iterator[tuple[str, Verify]]:
    yield "openbadgeslib", OB3LdpVerifier().verify
    if find_spec("openvc") is None:
        return
    from openvc.verify import verify_credential

    contexts = {url: strict_json.loads(jcs({"@context": shipped(url).context})) for url in _CONTEXTS}
    yield (
        "openvc-core",
        lambda text: verify_credential(strict_json.load_object(text), extra_contexts=contexts),
    )


_CONTEXTS = ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",)


def _each(verify: Verify, some: list[Issued]) -> None:
    for badge in some:
        verify(badge.text)
