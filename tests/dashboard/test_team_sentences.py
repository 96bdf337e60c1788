"""The sentences of the Team page: nobody is named who does not stand out beyond chance."""

from __future__ import annotations

from dashboard import team_sentences as say
from metrics.team import AWAY, LOSING, Member, Team


def _member(name: str, effort: str = "within", result: str = "level") -> Member:
    numbers = {"call_plan_attainment": 80.0, "evolution_index": 99.0}
    return Member(node=name, name=name, numbers=numbers, reasons={}, effort=effort, result=result, peers=82.0,
                  quadrant="effort")  # fmt: skip


def _team(*members: Member) -> Team:
    return Team(members=members, attainment=80.0, evolution=99.0)


def test_the_headline_names_who_stands_out_and_counts_the_others() -> None:
    seen = _team(_member("Orlando", "below"), _member("Tampa", result=LOSING), _member("Miami"), _member("Naples"))
    assert say.headline(seen, "territory") == (
        "Orlando is below peers of like potential on the call plan; Tampa loses share beyond noise. "
        "The other two stay within chance."
    )


def test_nobody_is_named_within_chance() -> None:
    said = say.headline(_team(_member("Miami"), _member("Naples")), "territory")
    assert said.startswith("None of two territories")
    assert "Miami" not in said
    unjudged = say.headline(_team(_member("Miami", result="unknown"), _member("Naples", result="unknown")), "territory")
    assert "not judged" in unjudged
    assert say.headline(_team(), "territory") == say.NONE


def test_what_is_asked_follows_the_verdict_and_not_the_place() -> None:
    assert say.asks(_member("Miami")) == ""
    assert say.asks(_member("Orlando", "below")).startswith("Effort")
    assert "cover it" in say.asks(_member("Omaha", AWAY))
    assert say.effort(_member("Orlando", "below")).tone == "concern"
    assert say.result(_member("Miami")).tone == "quiet"


def test_the_own_sentence_counts_what_is_missing() -> None:
    facts = {"planned_calls": 88.0, "capped_calls": 61.0, "targets": 20.0, "reached_targets": 17.0}
    assert say.own_headline("Orlando", facts) == (
        "Orlando is 27 planned calls short to date; three targets of 20 are still to be met."
    )
    assert "keeps its call plan" in say.own_headline("Orlando", {**facts, "capped_calls": 88.0})
    assert say.own_headline("Orlando", {}) == "No call plan is known for Orlando."
