"""The page that shows the API: drawn by our own files alone, under a strict Content-Security-Policy."""

import httpx
from playwright.sync_api import Page, expect

from tests.browsing import NewPage
from tests.journeys.conftest import ON_ONE_DATABASE
from tests.serving import Server
from web.api.openapi import document

# The page is the same whichever database is behind it.
pytestmark = ON_ONE_DATABASE


def test_every_call_can_be_read_without_a_third_party(live_server: Server, any_page: Page) -> None:
    any_page.goto(f"{live_server.base_url}/api/docs")
    calls = sum(len(methods) for methods in document(live_server.base_url)["paths"].values())
    expect(any_page.locator(".opblock")).to_have_count(calls)


def test_a_call_can_be_tried_from_the_page(live_server: Server, page: Page) -> None:
    page.goto(f"{live_server.base_url}/api/docs")
    call = page.locator("#operations-operating-get_health")
    call.locator(".opblock-summary-control").click()
    call.get_by_role("button", name="Try it out").click()
    call.get_by_role("button", name="Execute").click()
    expect(call.locator(".live-responses-table .response-col_status").last).to_contain_text("200")


def test_a_file_can_be_chosen_on_the_page(live_server: Server, page: Page) -> None:
    page.goto(f"{live_server.base_url}/api/docs")
    call = page.locator("#operations-badges-add_badge")
    call.locator(".opblock-summary-control").click()
    call.get_by_role("button", name="Try it out").click()
    expect(call.locator("input[type=file]")).to_be_visible()


def test_without_a_script_the_page_leads_to_the_document(live_server: Server, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{live_server.base_url}/api/docs")
    page.get_by_role("link", name="the OpenAPI document").click()
    assert page.url == f"{live_server.base_url}/api/openapi.json"


def test_the_page_allows_no_script_inside_itself(live_server: Server) -> None:
    answer = httpx.get(f"{live_server.base_url}/api/docs")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "<script>" not in answer.text
