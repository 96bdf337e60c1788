"""An answer as it is read: cell by cell, of the units that were granted.

A page asks one question a level and then looks at one unit after another. The frame of the answer is
taken apart once; what a unit's page reads of it are plain numbers, shared and never changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from metrics.areas import inside
from metrics.binding import levels
from metrics.query import GrantedQuery
from metrics.result import Result, not_shown


class Cells:
    """The cells of one answer by unit and column, each column taken out of the frame when it is first read."""

    def __init__(self, result: Result) -> None:
        self.result = result
        rows = result.rows  # by unit, and in a series by period, as every answer is
        where = np.flatnonzero(np.append(True, rows["node_id"].to_numpy()[1:] != rows["node_id"].to_numpy()[:-1]))
        first = rows.iloc[where if len(rows) else []]
        ids, ends = first["node_id"].tolist(), [*where[1:].tolist(), len(rows)]
        self.nodes = tuple(ids)
        self.at = {node: slice(begin, end) for node, begin, end in zip(ids, where.tolist(), ends, strict=False)}
        self.names = dict(zip(ids, first["node"].tolist() if "node" in rows else ids, strict=True))
        self.ends = [pd.Timestamp(end).date() for end in np.unique(rows["period_end"])] if "period_end" in rows else []
        self._above = dict(zip(ids, first["parent"].tolist() if "parent" in rows else ids, strict=True))
        self._columns: dict[str, list[float | None]] = {}
        self._reasons: dict[tuple[str, str], tuple[int, str]] = {}
        for place, each in enumerate(result.withheld):
            self._reasons.setdefault((each.metric, each.node_id), (place, each.reason))
        for (metric, node, _), words in result.floors.items():
            self._reasons.setdefault((metric, node), (len(result.withheld), words))

    def within(self, granted: GrantedQuery, snapshot: Any) -> tuple[str, ...]:
        """The units that lie where it was granted to look: the units below a node, or the subjects at its leaves."""
        lying = inside(granted, snapshot)
        if granted.by in levels(snapshot, granted.hierarchy):
            return tuple(node for node in self.nodes if node in lying)
        return tuple(node for node in self.nodes if self._above[node] in lying)

    def column(self, name: str) -> list[float | None]:
        """A column as plain numbers, None where a cell is empty; nothing for a column that was not asked for."""
        if name not in self._columns:
            rows = self.result.rows
            told = zip(rows[name].tolist(), rows[name].isna().tolist(), strict=True) if name in rows else ()
            self._columns[name] = [None if empty else float(value) for value, empty in told]
            for metric, node, end in self.result.floors:  # a sum of nothing but hidden counts is read as its words
                if metric == name and node in self.at:
                    place = self.at[node]
                    for position in range(place.start, place.stop):
                        if end is None or pd.Timestamp(rows["period_end"].iloc[position]).date() == end:
                            self._columns[name][position] = None
        return self._columns[name]

    def reason(self, metric: str, node: str) -> str:
        """Why a cell is empty, in the rule's own words; the word that comes first where there are two."""
        found = [self._reasons[key] for key in ((metric, node), (metric, "*")) if key in self._reasons]
        return min(found)[1] if found else ""


@dataclass(frozen=True)
class Reading:
    """The granted part of an answer: its units in order, their numbers, their periods and why a cell is empty.

    `not_shown` counts the opted-out physicians outside the prescription numbers of these units.
    """

    cells: Cells
    nodes: tuple[str, ...]
    not_shown: int

    @property
    def result(self) -> Result:
        """The whole answer, for what holds of all its units: its notes, its day, what is loaded in part."""
        return self.cells.result

    @property
    def ends(self) -> Sequence[date]:
        """The last day of each period, the oldest first."""
        return self.cells.ends if self.nodes else ()

    def name(self, node: str) -> str:
        """What a unit is called."""
        if node not in self._granted:
            raise KeyError(node)
        return self.cells.names[node]

    def now(self, metric: str, node: str | None = None) -> float | None:
        """A unit's number, the first unit's where none is named; None where it is not known or not granted."""
        line = self.line(metric, node)
        return line[0] if line else None

    def line(self, metric: str, node: str | None = None) -> list[float | None]:
        """A unit's number period by period, the oldest first."""
        column, at = self.cells.column(metric), self.cells.at.get(self._unit(node))
        return column[at] if column and at else []

    def reason(self, metric: str, node: str | None = None) -> str:
        """Why a cell is empty, in the rule's own words."""
        return self.cells.reason(metric, self._unit(node) or "*")

    def _unit(self, node: str | None) -> str:
        """The unit asked for if it was granted, the first where none is named."""
        if node is None:
            return self.nodes[0] if self.nodes else ""
        return node if node in self._granted else ""

    @cached_property
    def _granted(self) -> frozenset[str]:
        return frozenset(self.nodes)


def granted_part(cells: Cells, granted: GrantedQuery, snapshot: Any) -> Reading:
    """What a visitor may read of an answer that was given for everybody of the same rights: what was granted.

    It is the answer itself: which cells are hidden depends on the whole hierarchy, never on what is asked of it.
    """
    return Reading(cells, cells.within(granted, snapshot), not_shown(granted, snapshot))


def read(result: Result) -> Reading:
    """The whole of an answer."""
    cells = Cells(result)
    return Reading(cells, cells.nodes, result.not_shown)
