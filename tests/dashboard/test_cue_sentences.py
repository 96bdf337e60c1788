"""What cues say: numbers and days as their reader writes them; an older snapshot's stay in English."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dashboard import cue_sentences as say
from dashboard.words import ENGLISH, Locale, locale_of
from metrics.cues.inbox import CueCard, cues_for
from metrics.query import Visitor

REP = Visitor(id="rep", role="rep", hierarchy="field", node="SM_N1a")
LEADER = Visitor(id="leader", role="national_leader", hierarchy="field", node="SM")
GERMAN, AMERICAN = locale_of("de-DE"), locale_of("en-US")


@pytest.fixture
def card(smallland_snapshot: Any) -> CueCard:
    """A cue of Smallland with sentences of our own."""
    found = next(iter(cues_for(Visitor(id="m", role="msl", hierarchy="medical", node="ME_R1"), smallland_snapshot)))
    said = {
        "headline": "{subject} fell by {percent:12.5:1}",
        "reasons": [
            "{number:1240:0} scripts to {date:2026-09-08}",
            "{change:-15:0}, {signed:38:0}",
            "{day:2026-11-13}",
        ],
        "comparator": "the {number:1.5:1} weeks to {moment:2026-11-23T1405}",
    }
    return replace(found, said=said, subject_name="{number:7:0}")


def test_a_german_and_an_american_read_their_own_numbers_and_days(card: CueCard) -> None:
    german, american = say.said(card, GERMAN), say.said(card, AMERICAN)
    assert german.reasons == ("1.240 scripts to 8 Sep 2026", "\u221215\u202f%, +38", "13 Nov")
    assert american.reasons == ("1,240 scripts to Sep 8, 2026", "\u221215\u202f%, +38", "Nov 13")
    assert german.comparator == "the 1,5 weeks to Mon 23 Nov 14:05"
    assert german.headline == "{number:7:0} fell by 12,5\u202f%", "a name is never read as a value"


def test_a_snapshot_built_before_values_had_types_stays_readable(card: CueCard) -> None:
    old = replace(card, said={}, headline="Site S1 flags", reasons=("1,240 scripts",), comparator="its plan")
    assert say.said(old, GERMAN) == say.Said(
        headline="Site S1 flags", reasons=("1,240 scripts",), comparator="its plan"
    )


@pytest.mark.parametrize("locale", [ENGLISH, GERMAN, AMERICAN, locale_of("fr-FR")])
def test_every_cue_of_smallland_is_said_whole(smallland_snapshot: Any, locale: Locale) -> None:
    for visitor in (REP, LEADER):
        for each in cues_for(visitor, smallland_snapshot, most=99):
            told = say.said(each, locale)
            assert len(told.reasons) == 3
            assert "{" not in "".join((told.headline, *told.reasons, told.comparator))


def test_cues_and_numbers_say_both_their_days() -> None:
    assert say.of_day(date(2026, 11, 22)) == "cues of 22 Nov"
    both = say.of_day(date(2026, 11, 22), date(2026, 11, 13))
    assert both == "cues of 22 Nov; the numbers of this page end 13 Nov"
    assert say.of_day(date(2026, 11, 13), date(2026, 11, 13)) == "cues of 13 Nov"
