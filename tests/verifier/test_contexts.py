"""A published vocabulary counts only when it is the very file that is known."""

import json
from importlib import resources

import pytest

from backpack.errors import Misconfigured
from backpack.verifier import contexts
from backpack.verifier.contexts import ALIASES, PUBLISHED, Vocabularies, shipped
from backpack.verifier.documents import Document, Documents
from backpack.verifier.shelf import Unavailable

OB3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
V2 = "https://www.w3.org/ns/credentials/v2"
CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
OWN = "https://academy.example/words"


def find(url, *documents):
    return Vocabularies(Documents(*documents)).find(url)


def served(url, document):
    return Document(url, 200, json.dumps(document, indent=2).encode())


def newer_ob3():
    """The file that 1EdTech publishes by now, out of the package that a test may read."""
    path = resources.files("openbadgeslib.ob3.contexts") / "ob-v3p0-context-3.0.3.json"
    return json.loads(path.read_bytes())


@pytest.mark.parametrize(
    "url",
    [
        V2,
        OB3,
        "https://www.w3.org/2018/credentials/v1",
        "https://w3id.org/security/data-integrity/v2",
        "https://w3id.org/security/suites/ed25519-2020/v1",
        "https://w3id.org/security/suites/jws-2020/v1",
        "https://www.w3.org/ns/credentials/status/v1",
        *ALIASES,
    ],
)
def test_what_badges_usually_name_is_there_without_a_network(url):
    found = find(url)
    assert found.published
    assert found.sha256 in PUBLISHED[ALIASES.get(url, url)]


def test_every_shipped_vocabulary_says_which_package_it_is_from():
    assert find(V2).source.startswith("@digitalbazaar/credentials-context@")


def test_another_file_than_the_published_one_is_refused(monkeypatch):
    monkeypatch.setattr(contexts, "PUBLISHED", {**PUBLISHED, V2: ("0" * 64,)})
    contexts._shipped.cache_clear()
    with pytest.raises(Misconfigured, match="another vocabulary for"):
        find(V2)


def test_what_strangers_name_is_not_remembered():
    find(V2)
    before = contexts._shipped.cache_info().currsize
    for number in range(10):
        with pytest.raises(Unavailable):
            find(f"https://evil.example/{number}")
    assert contexts._shipped.cache_info().currsize == before


def test_nobody_can_bring_another_file_for_a_published_address():
    forged = served(V2, {"@context": {"name": "https://evil.example/name"}})
    assert find(V2, forged) is shipped(V2)


def test_a_later_edition_of_a_published_file_is_taken_when_it_is_in_hand():
    later = find(OB3, served(OB3, newer_ob3()))
    assert later.published
    assert "endorsementJwt" in later.context
    assert "endorsementJwt" not in find(OB3).context


def test_a_forged_later_edition_is_not():
    forged = served(OB3, {"@context": {**newer_ob3()["@context"], "more": "https://evil.example/more"}})
    assert find(OB3, forged) is shipped(OB3)


def test_a_published_file_that_does_not_ship_is_wanted_and_known_when_it_comes():
    with pytest.raises(Unavailable) as wanted:
        find(CLR)
    assert wanted.value.problem is None
    path = resources.files("openbadgeslib.ob3.contexts") / "clr_context_2.0.1.json"
    assert find(CLR, served(CLR, json.loads(path.read_bytes()))).published


def test_an_own_vocabulary_is_used_from_hand_and_named_with_its_hash():
    vocabularies = Vocabularies(Documents(served(OWN, {"@context": {"a": "urn:a"}})))
    found = vocabularies.find(OWN)
    assert not found.published
    assert vocabularies.own == {OWN: found.sha256}


def test_every_missing_address_is_wanted_at_once():
    first, second = f"{OWN}/1", f"{OWN}/2"
    nested = {
        "@context": [V2, OWN],
        "credentialSubject": {"verifiableCredential": [{"@context": [V2, first]}]},
    }
    inside = served(OWN, {"@context": [second, {"a": "urn:a"}]})
    assert Vocabularies(Documents()).missing(nested) == {OWN, first}
    assert Vocabularies(Documents(inside)).missing(nested) == {first, second}


def test_what_is_no_address_is_not_wanted():
    assert Vocabularies(Documents()).missing({"@context": ["https ://not-a-url", "urn:x", 5, None]}) == set()


def test_vocabularies_that_name_each_other_are_looked_at_once():
    each_other = served(OWN, {"@context": f"{OWN}/2"}), served(f"{OWN}/2", {"@context": OWN})
    assert Vocabularies(Documents(*each_other)).missing({"@context": OWN}) == set()


def test_without_the_files_of_the_build_it_says_how_to_get_them(monkeypatch, tmp_path):
    monkeypatch.setattr(contexts.resources, "files", lambda _name: tmp_path)
    contexts._index.cache_clear()
    with pytest.raises(Misconfigured, match="not installed"):
        contexts._index()


def test_without_pyld_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setattr(contexts, "find_spec", lambda name: None)
    with pytest.raises(Misconfigured, match="pyld is not installed"):
        contexts._pyld_folder()
