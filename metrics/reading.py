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

_PLACES = frozenset(("node_id", "node", "level", "parent", "period_start", "period_end"))


class Cells:
    """The cells of one answer by unit and column. What is kept are arrays and tuples of plain numbers and words: the
    collector of garbage walks neither, and it comes after every run of a page.
    """

    def __init__(self, result: Result) -> None:
        rows = result.rows  # by unit, and in a series by period, as every answer is
        told = rows["node_id"].to_numpy()
        begins = np.flatnonzero(np.append(True, told[1:] != told[:-1])) if len(rows) else np.arange(0)
        first = rows.iloc[begins]
        ids: list[str] = first["node_id"].tolist()
        self.nodes = tuple(ids)
        self.names = dict(zip(ids, first["node"].tolist() if "node" in rows else ids, strict=True))
        self.ends = [pd.Timestamp(end).date() for end in np.unique(rows["period_end"])] if "period_end" in rows else []
        self.notes, self.snapshot = result.notes, result.snapshot
        self.partial, self.partial_periods = result.partial, result.partial_periods
        self._above = dict(zip(ids, first["parent"].tolist() if "parent" in rows else ids, strict=True))
        self._at = dict(zip(ids, range(len(ids)), strict=True))
        self._edges = (*begins.tolist(), len(rows))
        names = [name for name in rows if name not in _PLACES]
        self._column = dict(zip(names, range(len(names)), strict=True))
        self._numbers = np.array(rows[names].to_numpy(dtype=float, na_value=np.nan).T, order="C")
        self._read: dict[str, tuple[float | None, ...]] = {}
        self._words = [*(each.reason for each in result.withheld), *result.floors.values()]
        self._reasons: dict[tuple[str, str], int] = {}
        for place, each in enumerate(result.withheld):
            self._reasons.setdefault((each.metric, each.node_id), place)
        for place, (metric, node, end) in enumerate(result.floors, len(result.withheld)):
            self._reasons.setdefault((metric, node), place)
            self._floor(rows, metric, node, end)

    def _floor(self, rows: pd.DataFrame, metric: str, node: str, end: date | None) -> None:
        """A sum of nothing but hidden counts is read as its words."""
        if metric in self._column and node in self._at:
            own = slice(*self._edges[self._at[node] : self._at[node] + 2])
            its = ... if end is None else (rows["period_end"].iloc[own] == pd.Timestamp(end)).to_numpy()
            self._numbers[self._column[metric], own][its] = np.nan

    @property
    def columns(self) -> tuple[str, ...]:
        """The numbers that were asked for, and those they are compared with."""
        return tuple(map(str, self._column))

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return self._numbers.size

    def within(self, granted: GrantedQuery, snapshot: Any) -> tuple[str, ...]:
        """The units that lie where it was granted to look: the units below a node, or the subjects at its leaves."""
        lying = inside(granted, snapshot)
        if granted.by in levels(snapshot, granted.hierarchy):
            return tuple(node for node in self.nodes if node in lying)
        return tuple(node for node in self.nodes if self._above[node] in lying)

    def now(self, metric: str, node: str) -> float | None:
        """A unit's first number; None where the cell is empty, and for what was not asked."""
        at = self._at.get(node)
        column = self._told(metric)
        return None if at is None or not column else column[self._edges[at]]

    def line(self, metric: str, node: str) -> Sequence[float | None]:
        """A unit's numbers period by period, None where a cell is empty; nothing for what was not asked."""
        at = self._at.get(node)
        return () if at is None else self._told(metric)[self._edges[at] : self._edges[at + 1]]

    def _told(self, metric: str) -> tuple[float | None, ...]:
        """A column as plain numbers, made of its array when it is first read."""
        column = self._read.get(metric)
        if column is None:
            at = self._column.get(metric)
            numbers = () if at is None else self._numbers[at].tolist()
            column = self._read[metric] = tuple(None if each != each else each for each in numbers)
        return column

    def telling(self, metrics: Sequence[str]) -> frozenset[str]:
        """The units of which anything is known but zeros in any of these metrics."""
        if not self.nodes:
            return frozenset()
        asked = [self._column[name] for name in metrics if name in self._column]
        any_of = (np.nan_to_num(self._numbers[asked]) != 0).any(axis=0)
        found = np.logical_or.reduceat(any_of, self._edges[:-1])
        return frozenset(node for node, tells in zip(self.nodes, found.tolist(), strict=True) if tells)

    def reason(self, metric: str, node: str) -> str:
        """Why a cell is empty, in the rule's own words; the word that comes first where there are two."""
        found = [self._reasons[key] for key in ((metric, node), (metric, "*")) if key in self._reasons]
        return self._words[min(found)] if found else ""


@dataclass(frozen=True)
class Reading:
    """The granted part of an answer: its units in order, their numbers, their periods and why a cell is empty.

    `not_shown` counts the opted-out physicians outside the prescription numbers of these units.
    """

    cells: Cells
    nodes: tuple[str, ...]
    not_shown: int

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
        return self.cells.now(metric, self._unit(node))

    def line(self, metric: str, node: str | None = None) -> Sequence[float | None]:
        """A unit's number period by period, the oldest first."""
        return self.cells.line(metric, self._unit(node))

    def telling(self, metrics: Sequence[str]) -> frozenset[str]:
        """The units of which anything is known but zeros in any of these metrics."""
        return self.cells.telling(metrics) & self._granted

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
