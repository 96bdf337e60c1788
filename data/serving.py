"""Serving what was built: immutable pictures, opened beside each other, swapped so that no reader notices."""

from __future__ import annotations

import contextlib
import itertools
import threading
import weakref
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from data import shelf
from data.engine import Bound, ServingRoot
from data.errors import NoSnapshot, OnepictureError, did_you_mean, guess_or_list
from data.findings import Finding
from data.fitting import unfit
from data.hierarchies import hierarchies
from data.levels import Hierarchy, Node


@dataclass(frozen=True, kw_only=True)
class Product:
    """A product: its id, its name, whether it is ours."""

    id: str
    name: str
    own: bool


class Snapshot:
    """One immutable picture: ask it rows or a frame; what it says never changes.

    Safe to share between threads: every query has its own cursor and is fetched whole. Queries
    address tables by their bare name. It stays open as long as anybody holds it. `home` is the
    workspace that it was built in.
    """

    def __init__(self, root: ServingRoot, path: Path, name: str) -> None:
        self.path = path
        self.home = path.parent.parent
        self._root = root
        self._name = name
        ((self.id, self.as_of, self.anchor, self.grain),) = self._stamp()
        if why := self._unfit():
            todo = "Build again: `onepicture build`. The last one that fits serves meanwhile."
            raise NoSnapshot(f"the snapshot was built by another version: {why}", where=path.name, todo=todo)

    def _stamp(self) -> list[tuple[str, date, date, str | None]]:
        rows = self.rows("SELECT snapshot, as_of, anchor, grain FROM build_info")
        if len(rows) != 1:
            raise NoSnapshot("the snapshot is not stamped", where=self.path.name, todo="Build again.")
        return rows

    def _unfit(self) -> str:
        """Why the running code cannot read it, in words; looked at once, when it is opened."""
        columns = "SELECT table_name, list(column_name) FROM duckdb_columns() WHERE database_name = ? GROUP BY 1"
        present = {table: frozenset(names) for table, names in self.rows(columns, [self._name])}
        ((engine, contract),) = self.rows("SELECT engine, contract_version FROM build_info")
        return unfit(present, str(engine), int(contract))

    def rows(self, sql: str, params: Bound = (), timeout: float = 30.0) -> list[tuple[Any, ...]]:
        """The rows of a query, exact. Raises TookTooLong after `timeout` seconds."""
        return self._root.rows(self._name, sql, params, timeout)

    def frame(self, sql: str, params: Bound = (), timeout: float = 30.0) -> pd.DataFrame:
        """The rows of a query as a frame. Raises TookTooLong after `timeout` seconds."""
        return self._root.frame(self._name, sql, params, timeout)

    @cached_property
    def published(self) -> frozenset[str]:
        """The facts whose every feed is published openly: no small-cell rule of ours applies to them."""
        return frozenset(
            fact
            for (fact,) in self.rows(
                "SELECT fact FROM coverage GROUP BY fact HAVING bool_and(coalesce(published, false))"
            )
        )

    def hierarchies(self) -> tuple[Hierarchy, ...]:
        """The ways to cut the company, the field's first."""
        return self._hierarchies

    @cached_property
    def _hierarchies(self) -> tuple[Hierarchy, ...]:
        ranks = {kind: rank for rank, kind in enumerate(("field", "geography", "overlay", "medical", "study"))}
        known = hierarchies(self.rows("SELECT hierarchy, kind, name, levels, subject, subject_kinds FROM hierarchy"))
        return tuple(sorted(known, key=lambda hierarchy: (ranks[hierarchy.kind], hierarchy.id)))

    def nodes(self, hierarchy: str) -> dict[str, Node]:
        """The nodes of a hierarchy by id, from the top down, the Unaligned ones included."""
        if hierarchy not in self._nodes:
            known = [h.id for h in self._hierarchies]
            if hierarchy not in known:
                raise OnepictureError(f'no hierarchy "{hierarchy}"', todo=guess_or_list(hierarchy, known))
            return {}
        return self._nodes[hierarchy]

    @cached_property
    def _nodes(self) -> dict[str, dict[str, Node]]:
        found: dict[str, dict[str, Node]] = {}
        for hierarchy, node, level, parent, name in self.rows(
            """
            SELECT n.hierarchy, n.node, n.level, n.parent, n.name FROM node n
            JOIN node_tree t ON t.hierarchy = n.hierarchy AND t.node = n.node AND t.ancestor = n.node
            ORDER BY n.hierarchy, t.depth, n.node
            """
        ):
            found.setdefault(hierarchy, {})[node] = Node(
                id=node, hierarchy=hierarchy, level=level, parent=parent, name=name
            )
        return found

    def products(self) -> tuple[Product, ...]:
        """The products loaded, ours first."""
        return self._products

    @cached_property
    def _products(self) -> tuple[Product, ...]:
        return tuple(
            Product(id=id, name=name, own=own)
            for id, name, own in self.rows("SELECT product, name, own FROM product ORDER BY NOT own, name, product")
        )

    def findings(self) -> tuple[Finding, ...]:
        """What the imports and the build noticed about the data, the gravest first."""
        return tuple(
            Finding(code=code, severity=severity, what=what, where=where, todo=todo, rows=rows)
            for code, severity, what, where, todo, rows in self.rows(
                'SELECT code, severity, what, "where", todo, "rows" FROM finding ORDER BY position'
            )
        )


