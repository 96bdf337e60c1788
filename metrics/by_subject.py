"""A question about single subjects as one SQL tree: their atoms, the products admitted, each subject judged.

Over a standard window the atoms are read where the build keeps them; over other days, and for a
series, they are added up from the facts.
"""

from __future__ import annotations

from sqlglot import exp, parse_one

from metrics.declare import AnyMeasure, Measure, SubjectMeasure
from metrics.expression import judged
from metrics.groups import Group
from metrics.shape import Shape
from metrics.subjects import among, asked_rows, atom, atoms, by_asked, fact_rows, has, side, sums, table, together

_ASKED_SERIES = """
SELECT span, first, last, before, back, deep FROM span WHERE kind = 'period' AND first >= $since_first
"""
_ASKED_CUSTOM = """
SELECT *, TRUE AS deep FROM (VALUES ($span, $first, $last, $before, $back),
    ($base_span, $base_first, $base_last, $base_before, $base_back)) AS v(span, first, last, before, back)
"""


def spine(shape: Shape) -> exp.Select:
    """The subjects of a hierarchy and kind; `who` is how their atoms name them.

    Of few leaves the leaves themselves are bound; otherwise the compiler narrows the spine to the visitor's scope.
    """
    select = exp.select("l.seat AS who" if shape.rolled else "l.subject AS who", "l.subject AS node")
    select = select.select("l.leaf AS parent", "l.subject_kind", "l.opted_out").from_("seat AS l")
    select = select.where("l.hierarchy = $hierarchy", "l.subject_kind = $kind")
    if shape.near:
        select = select.where("l.seat BETWEEN $seat_row AND $seat_end", among("leaves", "leaf", "l"))
    return select


def _rows(groups: tuple[Group, ...], shape: Shape) -> exp.Query:
    """Every atom and answer that the groups need: by who, product and span."""
    live, parts = not shape.rolled, []
    needed = atoms(measure for group in groups for measure in group.measures)
    if live:
        parts += [(fact_rows(fact, own, live=True), [has(fact), *own]) for fact, own in needed.items()]
    else:
        for where in sorted({side(fact) for fact in needed}):
            own = [(fact, names) for fact, names in needed.items() if side(fact) == where]
            columns = [each for fact, names in own for each in (has(fact), *names)]
            parts.append((_read(table(where), columns, shape).where(among("products", "product", "g")), columns))
    for group in filter(by_asked, groups):
        names = [measure.name for measure in group.measures]
        if live:
            rows = exp.select("g.who", "g.product", "g.span", *names).from_(asked_rows(group, live=True).subquery("g"))
        else:
            rows = _read(table(group.name), names, shape)
        parts.append((rows.where("g.product = $product" if group.by_product else "g.product = '*'"), names))
    return together(parts)


def _read(name: str, columns: list[str], shape: Shape) -> exp.Select:
    """What the build keeps of the subjects asked about, over the window asked for and the one compared with."""
    select = exp.select("g.seat AS who", "g.product", "g.span", *(f"g.{each}" for each in columns))
    select = select.from_(f"{name} AS g").where("g.span IN ($span, $base_span)" if shape.compare else "g.span = $span")
    select = select.where("g.seat BETWEEN $seat_row AND $seat_end") if shape.near else select
    return select if shape.tight else select.where("g.seat IN (SELECT who FROM spine)")


