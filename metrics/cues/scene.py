"""What a rule looks at while the snapshot is built, and what it brings back."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import pandas as pd

from data.errors import BadDeclaration
from data.hierarchies import hierarchies
from data.levels import Hierarchy
from metrics import own_rows
from metrics.cues.wording import cut, english
from metrics.periods import DEFAULT

FIELD_KINDS = ("field", "geography")
T = TypeVar("T")
SAID = "said"  # under what the sentences with their typed values stand beside the evidence


@dataclass(frozen=True, kw_only=True)
class Found:
    """One thing found: where its owner stands, what it points at, and the evidence in words and numbers.

    `node` is the node its owner stands at. `headline` has {subject} where the name goes. `worth` is
    low and high in the cue's unit; `urgency` raises or lowers its rank; `due` overrides the kind's;
    `thing` tells two of one subject apart (a question's id). Sentences may hold typed values (metrics/cues/wording);
    they stand in `said` as they came, and as English everywhere else.
    """

    role: str
    hierarchy: str
    node: str
    subject: str
    headline: str
    reasons: tuple[str, str, str]
    comparator: str
    confidence: float
    data_as_of: date
    worth: tuple[float, float]
    product: str | None = None
    unit: str | None = None
    urgency: float = 1.0
    due: date | None = None
    thing: str | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        told = {"headline": self.headline, "reasons": list(self.reasons), "comparator": self.comparator}
        object.__setattr__(self, "said", told)
        object.__setattr__(self, "headline", english(self.headline))
        object.__setattr__(self, "reasons", tuple(english(reason) for reason in self.reasons))
        object.__setattr__(self, "comparator", english(self.comparator))


def each(rows: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame one by one, a column an attribute; what type it has is its statement's to say."""
    return iter(rows.itertuples())


@dataclass
class Alike:
    """What every team sees alike: `found` so far, where it is kept for the teams to come.

    `by_team` says whether a statement was read that teams see differently.
    """

    found: dict[Hashable, Any] | None = None
    by_team: bool = False


@dataclass(frozen=True)
class Scene:
    """The half-built snapshot, its dates and its grain; rules ask it for frames.

    With a `team`, what was done is what that team did: nobody of another is in a frame. The scenes of one build
    share what does not depend on the team.
    """

    con: Any
    as_of: date
    anchor: date
    grain: str | None
    team: str | None = None
    alike: Alike = field(default_factory=Alike, compare=False, repr=False)

    def once(self, key: Hashable, work: Callable[[], T]) -> T:
        """What `work` finds, worked out for the first team and kept for the others. It may read nobody's activity.

        It is kept for rules that may read the same things, and for no other.
        """
        kept = {} if self.alike.found is None else self.alike.found
        of = (getattr(self.con, "allowed", None), key)
        if of not in kept:
            kept[of], by_team = self.watched(work)
            if by_team:
                raise BadDeclaration(f"{key!r} reads activity, which every team sees differently", where="cues")
        found: T = kept[of]
        return found

    def watched(self, work: Callable[[], T]) -> tuple[T, bool]:
        """What `work` finds, and whether it read anything that depends on the team."""
        before, self.alike.by_team = self.alike.by_team, False
        try:
            found = work()
            return found, self.alike.by_team
        finally:
            self.alike.by_team |= before

    def frame(self, sql: str, **values: Any) -> pd.DataFrame:
        """The rows of a statement, with $as_of, $anchor and the values named bound where it uses them."""
        known = {"as_of": self.as_of, "anchor": self.anchor, "team": self.team, **values}
        if own_rows.differs_by_team(sql):
            self.alike.by_team = True
            sql = own_rows.of_one_team(sql) if self.team is not None else sql
        return self.con.execute(sql, {name: value for name, value in known.items() if f"${name}" in sql}).df()

    @property
    def window(self) -> str | None:
        """The window that a page opens on; None where outcomes are yearly or absent."""
        return DEFAULT[self.grain] if self.grain in ("week", "month") else None

    @cached_property
    def hierarchies(self) -> dict[str, Hierarchy]:
        """Every hierarchy by id."""
        rows = self.con.execute(
            "SELECT hierarchy, kind, name, levels, subject, subject_kinds FROM hierarchy ORDER BY hierarchy"
        ).fetchall()
        return {found.id: found for found in hierarchies(rows)}

    def of_kind(self, *kinds: str) -> list[Hierarchy]:
        """The hierarchies of these kinds."""
        return [found for found in self.hierarchies.values() if found.kind in kinds]

    @cached_property
    def products(self) -> dict[str, str]:
        """Our own products' names by id."""
        return dict(self.con.execute("SELECT product, name FROM product WHERE own ORDER BY product").fetchall())

    def product_word(self, product: str) -> str:
        """The product's name before something else in a headline; nothing where it is the only one of ours."""
        return "" if len(self.products) == 1 else f"{cut(self.products[product], 16)} "

    @cached_property
    def erased(self) -> frozenset[str]:
        """Persons who were erased: they count in sums, and nobody is told anything about one of them."""
        rows = self.con.execute("SELECT DISTINCT subject FROM place WHERE subject_kind = 'erased'").fetchall()
        return frozenset(subject for (subject,) in rows)

    @cached_property
    def up(self) -> dict[tuple[str, str], list[tuple[str, str]]]:
        """For each (hierarchy, node): itself and what is above it as (node, level), from the bottom up."""
        rows = self.con.execute(
            """
            SELECT t.hierarchy, t.node, t.ancestor, a.level FROM node_tree t
            JOIN node_tree a ON a.hierarchy = t.hierarchy AND a.node = t.ancestor AND a.ancestor = t.ancestor
            ORDER BY t.hierarchy, t.node, a.depth DESC
            """
        ).fetchall()
        found: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for hierarchy, node, ancestor, level in rows:
            found.setdefault((hierarchy, node), []).append((ancestor, level))
        return found

    @cached_property
    def node_names(self) -> dict[tuple[str, str], str]:
        """Each node's name; its id where it has none."""
        rows = self.con.execute("SELECT hierarchy, node, coalesce(name, node) FROM node").fetchall()
        return {(hierarchy, node): name for hierarchy, node, name in rows}

    def above(self, hierarchy: str, node: str, rung: str) -> str | None:
        """The node at or above this one that stands on a rung; None where it is unaligned or missing."""
        for ancestor, level in self.up.get((hierarchy, node), []):
            if self.hierarchies[hierarchy].rung(level) == rung and not ancestor.endswith("~unaligned"):
                return ancestor
        return None

    def tops(self, hierarchy: str) -> list[str]:
        """The nodes that nothing stands above, without those that gather what has no place."""
        return sorted(
            node
            for (of, node), ups in self.up.items()
            if of == hierarchy and len(ups) == 1 and not node.endswith("~unaligned")
        )

    def medical_post(self, hierarchy: str, leaf: str) -> tuple[str, str | None]:
        """Who answers for a medical leaf: its MSL, or the medical director where nobody is placed."""
        if leaf.endswith("~unaligned"):
            return "medical_director", self.above(hierarchy, leaf, "top")
        return "msl", leaf

    def last_day(self, table: str) -> date | None:
        """The last day with a row of a fact, at or before as_of: how old what it says is."""
        last: date | None = self.con.execute("SELECT max(last) FROM coverage WHERE fact = ?", [table]).fetchall()[0][0]
        return min(last, self.as_of) if last else None

    @cached_property
    def _working_days(self) -> list[date]:
        """The working days after as_of, in order."""
        rows = self.con.execute(
            """
            SELECT min(date) AS day FROM working_day
            WHERE n > (SELECT max(n) FROM working_day WHERE date <= $as_of) AND date > $as_of GROUP BY n ORDER BY n
            """,
            {"as_of": self.as_of},
        ).fetchall()
        return [row[0] for row in rows]

    def working_day_after(self, days: int) -> date:
        """The day so many working days after as_of; as_of where the calendar ends before."""
        ahead = self._working_days
        return ahead[max(days, 1) - 1] if len(ahead) >= max(days, 1) else self.as_of
