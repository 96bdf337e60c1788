"""The sentences of the Media page say what is known, and that the rest is not."""

from __future__ import annotations

from dashboard import media_sentences as say


def test_the_headline_says_only_what_is_known() -> None:
    facts = {"media_reach": 57.2, "media_frequency": 33.4, "tired_hcps": 1.0, "reached_hcps": 831.0}
    assert say.headline(facts) == (
        "Media reaches 57\u202f% of targets, each reached HCP 33.4 times; one HCP saw over sixty advertisements and "
        "clicked none."
    )
    assert say.headline({**facts, "media_reach": None, "tired_hcps": None}) == (
        "Media reaches 831 HCPs, each reached HCP 33.4 times."
    )
    assert "not known" in say.headline({})


def test_the_funnel_and_fatigue_name_their_numbers() -> None:
    assert (
        say.funnel_title({"open_rate": 42.4, "click_rate": 9.0})
        == "42\u202f% of e-mails are opened and 9\u202f% clicked"
    )
    assert "not known" in say.funnel_title({})
    assert say.tired_title({"tired_share": 31.2, "tired_hcps": 72.0}) == (
        "31\u202f% of impressions go to 72 HCPs who clicked none"
    )
    assert say.tired_title({"tired_share": 0.0, "tired_hcps": 0.0}) == "Nobody is shown too much without a click"


def test_the_lanes_say_a_move_only_where_the_rule_does() -> None:
    assert say.lanes_title([1.0], "up").startswith("Impressions rose")
    assert say.lanes_title([1.0], "").startswith("Impressions hold")
    assert "one time axis" in say.lanes_title([None], "up")
