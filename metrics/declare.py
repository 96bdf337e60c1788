"""The vocabulary of meaning: Measure, SubjectMeasure, Metric. Frozen and self-checking at import.

Which sensitivities a number has is never typed in: it is computed from every contract column that
its expression reads anywhere (select, filter, join, group), so that nobody can mislabel one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import sqlglot
from sqlglot import exp

from data.errors import BadDeclaration, did_you_mean
from metrics import links
from metrics.expression import columns_read, parse
from metrics.fact import Fact

UNITS = ("count", "percent", "index", "money", "ratio")
BANDS = ("outcome", "field", "media", "medical", "sites")
SCOPES = ("self", "own", "basket", "basket_own", "named")


@dataclass(frozen=True, kw_only=True)
class Measure:
    """Something added up over a fact's rows: a sum, or a count of distinct ids.

    `scope` says which products' rows count when a product is asked for: its own (self; all when none
    is named), our own products when none is named (own), every product of its market basket (basket),
    ours in such baskets (basket_own), or its own and nothing when none is named (named).
    """

    name: str
    fact: Fact
    expr: str
    doc: str
    scope: str = "self"

    def __post_init__(self) -> None:
        if self.scope not in SCOPES:
            raise BadDeclaration(f'scope "{self.scope}" is unknown', where=f"measure {self.name}")
        for column in columns_read(self.tree):
            if column not in self.fact.table.names:
                raise BadDeclaration(
                    f'{self.fact.table.name} has no column "{column}"',
                    where=f"measure {self.name}",
                    todo=did_you_mean(column, self.fact.table.names),
                )
        if self.distinct is None and not isinstance(self._aggregate, exp.Sum):
            raise BadDeclaration(
                "a measure is a sum(...) or a count(distinct ...)", where=f"measure {self.name}", todo="Rewrite it so."
            )
        links.refuse(self.sensitivities, f"measure {self.name}")

    @cached_property
    def tree(self) -> exp.Expr:
        """The parsed expression."""
        return parse(self.expr, f"measure {self.name}")

    @property
    def _aggregate(self) -> exp.Expr:
        return self.tree.this if isinstance(self.tree, exp.Filter) else self.tree

    @cached_property
    def distinct(self) -> str | None:
        """The column whose distinct values are counted, or None for a sum."""
        found = self.tree.find(exp.Distinct)
        return found.expressions[0].name if found else None

    @cached_property
    def sensitivities(self) -> frozenset[str]:
        """What the measure gives away."""
        return self.fact.sensitivities(columns_read(self.tree))

    @cached_property
    def watches(self) -> bool:
        """Whether it counts opens or clicks of e-mail without asking whether the reader agreed to be tracked."""
        condition = self.tree.expression.this if isinstance(self.tree, exp.Filter) else None
        parts = condition.flatten() if isinstance(condition, exp.And) else (condition,)
        agreed = any(isinstance(part, exp.Column) and part.name == "tracking" for part in parts)
        named = {literal.this for literal in self.tree.find_all(exp.Literal)}
        return self.fact.table.name == "exposure" and bool(named & {"opened", "clicked"}) and not agreed


@dataclass(frozen=True, kw_only=True)
class SubjectMeasure:
    """Something judged subject by subject and then counted: "targets with at least one call".

    `inputs` are measures, each added up per subject first (facts never join facts); `expr` then
    aggregates over subjects and may name only them, and `is_person`.
    """

    name: str
    inputs: tuple[Measure, ...]
    expr: str
    doc: str

    def __post_init__(self) -> None:
        names = {measure.name for measure in self.inputs}
        for column in columns_read(self.tree):
            if column not in names | {"is_person"}:
                raise BadDeclaration(
                    f'"{column}" is not one of its inputs',
                    where=f"measure {self.name}",
                    todo=did_you_mean(column, names),
                )
        links.refuse(self.sensitivities, f"measure {self.name}")

    @cached_property
    def tree(self) -> exp.Expr:
        """The parsed expression."""
        return parse(self.expr, f"measure {self.name}")

    @cached_property
    def sensitivities(self) -> frozenset[str]:
        """What the measure gives away: all that its inputs do."""
        return frozenset().union(*(measure.sensitivities for measure in self.inputs))

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts it reads."""
        return tuple(dict.fromkeys(measure.fact for measure in self.inputs))

    @property
    def watches(self) -> bool:
        """Whether one of its inputs does."""
        return any(measure.watches for measure in self.inputs)


