"""inquiry_due: a clinician's question whose answer is due. No prescription is read here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from metrics.cues.scene import Found, Scene, each
from metrics.cues.wording import count, day, moment, number, share

USED_SHARE = 0.8

# Open questions with the working minutes (nine to five on working days, as promises are counted) at
# which they were asked, are due, and stand at the end of as_of.
OPEN_QUESTIONS = """
WITH days AS (SELECT date, n, n > lag(n, 1, n) OVER (ORDER BY date) AS works FROM working_day),
asked AS (
    SELECT s.inquiry, s.party, s.urgency, s.received_at, s.due_at, i.hierarchy, i.node
    FROM inquiry_state s JOIN inquiry i USING (inquiry)
    WHERE s.responded_at IS NULL AND s.received_at < CAST($as_of AS DATE) + 1 AND s.due_at IS NOT NULL
),
marks AS (
    SELECT inquiry, 'began' AS mark, received_at AS at FROM asked
    UNION ALL SELECT inquiry, 'ends', due_at FROM asked
    UNION ALL SELECT inquiry, 'gone', CAST($as_of AS DATE) + INTERVAL 17 HOUR FROM asked
),
minutes AS (
    SELECT m.inquiry, m.mark, d.n * 480 - CASE WHEN d.works THEN
        480 - least(greatest(date_diff('minute', CAST(d.date AS TIMESTAMP), m.at) - 540, 0), 480) ELSE 0 END AS minute
    FROM marks m JOIN days d ON d.date = CAST(m.at AS DATE)
)
SELECT a.inquiry, a.party, a.urgency, a.received_at, a.due_at,
    coalesce(CASE WHEN a.hierarchy = $hierarchy THEN a.node END, p.leaf) AS leaf,
    max(m.minute) FILTER (WHERE m.mark = 'began') AS began,
    max(m.minute) FILTER (WHERE m.mark = 'ends') AS ends,
    max(m.minute) FILTER (WHERE m.mark = 'gone') AS gone
FROM asked a JOIN minutes m USING (inquiry)
LEFT JOIN place p ON p.subject = coalesce(a.party, '') AND p.hierarchy = $hierarchy
GROUP BY ALL ORDER BY a.due_at, a.inquiry
"""

ANSWERED = """
SELECT count(*) AS answers, count(*) FILTER (WHERE responded_at <= due_at) AS in_time,
    CAST(coalesce(quantile_cont(date_diff('minute', received_at, responded_at) / 60.0, 0.5), 0) AS DOUBLE) AS hours
FROM inquiry_state
WHERE responded_at IS NOT NULL AND due_at IS NOT NULL
    AND received_at >= CAST($as_of AS DATE) - 91 AND responded_at < CAST($as_of AS DATE) + 1
"""

STATEMENTS = (OPEN_QUESTIONS, ANSWERED)


def inquiry_due(scene: Scene) -> Iterator[Found]:
    """Every open question that has used four fifths of its promised time."""
    usual = _usual(scene)
    for hierarchy in scene.of_kind("medical"):
        for row in each(scene.frame(OPEN_QUESTIONS, hierarchy=hierarchy.id)):
            if isinstance(row.leaf, str) and used(row) >= USED_SHARE:
                role, node = scene.medical_post(hierarchy.id, row.leaf)
                if node:
                    yield _found(scene, row, usual, hierarchy.id, role, node)


def used(row: Any) -> float:
    """The share of the promised working time that is gone."""
    promised = float(row.ends - row.began)
    return float(row.gone - row.began) / promised if promised > 0 else 1.0


def _usual(scene: Scene) -> str:
    """How answers went lately, in words."""
    row = scene.frame(ANSWERED).iloc[0]
    if not row["answers"]:
        return "No answer in the last 13 weeks to compare with"
    in_time = share(row["in_time"] / row["answers"])
    said = f"{in_time} of {number(row['answers'])} answers company-wide in 13 weeks were in time"
    return f"{said}; median {number(row['hours'])} hours"


def _found(scene: Scene, row: Any, usual: str, hierarchy: str, role: str, node: str) -> Found:
    promised, asked = pd.Timestamp(row.due_at).to_pydatetime(), pd.Timestamp(row.received_at).to_pydatetime()
    gone, known = used(row), isinstance(row.party, str)
    hours = count((row.ends - row.began) / 60, "working hour")
    late = f"{count((row.gone - row.ends) / 60, 'working hour')} overdue"
    state = late if gone > 1 else f"{share(gone)} of the promised time is used"
    whose = "The question of {subject}" if known else "Question {subject}"
    return Found(
        role=role,
        hierarchy=hierarchy,
        node=node,
        subject=row.party if known else row.inquiry,
        product=None,
        headline=f"{whose} is overdue" if gone > 1 else f"{whose} is due {promised:%a} {day(promised)}",
        reasons=(
            f"Asked {moment(asked)}, promised by {moment(promised)}",
            f"{state}: {row.urgency or 'standard'}, {hours}",
            usual,
        ),
        comparator="the time promised for its urgency",
        confidence=0.99,
        data_as_of=scene.as_of,
        worth=(1.0, 1.0),
        urgency=min(2.0, gone),
        due=_due(scene, promised),
        thing=row.inquiry,
        evidence={
            "inquiry": row.inquiry,
            "received_at": asked.isoformat(),
            "due_at": promised.isoformat(),
            "used": gone,
            "urgency": row.urgency,
        },
    )


def _due(scene: Scene, promised: datetime) -> date:
    """The day promised; the next working day where that is past."""
    following = scene.working_day_after(1)
    return promised.date() if promised.date() > scene.as_of else max(following, scene.as_of + timedelta(days=1))
