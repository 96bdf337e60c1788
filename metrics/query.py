"""What is asked, by whom, and what was granted: types only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

EVERY_STUDY = "*"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where somebody stands for a span of days: at which node of which hierarchy, in which team, for which studies."""

    hierarchy: str
    node: str | None
    team: str | None = None
    studies: tuple[str, ...] = ()
    from_date: date | None = None
    to_date: date | None = None

    def on(self, day: date) -> bool:
        """Whether it is in force that day."""
        return (self.from_date is None or self.from_date <= day) and (self.to_date is None or day <= self.to_date)


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Someone who looks: a role, standing at a node of a hierarchy, for a span of days.

    `node` is None for a role that stands nowhere (the steward) and so may look everywhere its
    grants reach. `team` narrows activity to that team's own. `studies` narrows sites to the studies
    named; "*" is every study, and a role that works by study sees none where none is named. Who moved
    has `spans`: the one in force on the day of the data says where they stand, in place of the above.
    `behind` is whoever looks through this visitor's eyes: then only what both may know is known.
    """

    id: str
    role: str
    hierarchy: str
    node: str | None
    team: str | None = None
    studies: tuple[str, ...] = ()
    from_date: date | None = None
    to_date: date | None = None
    name: str = ""
    spans: tuple[Standing, ...] = ()
    behind: Visitor | None = None


@dataclass(frozen=True, kw_only=True)
class MetricQuery:
    """A question: which metrics, at which level, below which node, over which window.

    `by` is a level of the hierarchy or its subject's word. `window` is a standard window (C13W),
    `all`, or a span written `2014-01..2014-12`. `compare` adds the window before or the same
    window a year earlier. With `series=n` the answer has the last n outcome periods instead. `alignment` is
    "current" (today's, over all history) or "as-was" (that of the day, from the leaf up).
    """

    metrics: tuple[str, ...]
    hierarchy: str
    within: str | None
    by: str
    window: str = "C13W"
    product: str | None = None
    compare: str | None = None
    series: int | None = None
    alignment: str = "current"


@dataclass(frozen=True, kw_only=True)
class Withheld:
    """A number that is not shown, and the reason in words.

    `metric` is its column (`trx`, or `trx__previous` for the one compared with); `node_id` "*" means
    at every node.
    """

    metric: str
    node_id: str
    reason: str


_SEAL = object()


@dataclass(frozen=True, kw_only=True)
class GrantedQuery:
    """A question that its visitor may ask. Only metrics.access makes one; only one of these can be run.

    `metrics` are those granted; `withheld` names the others with the reason. `scope` is the node
    the visitor stands at ("" for everywhere), bound into the query beside `within`. `masked` leaves
    PDRP opt-outs out of every prescription number. `small` names the metrics that are granted as
    aggregates only, so that small cells are hidden; `aggregates` are the sensitivities so granted,
    `least` is the fewest persons a cell is shown for, `patients` says that patients at sites count as
    such persons, `pdrp` how opted-out physicians are treated, and
    `kinds` the kinds of hierarchy that the role looks at. `team` and `studies` are whose
    activity and which studies' sites count, bound into the query. `floor` is the shallowest number of levels that
    a metric may not go below (metric, depth). `policy` is the version of the policy that granted it.
    """

    metrics: tuple[str, ...]
    hierarchy: str
    within: str
    by: str
    window: str
    product: str | None
    compare: str | None
    series: int | None
    visitor: str
    role: str
    scope: str
    masked: bool
    small: frozenset[str]
    aggregates: frozenset[str]
    pdrp: str
    kinds: tuple[str, ...] = ()
    floor: frozenset[tuple[str, int]] = frozenset()
    withheld: tuple[Withheld, ...] = ()
    studies: tuple[str, ...] = ()
    team: str | None = None
    least: int = 11
    patients: bool = False
    policy: str = ""
    alignment: str = "current"
    seal: object = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.seal is not _SEAL:
            raise TypeError("Only metrics.access.authorise makes a GrantedQuery.")
