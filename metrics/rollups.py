"""What the build adds up once, so that a page never scans detail: one table a group of measures."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from metrics.climbing import group_select
from metrics.groups import ALL_GROUPS, Group


def rollup_sql(group: Group) -> str:
    """The statement that stores a group's answers for every node, span and product, sorted to be found."""
    body = group_select(group).with_("asked", as_="SELECT span, first, last, before, back, deep FROM span")
    rows = exp.select("*").from_(body.subquery("r")).order_by("hierarchy", "span", "product", "node")
    return exp.Create(this=exp.to_table(group.rollup), kind="TABLE", expression=rows).sql(dialect="duckdb")


def roll_up(con: Any, info: Any) -> None:
    """Write every rollup table of the snapshot being built."""
    for group in ALL_GROUPS:
        con.execute(rollup_sql(group))
