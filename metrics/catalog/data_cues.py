"""Cues about the data itself: counts and days, no persons."""

from __future__ import annotations

from metrics.cues.declare import Cue, Lever

CUES = (
    Cue(
        name="feed_silent",
        title="A feed has gone silent",
        rule=(
            "A feed of something that happened has brought nothing for longer than its rhythm allows: 14 days for a "
            "daily one, 21 for a weekly, 62 for a monthly, 550 for a yearly; or one market of it ends a whole period "
            "before its others."
        ),
        evidence="The feed's own first and last day, market by market.",
        about="data",
        levers=(
            Lever(role="steward", lever="fix a mapping", action="Chase the delivery"),
            Lever(role="brand_lead", lever="reallocate media", action="Chase the vendor"),
        ),
        due=2,
        unit="days without data",
        points=0.2,
        control=0.7,
    ),
    Cue(
        name="week_restated",
        title="A past period was restated",
        rule="A later delivery changed the total of a period that had been delivered before by 2 % or more.",
        evidence="The same keys in both deliveries.",
        about="data",
        levers=(
            Lever(role="steward", lever="accept a restatement", action="Accept or dispute it"),
            Lever(role="brand_lead", lever="change the sequence", action="Read its trend anew"),
        ),
        due=3,
        unit="% of the period",
        points=0.5,
        control=0.8,
    ),
    Cue(
        name="rows_left_out",
        title="Rows could not be used",
        rule=(
            "An import or the build left rows out, could not tell whose or where they are, or had to choose between "
            "two; unknown persons only beyond 2 % of the rows."
        ),
        evidence="The findings of the import and the build, with their rows counted.",
        about="data",
        levers=(Lever(role="steward", lever="fix a mapping", action="Fix the mapping"),),
        due=5,
        unit="rows",
        points=0.002,
        control=0.8,
    ),
    Cue(
        name="unaligned_share",
        title="Too much is written in nobody's territory",
        rule=(
            "At least 2 % of the scripts of our products in 13 weeks (or 3 months, or the year), or in as long before, "
            "come from subjects that stand in no territory."
        ),
        evidence="Scripts and alignments of the same day.",
        about="data",
        levers=(Lever(role="steward", lever="fix a mapping", action="Have them aligned"),),
        due=5,
        unit="scripts a week",
        points=0.05,
        control=0.6,
    ),
)
