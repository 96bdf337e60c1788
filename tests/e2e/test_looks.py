"""Every page for every role: no serious accessibility finding, light and dark, and no sideways scroll on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SERIOUS = {"serious", "critical"}
SCREENS = [
    ("one-picture", "leader"),
    ("one-picture", "district"),
    ("one-picture", "meddir"),
    ("cues", "rep"),
    ("cues", "msl"),
    ("sites", "meddir"),
    ("sites", "leader"),
    ("sites", "rep"),
    ("definitions", "brand"),
    ("data-health", "steward"),
    ("data-health", "rep"),
    ("audit", "steward"),
    ("mapping", "steward"),
]
EVERYBODY = ["leader", "brand", "region", "district", "rep", "msl", "meddir", "site", "steward"]


def _findings(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for rule in found
        if rule["impact"] in SERIOUS
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("path", "who"), SCREENS)
def test_nothing_serious_stands_in_anybodys_way(reader: Callable, path: str, who: str, scheme: str) -> None:
    someone = reader(scheme=scheme)
    page = someone.open(path, **{"as": who})
    assert _findings(page) == []


@pytest.mark.parametrize(("path", "who"), SCREENS)
def test_a_phone_shows_the_whole_width(reader: Callable, path: str, who: str) -> None:
    someone = reader(width=390, height=844)
    page = someone.open(path, **{"as": who})
    wide = page.evaluate(
        """() => [...document.querySelectorAll('[data-testid=stMain] *')]
            .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(e).position !== 'fixed')
            .filter(e => e.getBoundingClientRect().width > 1 && getComputedStyle(e).visibility !== 'hidden')
            .filter(e => !e.closest('details:not([open])'))
            .map(e => `${e.tagName}.${e.className?.baseVal ?? e.className}`)
            .slice(0, 8)"""
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert wide == []


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_has_a_first_page_that_draws(reader: Callable, who: str) -> None:
    someone = reader()
    page = someone.open("", **{"as": who})
    words = page.locator("[data-testid=stMain]").inner_text()
    assert len(words) > 100
    assert page.locator("[data-testid=stException]").count() == 0
    assert "could not be drawn" not in words
