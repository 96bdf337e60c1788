"""How many persons stand behind every cell of one kind of number: node by node, span by span, product by product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlglot import exp

from metrics.catalog.people import Crowd
from metrics.cells.ground import Days, Ground
from metrics.declare import SubjectMeasure
from metrics.groups import groups

Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Sizes:
    """Persons by node, span and what is asked for; `adds` where the children's add up to the parent's."""

    spans: tuple[Days, ...]
    asked: tuple[int | str, ...]
    persons: Counts
    adds: bool


def of_crowd(snapshot: Any, ground: Ground, crowd: Crowd, masked: bool, asked: tuple[int, ...]) -> Sizes:
    """The persons with a row that adds, for sets of products given as bits."""
    rows = snapshot.frame(
        "SELECT hierarchy, node, first, last, products, sum(persons) AS persons FROM crowd "
        "WHERE crowd = $crowd AND NOT (opted_out AND $masked) GROUP BY ALL",
        {"crowd": crowd.name, "masked": masked},
    )
    spans = tuple(dict.fromkeys((*ground.windows, *ground.periods, *ground.stretches)))
    node = _numbers(ground.nodes, rows[["hierarchy", "node"]])
    place = _numbers(spans, rows[["first", "last"]])
    known = (node >= 0) & (place >= 0)
    cell = (node * len(spans) + place)[known]
    bits = rows.products.to_numpy(dtype=np.int64)[known]
    count = rows.persons.to_numpy(dtype=float)[known]
    found = np.zeros((len(ground.nodes) * len(spans), len(asked)), dtype=np.int64)
    for column, wanted in enumerate(asked):
        having = (bits & wanted) != 0
        found[:, column] = np.bincount(cell[having], weights=count[having], minlength=len(found)).astype(np.int64)
    persons = found.reshape(len(ground.nodes), len(spans), len(asked))
    if crowd.fact.place == "actor":
        return Sizes(spans, asked, persons, False)
    for parent, children in reversed(ground.tree.families):
        persons[parent] += persons[list(children)].sum(axis=0)
    return Sizes(spans, asked, persons, True)


def _numbers(known: tuple[tuple[Any, Any], ...], pairs: pd.DataFrame) -> Counts:
    """The place of each pair of columns in a list of pairs, -1 for one that is not in it."""
    first, second = pairs.columns
    listed = pd.DataFrame(list(known), columns=[first, second]).assign(number=range(len(known)))
    if first == "first":
        pairs, listed = pairs.astype("datetime64[s]"), listed.astype({first: "datetime64[s]", second: "datetime64[s]"})
    found = pairs.merge(listed, on=[first, second], how="left").number
    return found.fillna(-1).to_numpy(dtype=np.int64)


def of_measure(snapshot: Any, ground: Ground, measure: SubjectMeasure, masked: bool) -> Sizes:
    """What a count of persons says itself, at every node, as the build added it up."""
    group = groups([measure])[0]
    count = exp.cast(exp.func("sum", exp.column(measure.name, "g")), "BIGINT").as_("persons")
    days = exp.select("min(span) AS span", "first", "last").from_("span").group_by("first", "last").subquery("s")
    select = exp.select("g.hierarchy", "g.node", "s.first", "s.last", "g.product", count)
    select = select.from_(exp.to_table(group.rollup).as_("g")).join(days, on="s.span = g.span")
    select = select.where(
        exp.column(measure.name, "g").neq(0), *(["NOT g.opted_out"] if masked and group.masks else [])
    )
    rows = snapshot.frame(select.group_by("1", "2", "3", "4", "5").sql(dialect="duckdb"))
    spans = tuple(dict.fromkeys((*ground.windows, *ground.periods)))
    asked = tuple(sorted(set(rows["product"])))
    column = pd.Index(asked).get_indexer(rows["product"]) if asked else np.zeros(0, dtype=np.int64)
    node, place = _numbers(ground.nodes, rows[["hierarchy", "node"]]), _numbers(spans, rows[["first", "last"]])
    known = (node >= 0) & (place >= 0)
    found = np.zeros((len(ground.nodes), len(spans), len(asked)), dtype=np.int64)
    found[node[known], place[known], column[known]] = rows.persons.to_numpy(dtype=np.int64)[known]
    return Sizes(spans, asked, found, True)
