"""answers_at_risk: several questions of one medical region run out of time together. No prescription is read."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from metrics.cues.inquiries import OPEN_QUESTIONS, used
from metrics.cues.scene import Found, Scene, each
from metrics.cues.wording import count, day, moment, share

LEAST, USED_SHARE = 3, 0.8

# Answers of the last 13 weeks by leaf, and how many of them came in time.
KEPT = """
SELECT coalesce(CASE WHEN i.hierarchy = $hierarchy THEN i.node END, p.leaf) AS leaf, count(*) AS answers,
    count(*) FILTER (WHERE s.responded_at <= s.due_at) AS in_time
FROM inquiry_state s JOIN inquiry i USING (inquiry)
LEFT JOIN place p ON p.subject = coalesce(s.party, '') AND p.hierarchy = $hierarchy
WHERE s.responded_at IS NOT NULL AND s.due_at IS NOT NULL
    AND s.received_at >= CAST($as_of AS DATE) - 91 AND s.responded_at < CAST($as_of AS DATE) + 1
GROUP BY ALL
"""

STATEMENTS = (OPEN_QUESTIONS, KEPT)


def answers_at_risk(scene: Scene) -> Iterator[Found]:
    """Every medical region with three or more open questions that have used four fifths of their time."""
    for hierarchy in scene.of_kind("medical"):
        rows = scene.frame(OPEN_QUESTIONS, hierarchy=hierarchy.id)
        kept = scene.frame(KEPT, hierarchy=hierarchy.id)
        for frame in (rows, kept):
            frame["region"] = [scene.above(hierarchy.id, str(leaf), "second") for leaf in frame["leaf"]]
        rows["used"] = [used(row) for row in each(rows)]
        for region, own in rows.dropna(subset=["region"]).groupby("region"):
            risky = own[own["used"] >= USED_SHARE]
            top = scene.above(hierarchy.id, str(region), "top")
            if top and len(risky) >= LEAST:
                answered = kept[kept["region"] == region]
                yield _found(scene, hierarchy.id, top, str(region), own, risky, answered)


def _found(
    scene: Scene, hierarchy: str, top: str, region: str, own: pd.DataFrame, risky: pd.DataFrame, answered: pd.DataFrame
) -> Found:
    place = scene.node_names.get((hierarchy, region), region)
    late, first = int((risky["used"] > 1).sum()), risky["due_at"].min().to_pydatetime()
    posts, total = int(risky["leaf"].nunique()), int(answered["answers"].sum())
    where = count(posts, "MSL territory", "MSL territories")
    usual = "No answer in 13 weeks to compare with"
    if total:
        usual = f"{share(answered['in_time'].sum() / total)} of {count(total, 'answer')} in 13 weeks were in time here"
    return Found(
        role="medical_director",
        hierarchy=hierarchy,
        node=top,
        subject=region,
        headline=f"{place[:40]}: {count(len(risky), 'answer')} overdue or about to be",
        reasons=(
            f"{len(risky)} of {count(len(own), 'open question')} have used four fifths of their time, {late} all of it",
            f"The first was promised by {moment(first)}; they wait at {where}",
            usual,
        ),
        comparator="the time promised for each question's urgency",
        confidence=0.99,
        data_as_of=scene.as_of,
        worth=(float(len(risky) - late), float(len(risky))),
        evidence={
            "inquiries": sorted(risky["inquiry"]),
            "late": late,
            "open": len(own),
            "territories": posts,
            "until": day(first),
        },
    )
