"""Which published JSON-LD contexts we trust: address, hash, and the package that ships each.

A context gives a badge's words their meaning, so whoever chooses the context could change what was
signed. A published context counts only when it is the very file we know: the build brings the files
from exact packages into ``_contexts/`` (its ``index.json`` says which), and every file is hashed when
it is read. A context at another address is the issuer's own: it is wanted as a document like any
other, may add words, and is named in the report with its hash (see ``canonical.vocabulary`` for what it
may not do). Nothing here fetches.

The contexts of CLR 2.0 are known by their hashes but do not ship: no package under a permissive licence
carries them. A record's own copy is fetched once and archived with its report, which is enough from then on.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from ..errors import Misconfigured, Unreadable
from . import strict_json
from .addresses import is_web_address
from .credential import Json, JsonObject
from .documents import Document, Documents
from .fields import many, objects
from .jcs import jcs
from .legible import quoted
from .once import once
from .shelf import Unavailable

# Address → SHA-256 of the canonical JSON (RFC 8785) or of the published file; any of them is the one we know.
# The first of two is the one that ships: 1EdTech adds terms to a context now and then without a new address.
PUBLISHED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "https://www.w3.org/ns/credentials/v2": (
            "b463c8d6a066214123ddd9827b135e1b50e1fc73322cc52a9b12a4f1fc7d86cf",
        ),
        "https://www.w3.org/2018/credentials/v1": (
            "b01e671e873981f19a9102a9a57f666dbcaeb31b99e3e124378d143e71549247",
        ),
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": (
            "c5e555a91a5cf48e32ae0a05674c61ddd5c053b680b5643b2f57f9965e386d99",
            "04b1136ddc4eda9a8966bc7ef182789f233a26739473140ef75d6968c29a2966",
        ),
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": (
            "bdd1d11a55a660322f24660862a1d430ee80cce584465f750909daa43684357c",
        ),
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": (
            "8bb2354552b70cbdf2066f6d3e24bc5c2be2619145737580ad2aebdc366e77d5",
        ),
        "https://purl.imsglobal.org/spec/ob/v3p0/context.json": (
            "2c54acaa1cffda2420be32ab61f0a2082051211131c6337686f36f2537aa859b",
        ),
        "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": (
            "15f4c347c6fe4380d9b6b93795859e33747ef48d5c55b91a71c52fb51c7bcbd7",
        ),
        "https://imsglobal.github.io/openbadges-specification/ob_v3p0.html": (
            "f6c4c3b3b800cb9ffc87828d8105e3dd0d20692e5936d2cc4dead2b247e11a08",
        ),
        "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json": (
            "7defe702c102faf14108579b7d65ef39ecf4c3bbef925b803e15bd77cd6e3394",
        ),
        "https://purl.imsglobal.org/spec/clr/v2p0/context.json": (
            "e198d7b517d74c5036434ce495086f67b10244709e9a3df9dcb7f8b1579b6167",
        ),
        "https://w3id.org/openbadges/v2": (
            "4b5f71314b9fef23264b05bab6a03811e8fc1e5e7506b79b092aec91865e7e07",
            "3c0c25a0e581c64cbe632197377c4f334c6c0b95f0d90e3b74449781612b153d",
        ),
        "https://w3id.org/security/data-integrity/v1": (
            "9505bf85338a4c2121ad03992ac90061bc85d43bcfa34d9d47b779381cf08b5f",
        ),
        "https://w3id.org/security/data-integrity/v2": (
            "7ba3c50acf2689d5e07927267343eb353249c7c22a9f2d00307cc970e855e305",
        ),
        "https://w3id.org/security/multikey/v1": (
            "be20c3ee6af6e9c4102e66a85c26617831218e32216bdf050f870e389e737cdc",
        ),
        "https://w3id.org/security/jwk/v1": (
            "0f14b62f6071aafe00df265770ea0c7508e118247d79b7d861a406d2aa00bece",
        ),
        "https://w3id.org/security/suites/ed25519-2020/v1": (
            "fb517f09d990829aed734c9bad8cbbb2ac3d5063b865c7e3d81f246074bf5691",
        ),
        "https://w3id.org/security/suites/ed25519-2018/v1": (
            "b4cb4ede62cd5c1e98b54340bf9d5ae636e6ba6e92b6bffb50be3c12b473a2de",
        ),
        "https://w3id.org/security/suites/jws-2020/v1": (
            "eed16334842a5635257913b33acd1aeee29009eb188d855f9a1d0ceee4a8ae4d",
        ),
        "https://w3id.org/security/suites/x25519-2020/v1": (
            "454c264ab52b3ee90b2c21a996afc4f5f2a02c2e282799b6e92305e1aa536de6",
        ),
        "https://w3id.org/security/suites/x25519-2019/v1": (
            "d032497b819ad21259daaa11a1e0ce1153592fb58877751944d6b48768c0bf33",
        ),
        "https://w3id.org/security/v1": ("d87de2ce3ce407bcac481f8af31e211e54beb5cbd7dd459826ed0502302ee234",),
        "https://w3id.org/security/v2": ("38a9ef19cf3a75bf856202bd1ed4cbd55c985ad4a809eb7f4ef584ba9d51dc90",),
        "https://www.w3.org/ns/did/v1": ("a7e146c40fcec005d3f0f14ae745665f446da58d7914a9d8f733746686fad82b",),
        "https://www.w3.org/ns/cid/v1": ("ea216ecc1cb02cd39b693dba2250141e270ba0bf95890be107dd9a9e8e43de85",),
        "https://www.w3.org/ns/credentials/status/v1": (
            "b2fcebfbaf4e6beae2be370fda8a5f9f99c28540c798a75a8cdccc0fb1a12492",
        ),
        "https://w3id.org/vc/status-list/2021/v1": (
            "9768f9aa81ab6c3e2ad96b2d669eaba67afe13fff0140a853f1e3d313fab13b6",
        ),
        "https://www.w3.org/ns/credentials/examples/v2": (
            "8a675bead391be98e6054c4e07c41f73337508d398e07047344c5d349aa2dc58",
        ),
        "https://www.w3.org/ns/credentials/undefined-terms/v2": (
            "3b11e1df8c618447e9f79f3737e3c30fc0841537eb95f36003742c633672bb9f",
        ),
        "https://w3id.org/dcc/v1": ("72bbeeb602655938f472f98317cab12c1bf6abc96a915d1fcc3fe18e79f92a42",),
    }
)

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "https://purl.imsglobal.org/spec/ob/v3p0/context/ob_v3p0.jsonld": (
            "https://purl.imsglobal.org/spec/ob/v3p0/context.json"
        ),
        "https://w3c-ccg.github.io/vc-ed/plugfest-1-2022/jff-vc-edu-plugfest-1-context.json": (
            "https://imsglobal.github.io/openbadges-specification/ob_v3p0.html"
        ),
        "https://openbadgespec.org/v2/context.json": "https://w3id.org/openbadges/v2",
    }
)

_KNOWN = PUBLISHED.keys() | ALIASES.keys()
_OF_SEVERAL_EDITIONS = {url for url in _KNOWN if len(PUBLISHED[ALIASES.get(url, url)]) > 1}

# pyld ships a few that no package of the build does.
_IN_PYLD = {"https://w3id.org/security/suites/jws-2020/v1": "security-jws-2020-v1.jsonld"}


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """One context: ``context`` is the value of its ``@context``, ``sha256`` that of its canonical JSON.

    ``source`` is the package that ships it, or the address it was fetched from.
    """

    url: str
    context: Json
    sha256: str
    source: str
    published: bool

    @once
    def told(self) -> str:
        """Which one it is, for whoever wants to look it up."""
        return f"{self.url} (SHA-256 {self.sha256[:16]}…, {self.source})"


class Vocabularies:
    """Every context that may be used: the published ones, and those among the documents in hand."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self.own: dict[str, str] = {}
        """The issuer's own contexts that were used: address → hash."""
        self.looked_at: set[str] = set()
        """The addresses that the documents were asked for."""
        self._asked: set[str] = set()

    def find(self, url: str) -> Vocabulary:
        """The context at this address, or raises Unavailable."""
        ours = shipped(url)
        if ours is not None and url not in _OF_SEVERAL_EDITIONS:
            return ours
        self.looked_at.add(url)
        if ours is not None and url not in self._documents:
            return ours
        document = self._documents.get(url)
        fetched = self._documents.once("context", document, _read) if document and document.ok else None
        if fetched is not None and (fetched.published or ours is None):
            if not fetched.published:
                self.own[url] = fetched.sha256
            return fetched
        if ours is not None:
            return ours
        if document is None:
            raise Unavailable(
                url, None if is_web_address(url) else f"{quoted(url)} is no address of a vocabulary."
            )
        raise Unavailable(url, document.problem or f"{url} is not readable as a vocabulary.")

    def are_all_shipped(self, contexts: Sequence[Json]) -> bool:
        """Whether these are addresses of contexts that ship, no other edition of which is in hand."""
        for url in contexts:
            if not isinstance(url, str) or shipped(url) is None:
                return False
            if url in _OF_SEVERAL_EDITIONS:
                self.looked_at.add(url)
            if url in self._documents:
                return False
        return bool(contexts)

    def missing(self, document: JsonObject) -> set[str]:
        """The addresses of contexts that a document names, anywhere in it, and that are still to be fetched."""
        wants: set[str] = set()
        waiting = [document]
        while waiting:
            for key, value in waiting.pop().items():
                if key == "@context":
                    found, own = self._named(value)
                    wants |= found
                    waiting += own
                else:
                    waiting += objects(value)
        return wants

    def _named(self, contexts: Json) -> tuple[set[str], list[JsonObject]]:
        """The contexts of one value that are missing, and those of the issuer's own, which may name others."""
        wants: set[str] = set()
        own: list[JsonObject] = []
        for url in many(contexts):
            try:
                found = self.find(url) if isinstance(url, str) else None
            except Unavailable as error:
                wants |= {url} if error.problem is None else set()
                continue
            if found is not None and not found.published and url not in self._asked:
                self._asked.add(url)
                own.append({"@context": found.context})
        return wants, own

    def later(self, urls: Iterable[str]) -> set[str]:
        """Those addresses whose published file may by now know more words than the one that ships."""
        return {url for url in urls if url in _OF_SEVERAL_EDITIONS and url not in self._documents}


