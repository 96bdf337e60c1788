"""What the build adds up once, so that a page never scans detail: one table a group of measures.

Beside it a small one holds what the alignment of the day has more, or less, than today's.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlglot import exp

from metrics import subjects
from metrics.climbing import group_select
from metrics.declare import SubjectMeasure
from metrics.groups import ALL_GROUPS, Group
from metrics.leaves import who_moved


@cache
def rollup_sql(group: Group, moved: bool = False) -> str:
    """The statement that stores a group's answers for every node, span and product, sorted to be found."""
    judged = isinstance(group.measures[0], SubjectMeasure)
    asked = exp.select("span", "first", "last", "before", "back", "deep").from_("span", copy=False)
    asked = asked.where("kind = 'period'", copy=False) if judged else asked
    kept = subjects.kept_sums(group) if judged else None
    if kept is not None and moved:
        kept = kept.where(who_moved("subject", "h"), copy=False)
    body = group_select(group, kept, moved).with_("asked", as_=asked, copy=False)
    rows = (
        exp.select("*")
        .from_(body.subquery("r", copy=False), copy=False)
        .order_by("hierarchy", "span", "product", "node", copy=False)
    )
    name = group.shifts if moved else group.rollup
    return exp.Create(this=exp.to_table(name), kind="TABLE", expression=rows).sql(dialect="duckdb", copy=False)


def roll_up(con: Any, info: Any) -> None:
    """Write every rollup table of the snapshot being built: of subjects, and of the nodes above them."""
    for sql in (*subjects.keeping(), *_rolling()):
        con.execute(sql)


def _rolling() -> Iterator[str]:
    for group in ALL_GROUPS:
        yield rollup_sql(group)
        if group.moves:
            yield rollup_sql(group, moved=True)