@dataclass(frozen=True, kw_only=True)
class QuantileMeasure:
    """A quantile of single rows, found anew at every node: medians do not add up.

    `column` holds the values, `q` the quantile (0.5 = median) with linear interpolation between
    neighbours. It is one of the engine's named operations, exact_quantile.
    """

    name: str
    fact: Fact
    column: str
    q: float
    doc: str

    def __post_init__(self) -> None:
        self.fact.table.column(self.column)
        links.refuse(self.sensitivities, f"measure {self.name}")

    watches = False  # moments and hours, never opens

    @property
    def expr(self) -> str:
        """How it reads in an explanation."""
        return f"exact_quantile({self.column}, {self.q})"

    @cached_property
    def sensitivities(self) -> frozenset[str]:
        """What the measure gives away."""
        return self.fact.sensitivities(frozenset({self.column}))


AnyMeasure = Measure | SubjectMeasure | QuantileMeasure


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A number people manage by: one definition from the nation to the HCP and the site.

    `formula` is arithmetic over the names of `measures`; `base(x)` is x in the window compared
    with. A division is done once, at the end, on sums. `least` is the smallest denominator that
    says anything; below it the cell reads "too few to say". `zero` says that no row means none;
    `rows_only` that the metric belongs to one subject and has no sum.
    """

    name: str
    title: str
    band: str
    unit: str
    definition: str
    formula: str
    measures: tuple[AnyMeasure, ...]
    better: str | None = None
    least: int = 0
    source: str = ""
    zero: bool = False
    rows_only: bool = False

    def __post_init__(self) -> None:
        where = f"metric {self.name}"
        for value, known in ((self.band, BANDS), (self.unit, UNITS), (self.better, ("up", "down", None))):
            if value not in known:
                raise BadDeclaration(f'"{value}" is unknown', where=where, todo=f"Use one of {known}.")
        names = {measure.name for measure in self.measures}
        for column in columns_read(self.tree):
            if column not in names:
                raise BadDeclaration(
                    f'"{column}" is not one of its measures', where=where, todo=did_you_mean(column, names)
                )
        links.refuse(self.sensitivities, where)
        links.refuse_target(self, where)

    @cached_property
    def tree(self) -> exp.Expr:
        """The parsed formula; `base(x)` is an anonymous function."""
        return sqlglot.parse_one(self.formula, read="duckdb")

    @cached_property
    def ratio(self) -> tuple[exp.Expr, exp.Expr] | None:
        """Numerator and denominator of the formula, or None when nothing is divided."""
        found = self.tree.find(exp.Div)
        return (found.this, found.expression) if found else None

    @cached_property
    def compares(self) -> bool:
        """Whether the formula itself looks at the window compared with."""
        return any(part.name.lower() == "base" for part in self.tree.find_all(exp.Anonymous))

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The facts it reads."""
        found: dict[Fact, None] = {}
        for measure in self.measures:
            found.update(dict.fromkeys(measure.facts if isinstance(measure, SubjectMeasure) else (measure.fact,)))
        return tuple(found)

    @cached_property
    def sensitivities(self) -> frozenset[str]:
        """What the metric gives away, from every column its expressions read."""
        return frozenset().union(*(measure.sensitivities for measure in self.measures))

    @cached_property
    def totals_only(self) -> bool:
        """Whether it may be shown in totals alone: it counts what people did who did not agree to be tracked."""
        return any(measure.watches for measure in self.measures)
