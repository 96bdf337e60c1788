"""The sentences that a page computes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dashboard import sentences
from dashboard.sentences import Outcome

NARROW = "\u202f"
SEEN = Outcome(
    title="TRx",
    now=12340,
    before=12868,
    attainment=95.9,
    factors={"market": 60, "breadth": -110, "depth": -352, "mix": -66},
    gaps=(),
    against="previous 13 weeks",
)


def test_the_headline_says_goal_cause_and_market() -> None:
    said = sentences.outcome_headline(SEEN)
    assert said == (
        f"TRx is 4.1{NARROW}% below goal. It fell 4.1{NARROW}% against the previous 13 weeks: "
        "two thirds of the drop is lost depth; the market held."
    )


def test_the_headline_says_where_most_of_the_gap_is() -> None:
    gaps = (("Worcester", -400.0), ("Boston", -20.0), ("Lowell", -90.0), ("Hartford", 10.0))
    assert "below goal, most of it in Worcester." in sentences.outcome_headline(replace(SEEN, gaps=gaps))
    spread = tuple((name, -100.0) for name in "abcdef")
    assert "most of it" not in sentences.outcome_headline(replace(SEEN, gaps=spread))


def test_the_headline_and_the_table_mean_the_same_by_most() -> None:
    gaps = (("Florida", -520.0), ("Atlanta", -310.0), ("Washington", -170.0))
    assert "below goal, half of it in Florida." in sentences.outcome_headline(replace(SEEN, gaps=gaps))
    assert sentences.children_title("district", 3, [gap for _, gap in gaps]).endswith("two explain most of the gap")


def test_noise_has_no_cause() -> None:
    said = sentences.outcome_headline(replace(SEEN, quiet=True))
    assert said == f"TRx is 4.1{NARROW}% below goal. It is level with the previous 13 weeks."


def test_without_a_goal_the_change_is_the_news() -> None:
    said = sentences.outcome_headline(replace(SEEN, attainment=None))
    assert said.startswith(f"TRx fell 4.1{NARROW}% against the previous 13 weeks.")
    alone = sentences.outcome_headline(replace(SEEN, attainment=None, before=None, factors={}))
    assert alone == "TRx is 12,340; nothing is loaded to compare it with."
    assert sentences.outcome_headline(replace(SEEN, now=None)) == "TRx is not known here for this period."


def test_the_market_is_only_spoken_of_where_it_is_known() -> None:
    assert "market" not in sentences.main_cause({"breadth": -1, "depth": -9})
    assert sentences.main_cause({"market": 0, "breadth": 0}) == ""
    assert sentences.main_cause({"market": -5, "depth": 9}).endswith("the market shrank")


def test_the_medical_headline_knows_no_prescription() -> None:
    facts = {"flagging_sites": 2.0, "sites_open": 14.0, "enrolled_vs_plan": 86.0, "inquiries_in_sla": 92.0}
    said = sentences.medical_headline(facts)
    assert said == (
        f"Two of 14 sites flag and enrolment stands at 86{NARROW}% of plan. "
        f"92{NARROW}% of inquiries were answered in time."
    )
    assert sentences.medical_headline({}) == "Nothing is known here for this period."


def test_the_table_title_names_how_few_explain_the_gap() -> None:
    assert sentences.children_title("district", 6, [-10, -500, -300, 5, -20, 0]) == (
        "Six districts, one explains most of the gap"
    )
    assert sentences.children_title("district", 2, [5, 3]) == "Two districts, none below goal"
    assert sentences.children_title("practice", 111, []) == "111 practices"


def test_the_lanes_say_which_way() -> None:
    assert sentences.lanes_title("TRx", 90, 100, "media reach", 70, 60) == "TRx fell while media reach rose"
    assert sentences.lanes_title("TRx", 100, 100, "media reach", 60, 60) == "TRx and media reach held"
    assert sentences.lanes_title("TRx", 100, None, "x", None, None).startswith("TRx and what was done")


def test_empty_stale_withheld_and_failed_are_four_sentences() -> None:
    said = {
        sentences.empty("calls"),
        sentences.not_loaded("Field data is"),
        sentences.stale("Field", date(2026, 9, 1), 82),
        sentences.withheld("shown from region up"),
        sentences.failed("The lanes", "1a2b"),
    }
    assert len(said) == 5
    assert all(one[0].isupper() and one.endswith(".") for one in said)


def test_freshness_says_how_old_each_feed_is() -> None:
    ages = {"outcome": (date(2026, 11, 13), 9), "field": (date(2026, 11, 21), 1)}
    assert sentences.freshness(ages) == "Rx to 13 Nov, 9 days old · field to 21 Nov, 1 day old"


def test_who_opted_out_is_counted_and_the_difference_explained() -> None:
    assert sentences.left_out(0) == ()
    (one,), (many,) = sentences.left_out(1), sentences.left_out(14)
    assert "leave out one physician who" in one and "14 physicians who" in many
    assert one.endswith("so the two differ.")
