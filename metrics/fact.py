"""What can be counted: a table seen as a fact, with whose rows they are, where and when they count."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from data.contract import CONTRACT, Table
from data.errors import BadDeclaration
from metrics import links

TIMES = ("flow", "overlap", "to_date", "state", "before", "lookback")


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A contract table seen as something countable: whose rows they are, where and when they count.

    `subject` is the column of the HCP, practice or site; `place` says whether a row counts at its
    subject's node or at its actor's; `product` is the product column, if any. `time` says when a
    row belongs to a window: it lies inside it (flow), overlaps it (overlap), ends before its end
    (to_date), describes its last day (state), lies in the window just before (before) or in the year
    before it (lookback). A table that the build derives names in
    `derived_from` the contract columns it is computed from, written `table.column`; one that it
    derives for the last day of the data only is `latest`.
    """

    name: str
    table: Table
    subject: str
    doc: str
    place: str = "subject"
    product: str | None = None
    time: str = "flow"
    derived_from: tuple[str, ...] = ()
    latest: bool = False

    def __post_init__(self) -> None:
        for column in filter(None, (self.subject, self.product)):
            self.table.column(column)
        if self.time not in TIMES:
            raise BadDeclaration(f'time "{self.time}" is unknown', where=f"fact {self.name}")
        if self.place not in ("subject", "actor"):
            raise BadDeclaration(f'place "{self.place}" is unknown', where=f"fact {self.name}")
        links.refuse(self.sensitivities(frozenset(self.table.names)), f"fact {self.name}")

    @cached_property
    def frame_columns(self) -> frozenset[str]:
        """Columns read whatever the measure: to find whose row it is, when, where and of what product."""
        actor = ("hierarchy", "node") if self.place == "actor" else ()
        return frozenset(filter(None, (self.subject, self.product, "period_start", "period_end", *actor)))

    def sensitivities(self, columns: frozenset[str]) -> frozenset[str]:
        """The sensitivities of these columns; a derived table has those of all that it came from."""
        own = {self.table.column(name).sensitivity for name in columns | self.frame_columns}
        for source in self.derived_from:
            table, _, column = source.partition(".")
            own.add(CONTRACT[table].column(column).sensitivity)
        return frozenset(own - {"open"})