def shipped(url: str) -> Vocabulary | None:
    """The published context that ships with the program for this address; another file than that is refused."""
    return _shipped(ALIASES.get(url, url)) if url in _KNOWN else None  # what strangers name is not remembered


@cache
def _shipped(url: str) -> Vocabulary | None:
    source, path = _index().get(url, ("", None))
    if path is None:
        return None
    context = json.loads(path.read_bytes())
    sha256 = hashlib.sha256(jcs(context)).hexdigest()
    if sha256 not in PUBLISHED[url]:
        raise Misconfigured(f"{source} ships another vocabulary for {url} than the published one.")
    return Vocabulary(url, context["@context"], sha256, source, published=True)


@cache
def _index() -> Mapping[str, tuple[str, Traversable]]:
    """Address → package and file."""
    folder = resources.files(__package__) / "_contexts"
    found = {url: ("pyld", _pyld_folder() / name) for url, name in _IN_PYLD.items()}
    if not (folder / "index.json").is_file():
        raise Misconfigured("The published vocabularies are not installed.", "Run: make install")
    for name, entry in json.loads((folder / "index.json").read_bytes()).items():
        found |= dict.fromkeys(entry["urls"], (entry["package"], folder / name))
    return MappingProxyType(found)


def _pyld_folder() -> Traversable:
    # Found, not imported: that takes longer than all that is read here.
    found = find_spec("pyld")
    if found is None or found.origin is None:
        raise Misconfigured("pyld is not installed.", "Run: make install")
    return Path(found.origin).parent / "documentloader" / "frozen" / "bundled"


def _hashes(url: str) -> tuple[str, ...]:
    return PUBLISHED.get(ALIASES.get(url, url), ())


def _read(document: Document) -> Vocabulary | None:
    try:
        found = strict_json.load_object(document.body)
    except Unreadable:
        return None
    if "@context" not in found:
        return None
    sha256 = hashlib.sha256(jcs(found)).hexdigest()
    published = not {sha256, document.sha256}.isdisjoint(_hashes(document.url))
    return Vocabulary(document.url, found["@context"], sha256, document.url, published)
