"""A little company drawn at random: two ways to cut the same physicians, three products, months.

It has what the count of persons reads and nothing else, in memory: some hundred of them can be asked about in a minute.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb
import pandas as pd

from data.contract import CONTRACT
from data.levels import Hierarchy, Node
from metrics.catalog.derived import DERIVED
from metrics.crowds import count_crowds
from metrics.derive import make_spans
from metrics.derive.commercial import PRODUCT_SCOPE
from metrics.periods import month_end

MONTHS = 27
PRODUCTS = ("alfa", "beta", "rival")
REGIONS, TERRITORIES, AREAS = 2, 5, 3


@dataclass(frozen=True)
class Info:
    """What a build stage is told."""

    as_of: date
    anchor: date
    grain: str = "month"


class Little:
    """A snapshot of a little company. `written` has the physicians' rows: subject, product, month's days."""

    def __init__(self, seed: int, physicians: int | None = None) -> None:
        self._dice = random.Random(seed)
        self.anchor = month_end(date(2026, self._dice.randint(1, 12), 1))
        self.as_of, self.grain, self.id = self.anchor, "month", f"little-{seed}"
        self.con = duckdb.connect(config={"threads": 1})
        self.field = self._field()
        self.overlay = self._overlay()
        self.leaves = self._leaves(physicians or self._dice.randint(40, 110))
        self.written = self._written()
        self._store()

    def _field(self) -> dict[str, str | None]:
        nodes: dict[str, str | None] = {"N": None, **{f"R{i}": "N" for i in range(REGIONS)}}
        return {**nodes, **{f"T{i}": f"R{i % REGIONS}" for i in range(TERRITORIES)}}

    def _overlay(self) -> dict[str, str | None]:
        return {"O": None, **{f"A{i}": "O" for i in range(AREAS)}}

    def _leaves(self, physicians: int) -> dict[str, tuple[str, str]]:
        """Where each stands: territories of very unequal size; areas that mostly follow them."""
        weights = [self._dice.choice((1, 3, 10, 25)) for _ in range(TERRITORIES)]
        found = {}
        for i in range(physicians):
            territory = self._dice.choices(range(TERRITORIES), weights)[0]
            area = territory % AREAS if self._dice.random() < 0.9 else self._dice.randrange(AREAS)
            found[f"H{i:03d}"] = (f"T{territory}", f"A{area}")
        return found

    def _written(self) -> list[tuple[str, str, date, date]]:
        likes = {product: self._dice.choice((0.02, 0.1, 0.4, 0.9)) for product in PRODUCTS}
        ends, rows = [self.anchor], []
        while len(ends) < MONTHS:
            ends.append(ends[-1].replace(day=1) - timedelta(days=1))
        busy = {end: self._dice.choice((0.3, 1, 1)) for end in ends}
        for hcp in self.leaves:
            for product in PRODUCTS:
                for end in ends:
                    if self._dice.random() < likes[product] * busy[end]:
                        rows.append((hcp, product, end.replace(day=1), end))
        return rows

    def _store(self) -> None:
        con = self.con
        for table in (*CONTRACT.values(), *DERIVED.values()):
            con.execute(f'CREATE TABLE "{table.name}" ({", ".join(f"{c.name} {c.type}" for c in table.columns)})')
        put = {
            "product": pd.DataFrame({"product": PRODUCTS, "own": [True, True, False]}),
            "basket": pd.DataFrame({"basket": ["m", "m", "m"], "product": PRODUCTS}),
            "coverage": pd.DataFrame(
                {"feed": ["x"], "fact": ["outcome"], "grain": ["month"], "first": [min(r[2] for r in self.written)],
                 "last": [self.anchor], "published": [False]}
            ),
            "outcome": pd.DataFrame(self.written, columns=["subject", "product", "period_start", "period_end"]).assign(
                subject_kind="hcp", quantity=1, nrx=0
            ),
        }  # fmt: skip
        for name, rows in put.items():
            con.register("rows", rows)
            con.execute(f'INSERT INTO "{name}" BY NAME SELECT * FROM rows')
        con.execute("CREATE TABLE pdrp_now (party VARCHAR)")
        con.execute("CREATE TABLE place (hierarchy VARCHAR, subject VARCHAR, leaf VARCHAR, subject_kind VARCHAR)")
        con.execute("CREATE TABLE node_tree (hierarchy VARCHAR, ancestor VARCHAR, node VARCHAR)")
        for hcp, leaves in self.leaves.items():
            for hierarchy, leaf in zip(("field", "overlay"), leaves, strict=True):
                con.execute("INSERT INTO place VALUES (?, ?, ?, 'hcp')", [hierarchy, hcp, leaf])
        con.execute(PRODUCT_SCOPE)
        make_spans(con, Info(self.as_of, self.anchor))
        count_crowds(con, Info(self.as_of, self.anchor))

    def rows(self, sql: str, values: Any = ()) -> list[tuple[Any, ...]]:
        """Rows of an answer, as a snapshot gives them."""
        return self.con.execute(sql, values or None).fetchall()

    def frame(self, sql: str, values: Any = ()) -> pd.DataFrame:
        """An answer as a table, as a snapshot gives it."""
        return self.con.execute(sql, values or None).df()

    def hierarchies(self) -> tuple[Hierarchy, ...]:
        """Field and overlay, over the same physicians."""
        return (
            Hierarchy(id="field", kind="field", name="Field", levels=("nation", "region", "territory"), subject="HCP",
                      subject_kinds=("hcp",)),
            Hierarchy(id="overlay", kind="overlay", name="Overlay", levels=("all", "area"), subject="HCP",
                      subject_kinds=("hcp",)),
        )  # fmt: skip

    def nodes(self, hierarchy: str) -> dict[str, Node]:
        """The nodes of a hierarchy, from the top down."""
        parents = self.field if hierarchy == "field" else self.overlay
        levels = next(each for each in self.hierarchies() if each.id == hierarchy).levels
        depth = {None: -1}
        for node, parent in parents.items():
            depth[node] = depth[parent] + 1
        return {
            node: Node(hierarchy=hierarchy, id=node, name=node, level=levels[depth[node]], parent=parent)
            for node, parent in parents.items()
        }
