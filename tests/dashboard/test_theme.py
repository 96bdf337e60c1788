"""Colours: every text token readable in both themes, the config file the same as the theme."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from dashboard.theme import DARK, LIGHT, TEXT_COLOURS, THEMES, Theme, contrast, css_variables, theme

ROOT = Path(__file__).resolve().parents[2]


def test_contrast_is_the_one_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)
    assert contrast("#FFFFFF", "#777777") == contrast("#777777", "#FFFFFF")


@pytest.mark.parametrize("colours", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("token", TEXT_COLOURS)
def test_text_is_readable_on_every_ground(colours: Theme, token: str) -> None:
    for ground in (colours.background, colours.surface, colours.track):
        assert contrast(getattr(colours, token), ground) >= 4.5


@pytest.mark.parametrize("colours", THEMES.values(), ids=THEMES)
def test_words_on_a_button_are_readable_and_the_goal_line_is_seen(colours: Theme) -> None:
    assert contrast(colours.on_ink, colours.text) >= 4.5
    assert contrast(colours.goal, colours.background) >= 3


def test_bands_and_judgements_have_hues_of_their_own() -> None:
    for colours in THEMES.values():
        hues = [colours.band(band) for band in ("outcome", "field", "media", "medical", "sites")]
        hues += [colours.tone("concern"), colours.tone("improvement"), colours.tone("quiet")]
        assert len(set(hues)) == len(hues)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_streamlit_is_told_the_same_colours(colours: Theme) -> None:
    told = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"][colours.name]
    assert told["backgroundColor"] == colours.background
    assert told["secondaryBackgroundColor"] == colours.surface
    assert told["textColor"] == colours.text
    assert told["linkColor"] == told["blueColor"] == colours.improvement
    assert told["redColor"] == colours.concern


def test_an_unknown_theme_is_light_and_the_css_names_every_token() -> None:
    assert theme(None) is LIGHT
    assert theme("sepia") is LIGHT
    assert theme("dark") is DARK
    assert "--op-on-ink:#FFFFFF;" in css_variables(LIGHT)