class Snapshots:
    """The snapshots of one workspace, as one serving process sees them.

    `current()` follows the pointer: when it moves, the next call opens the new snapshot beside the
    old one, and the old one is closed when nobody holds it any more. A new one that does not open
    is passed over: the last good one keeps serving.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory.resolve()
        # A page reads little: sharing it out among threads costs a fifth more than it saves.
        self._root = ServingRoot(directory, threads=1)
        self._lock = threading.RLock()
        self._held: weakref.WeakValueDictionary[str, Snapshot] = weakref.WeakValueDictionary()
        self._opened = itertools.count(1)
        self._current: Snapshot | None = None
        self._broken = ""

    def current(self) -> Snapshot:
        """The snapshot that serves. Raises NoSnapshot when nothing has been built."""
        id = shelf.pointed(self._directory)
        with self._lock:
            serving = self._current
            if serving is not None and id in (serving.id, self._broken):
                return serving
            try:
                serving = self._current = self.open(id)
            except NoSnapshot:
                serving = self._current = serving or self._last_good(id)
                if serving is None:
                    raise
                self._broken = id
            return serving

    @property
    def passed_over(self) -> str:
        """The id of the snapshot that should serve and cannot be read; nothing where all is well."""
        return self._broken if self._broken == shelf.pointed(self._directory) else ""

    def _last_good(self, instead_of: str) -> Snapshot | None:
        """The one finished last that opens, where the one that should serve does not."""
        for id in shelf.by_age(self._directory):
            if id != instead_of:
                with contextlib.suppress(NoSnapshot):
                    return self.open(id)
        return None

    def open(self, id: str) -> Snapshot:
        """The snapshot of that id. Raises NoSnapshot when there is none or it does not open."""
        known = shelf.history(self._directory)
        if id not in known:
            raise NoSnapshot(
                f'there is no snapshot "{id}"' if id else "nothing has been built yet",
                where=str(self._directory.parent),
                todo=did_you_mean(id, known) or "Build one with `onepicture build`.",
            )
        with self._lock:
            held = self._held.get(id)
            if held is None:
                held = self._held[id] = self._attached(id)
            return held

    def close(self) -> None:
        """Close every snapshot; those still held answer no more."""
        self._root.close()

    def _attached(self, id: str) -> Snapshot:
        """Open a file under a name of its own, and see to it that it is closed with its last holder."""
        path, name = shelf.path_of(self._directory, id), f"{id}_{next(self._opened)}"
        torn = shelf.broken(self._directory, id)
        if torn:
            raise NoSnapshot(torn, where=path.name, todo="Build again; the last good one keeps serving.")
        self._root.attach(path, name)
        try:
            snapshot = Snapshot(self._root, path, name)
        except NoSnapshot:
            self._root.detach(name)
            raise
        except Exception as problem:
            self._root.detach(name)
            raise NoSnapshot("the snapshot is not whole", where=path.name, todo="Build again.") from problem
        weakref.finalize(snapshot, self._root.detach, name)
        return snapshot
