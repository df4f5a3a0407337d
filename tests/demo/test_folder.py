"""The demo's folder keeps what its issuers answer and what they gave out."""

import json

from backpack.demo import folder
from tests.issuing import award, issuer


def test_before_the_first_demo_nothing_is_kept(tmp_path):
    assert folder.kept(tmp_path / "demo") == []


def test_badges_are_kept_byte_for_byte_in_their_order(tmp_path):
    badges = [
        issuer().ob3(award(number=n), carrier=carrier) for n, carrier in ((2, "png"), (1, "svg"), (3, "bare"))
    ]
    folder.keep(tmp_path / "demo", badges)
    kept = folder.kept(tmp_path / "demo")
    assert [(k.data, k.title, k.expect) for k in kept] == [(b.data, b.title, b.expect) for b in badges]


def test_every_address_is_answered_as_the_issuer_answered_it(tmp_path):
    badge = issuer().ob2_hosted(award(standing="revoked"))
    folder.keep(tmp_path, [badge])
    index = json.loads((tmp_path / "index.json").read_text())
    answers = {
        url: (entry["status"], entry["content_type"], (tmp_path / entry["file"]).read_bytes())
        for url, entry in index.items()
    }
    assert answers == badge.documents


def test_a_folder_that_was_left_half_written_counts_as_empty(tmp_path):
    folder.keep(tmp_path, [issuer().ob3(award())])
    (tmp_path / "badges.json").unlink()
    assert folder.kept(tmp_path) == []