class _Sums:
    """The sums of the rows `g` that a question needs, each named once, over the window asked for and the base."""

    def __init__(self, compare: bool) -> None:
        self.columns: dict[str, exp.Expr] = {}
        self._compare = compare

    def add(self, measure: Measure, by_product: bool) -> str:
        """A sum over the products that its scope admits; what knows no product counts for every product alike."""
        name = measure.name if by_product == bool(measure.fact.product) else f"{measure.name}__scoped"
        self._sum(name, exp.Sum(this=exp.column(atom(measure), "g")), _admitted({measure.scope}, by_product))
        return name

    def any(self, group: Group) -> str:
        """Whether a subject has any row that a group is judged by."""
        rows = exp.or_(*(exp.column(has(fact), "g") for fact in group.facts), copy=False)
        scopes = {measure.scope for measure in sums(group.measures)}
        name = f"has__{group.name}"
        self._sum(name, exp.LogicalOr(this=rows), _admitted(scopes, group.by_product))
        return name

    def told(self, name: str) -> str:
        """An answer that is kept as it is."""
        self._sum(name, exp.AnyValue(this=exp.column(name, "g")), None)
        return name

    def _sum(self, name: str, total: exp.Expr, admitted: exp.Expr | None) -> None:
        for column, base in ((name, False), (f"{name}__base", True))[: 1 + self._compare]:
            parts = [] if admitted is None else [admitted.copy()]
            if self._compare:
                how = exp.NEQ if base else exp.EQ
                parts.append(how(this=exp.column("span", "g"), expression=exp.Placeholder(this="span")))
            summed = total.copy()
            if parts:
                summed = exp.Filter(this=summed, expression=exp.Where(this=exp.and_(*parts, copy=False)))
            self.columns[column] = exp.alias_(summed, column, copy=False)


def _admitted(scopes: set[str], by_product: bool) -> exp.Expr:
    if by_product:
        return exp.or_(*(among(f"by_{scope}", "product", "g") for scope in sorted(scopes)), copy=False)
    return exp.EQ(this=exp.column("product", "g"), expression=exp.Literal.string(""))


def _measured(measure: AnyMeasure, group: Group, total: _Sums, masked: bool, base: bool) -> exp.Expr:
    """A measure of one subject, from its sums `g`; an opted-out physician's are left out where they must be."""
    end = "__base" if base else ""
    if isinstance(measure, SubjectMeasure):
        names = {each.name: f"{total.add(each, group.by_product)}{end}" for each in measure.inputs}

        def _named(node: exp.Expr) -> exp.Expr:
            if isinstance(node, exp.Column):
                is_person = node.name == "is_person"
                return exp.condition("s.subject_kind = 'hcp'") if is_person else exp.column(names[node.name], "g")
            return node

        tree = judged(measure.tree.transform(_named), lambda: exp.column(f"{total.any(group)}{end}", "g"))
    elif isinstance(measure, Measure) and not measure.distinct:
        tree = exp.column(f"{total.add(measure, group.by_product)}{end}", "g")
    else:
        tree = exp.column(f"{total.told(measure.name)}{end}", "g")
    if masked and group.masks:
        tree = exp.Case(ifs=[exp.If(this=exp.Not(this=exp.column("opted_out", "s")), true=tree)])
    return exp.alias_(tree, f"{measure.name}{end}", copy=False)


def measured(shape: Shape, found: tuple[Group, ...]) -> dict[str, exp.Query]:
    """The relations that end in `m`: a row a subject (and period) with every measure of the groups, and its base."""
    live, total = not shape.rolled, _Sums(shape.compare)
    columns = [
        _measured(measure, group, total, shape.masked, base)
        for group in found
        for measure in group.measures
        for base in (False, True)[: 1 + shape.compare]
    ]
    keys = ["g.who", "g.span"] if shape.series else ["g.who"]
    given = exp.select(*keys, *total.columns.values(), copy=False).from_(_rows(found, shape).subquery("g"), copy=False)
    select = exp.select("s.node", "s.parent", *columns, copy=False).from_("spine AS s", copy=False)
    if shape.series:
        select = select.select("w.first", "w.last").join("asked AS w", on="TRUE")
    else:
        select = select.select("CAST($first AS DATE) AS first", "CAST($last AS DATE) AS last")
    on = "g.who = s.who AND g.span = w.span" if shape.series else "g.who = s.who"
    select = select.join("given AS g", on=on, join_type="left")
    relations: dict[str, exp.Query] = {"given": given.group_by(*map(str, range(1, len(keys) + 1))), "m": select}
    if live:
        asked = parse_one(_ASKED_SERIES if shape.series else _ASKED_CUSTOM, dialect="duckdb")
        assert isinstance(asked, exp.Query)
        relations = {"asked": asked, **relations}
    return relations
