"""The leader opens the picture and goes down to a territory, by click and by key."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

LEVELS = ["nation", "region", "district", "territory"]
DOWN = ".op-children a.op-down"
BANDS = ["Outcome", "Field", "Media", "Medical", "Sites"]
TABS = 150


def _node(page: Page) -> str:
    return parse_qs(urlparse(page.url).query).get("node", [""])[0]


def _here(page: Page) -> str:
    return page.locator(".op-crumbs [aria-current=page]").inner_text().strip()


def _arrive(page: Page, name: str) -> None:
    """Waits until the breadcrumb says that one is there."""
    is_there = "name => document.querySelector('.op-crumbs [aria-current=page]')?.innerText.trim() === name"
    page.wait_for_function(is_there, arg=name)


def _first_down(page: Page) -> str:
    """The name of the first unit below that has a picture of its own."""
    return page.locator(DOWN).first.inner_text().replace("›", "").strip()


def test_the_picture_has_its_sentence_and_its_five_bands(reader: Callable) -> None:
    leader = reader()
    page = leader.open("one-picture", **{"as": "leader"})
    assert _here(page) == "United States"
    strip = page.locator(".op-strip").first.inner_text()
    for band in BANDS:
        assert band.lower() in strip.lower()
    assert re.search(r"TRx", page.locator("h1").first.inner_text())
    assert page.locator(".op-bridge").count() == 1
    assert page.locator(".op-children tbody tr").count() >= 4
    assert 1 <= page.locator(".op-cue").count() <= 5


def test_it_goes_down_to_a_territory_by_click_and_up_again(reader: Callable) -> None:
    leader = reader()
    page = leader.open("one-picture", **{"as": "leader"})
    trail = [_here(page)]
    for depth in range(1, len(LEVELS)):
        name = _first_down(page)
        page.locator(DOWN).first.click()
        _arrive(page, name)
        leader.settled()
        assert _node(page)
        assert page.locator(".op-crumbs a.op-up").count() == depth
        trail.append(name)
    above = [link.replace("›", "").strip() for link in page.locator(".op-crumbs a.op-up").all_inner_texts()]
    assert above == trail[:-1]
    page.locator(".op-crumbs a.op-up").first.click()
    _arrive(page, trail[0])
    leader.settled()
    page.go_back()
    _arrive(page, trail[-1])


def test_it_goes_down_to_a_territory_by_key(reader: Callable) -> None:
    leader = reader()
    page = leader.open("one-picture", **{"as": "leader"})
    for _ in LEVELS[1:]:
        name = _first_down(page)
        for _ in range(TABS):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement?.matches('.op-children a.op-down')"):
                break
        else:
            pytest.fail(f"{TABS} tabs did not reach the level below")
        page.keyboard.press("Enter")
        _arrive(page, name)
        leader.settled()
    assert page.locator(".op-crumbs a.op-up").count() == len(LEVELS) - 1


def test_an_address_is_the_picture(reader: Callable) -> None:
    first = reader()
    page = first.open("one-picture", **{"as": "leader"})
    name = _first_down(page)
    page.locator(DOWN).first.click()
    _arrive(page, name)
    first.settled()
    strip, url = page.locator(".op-strip").first.inner_text(), page.url
    other = reader()
    other.page.goto(url)
    other.settled()
    assert _here(other.page) == name
    assert other.page.locator(".op-strip").first.inner_text() == strip


def test_an_address_outside_the_scope_shows_the_own_place_and_says_so(reader: Callable) -> None:
    rep = reader()
    page = rep.open("one-picture", **{"as": "rep", "node": "US"})
    assert _here(page) != "United States"
    assert "in what you look after" in page.locator("body").inner_text()
