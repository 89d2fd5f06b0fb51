"""Subscribing and the statistics in a real browser: nothing for axe to find, on a phone and on a wide screen."""

import pytest
from playwright.sync_api import Page

from .conftest import audit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [320, 1280])
def test_subscribing_and_statistics_are_for_everybody(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/subscribe?kind=organization&words=школа")
    assert page.locator(".notice li").count() > 0
    audit(page)
    for _ in range(60):  # the worker counts within seconds of its start
        page.goto("/statistics/")
        if page.locator("svg.chart").count():
            break
        page.wait_for_timeout(500)
    assert page.locator("svg.chart").first.bounding_box()["height"] > 20
    audit(page)
