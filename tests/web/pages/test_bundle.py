"""The verification bundle on the badge's page."""

import io
import re
import zipfile

from backpack.demo.shapes import Issued
from tests.web.conftest import Person


def test_the_badge_s_page_offers_the_bundle(maria: Person, badge: Issued) -> None:
    (there,) = maria.bring(badge)
    page = maria.get(f"/badges/{there}").text
    link = re.search(r'href="([^"]+/bundle)" download', page)
    assert link is not None
    answer = maria.get(link[1])
    assert answer.headers["content-type"] == "application/zip"
    assert "attachment" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {"README.txt", "bundle.json", "report.json", "documents/index.json"} <= set(archive.namelist())
