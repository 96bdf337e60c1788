"""From a source's ready rows to rows of the contract: typed, checked, one row a key.

What cannot be taken is set aside with its reason, for a person to read.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb
from sqlglot import exp

from data.contract import Column, Table
from data.contract.table import AMOUNT, COUNT
from data.conversions import DIALECT, Check, absent, present, quote_value, typed
from data.expressions import Binder
from data.layout import Layout, Source, Target
from data.reading import FILE, LINE, ROW
from data.shaping import BAD, OUT, Shaped
from data.tables import columns_of, count, create, delete, explained, has_rows, insert, listed, literal, quoted, select

_CHECK = "__check"
REFUSED = "refused"
_PERIOD, _OUR_TIME = ("period_start", "period_end"), ("1900-01-01", "2199-12-31")
_REFUSED = (
    f"{quoted(FILE)} INTEGER, {quoted(LINE)} BIGINT, finding VARCHAR, reason VARCHAR, todo VARCHAR, ignored BOOLEAN"
)


@dataclass(frozen=True, kw_only=True)
class Routed:
    """The rows of one target: the table they are in, and whether its rows come once per source row."""

    target: Target
    table: str


@dataclass
class Routing:
    """Routes the rows of one source to the tables of the contract that its mapping names.

    Afterwards `refused` holds each source row that some target could not take, with the reason; such a
    row is in no target, so that a row is either wholly in or wholly out.
    """

    connection: duckdb.DuckDBPyConnection
    layout: Layout
    shaped: Shaped
    routed: list[Routed] = field(default_factory=list)

    @property
    def source(self) -> Source:
        """The source whose rows are routed."""
        return self.shaped.source

    @property
    def refused(self) -> str:
        """The table of refused rows."""
        return f"{self.source.id}.{REFUSED}"

    def route(self) -> None:
        """Fill one table a target, the table of refused rows, and leave one row a key in each target."""
        self.connection.execute(f"CREATE TABLE {quoted(self.refused)} ({_REFUSED})")
        self._refuse_by_rule()
        for place, target in enumerate(self.source.targets):
            self._take(place, target)
        if self.source.targets:
            self._refuse_unplaced()
        if has_rows(self.connection, self.refused):
            for routed in self.routed:
                self._withdraw_refused(routed)

    def _where(self, target: Target | None = None) -> str:
        return f"mapping {self.layout.name}, source {self.source.id}" + (f", {target.table.name}" if target else "")

    def _refuse(self, query: str) -> None:
        insert(self.connection, self.refused, query)

    def _refuse_by_rule(self) -> None:
        for place, rule in enumerate(self.source.quarantine):
            words = literal(rule.because)
            todo = literal("Put the row right in the source, or change the rule in the mapping.")
            row = [ROW, words, words, todo, "false"]
            self._refuse(select(row, quoted(self.shaped.ready), where=f"{OUT} IS NULL AND {BAD} = {place}"))

    def _take(self, place: int, target: Target) -> None:
        table = f"{self.source.id}.target{place}"
        binder = Binder(columns_of(self.connection, self.shaped.long), self.layout.recodes, self.source.locale)
        columns, checks = _bound_columns(target, binder)
        when = binder.bind(target.when, "when").tree if target.when else None
        tests = " ".join(f"WHEN {check.condition.sql(DIALECT)} THEN {i}" for i, check in enumerate(checks))
        mark = f"{f'CASE {tests} END' if tests else 'CAST(NULL AS INTEGER)'} AS {_CHECK}"
        with explained(self._where(target)):
            row = [ROW, *columns, mark]
            create(self.connection, table, select(row, quoted(self.shaped.long), where=when))
            failed = self.connection.execute(
                select([f"DISTINCT {_CHECK}"], quoted(table), where=f"{_CHECK} IS NOT NULL", order=_CHECK)
            ).fetchall()
            for (number,) in failed:
                self._refuse_failed(checks, number, when)
        self.routed.append(Routed(target=target, table=table))

    def _refuse_failed(self, checks: list[Check], number: int, when: exp.Expr | None) -> None:
        check = checks[number]
        before = [exp.not_(exp.Is(this=exp.paren(c.condition.copy()), expression=exp.true())) for c in checks[:number]]
        condition = exp.and_(check.condition, *before, *([when] if when is not None else []))
        ignored = "true" if check.ignored else "false"
        row: list[str | exp.Expr] = [ROW, check.finding, check.reason, literal(check.todo), ignored]
        self._refuse(select(row, quoted(self.shaped.long), where=condition))

    def _refuse_unplaced(self) -> None:
        """A row that no target's route takes is never defaulted: it is quarantined as one nobody can place."""
        if any(target.when is None for target in self.source.targets):
            return
        taken = " UNION ALL ".join(select([ROW], quoted(r.table)) for r in self.routed)
        words = literal("it cannot be placed: no target of the mapping takes it")
        todo = literal("Add a target for such rows, or a leave_out rule that says why they do not count.")
        row = [f"DISTINCT {ROW}", words, words, todo, "false"]
        self._refuse(select(row, quoted(self.shaped.long), where=f"({ROW}) NOT IN ({taken})"))

    def _withdraw_refused(self, routed: Routed) -> None:
        delete(self.connection, routed.table, f"({ROW}) IN ({select([ROW], quoted(self.refused))})")


def _bound_columns(target: Target, binder: Binder) -> tuple[list[str], list[Check]]:
    """Every column of the target's table as a typed expression, and the checks in the order of its columns."""
    columns: list[str] = []
    ignored: list[Check] = []
    checks: list[Check] = []
    for column in target.table.columns:
        if column.name not in target.columns:
            columns.append(f"CAST(NULL AS {column.type}) AS {quoted(column.name)}")
            continue
        label = f"{target.table.name}.{column.name}"
        bound = binder.bind(target.columns[column.name], label)
        tree, found = typed(bound.tree, column.type, label, binder.locale)
        columns.append(f"{tree.sql(DIALECT)} AS {quoted(column.name)}")
        ignored += [check for check in bound.checks if check.ignored]
        checks += [check for check in bound.checks if not check.ignored]
        checks += [*found, *_contract_checks(column, tree, label)]
        checks += [_in_time(tree, label)] if target.table.is_fact and column.name in _PERIOD else []
    return columns, ignored + checks


def _contract_checks(column: Column, tree: exp.Expr, label: str) -> list[Check]:
    checks = []
    if column.allowed:
        known = exp.In(this=tree.copy(), expressions=[exp.Literal.string(word) for word in column.allowed])
        words = f"is not one of {', '.join(column.allowed)}"
        checks.append(
            Check(
                condition=exp.and_(present(tree), exp.not_(known)),
                finding=quote_value(f"{label}:", tree, words),
                reason=quote_value(f"{label}:", tree, words),
                todo="Recode it in the mapping.",
            )
        )
    if column.required:
        blank = exp.Literal.string(f"{label} is blank")
        todo = "Fill it in the source; the row counts again at the next import."
        checks.append(Check(condition=absent(tree), finding=blank, reason=blank.copy(), todo=todo))
    return checks


def _in_time(tree: exp.Expr, label: str) -> Check:
    """Facts are of our time: a period in the year 0001 or 9999 is a slip, and would move every window with it."""
    low, high = (exp.cast(exp.Literal.string(day), "DATE") for day in _OUR_TIME)
    words = f"lies outside {_OUR_TIME[0][:4]} to {_OUR_TIME[1][:4]}"
    return Check(
        condition=exp.not_(exp.Between(this=tree.copy(), low=low, high=high)),
        finding=exp.Literal.string(f"{label}: a day {words}"),
        reason=quote_value(f"{label}:", tree, words),
        todo="Put the date right in the source.",
    )


def add_up(connection: duckdb.DuckDBPyConnection, table: Table, routed: str) -> None:
    """Make one row of those that say the same but for their numbers, with the numbers added up.

    The row bears the file and line of the first of them. A number that one of them lacks is that of the others.
    """
    measures = [column for column in table.columns if column.type in (COUNT, AMOUNT) and column.name not in table.key]
    added = {column.name for column in measures}
    alike = listed(quoted(name) for name in table.names if name not in added)
    first = f"min(struct_pack(f := {quoted(FILE)}, l := {quoted(LINE)})) AS __first"
    sums = [f"CAST(sum({quoted(each.name)}) AS {each.type}) AS {quoted(each.name)}" for each in measures]
    told = select([alike, first, *sums], quoted(routed), group=alike)
    own = [f"__first.f AS {quoted(FILE)}", f"__first.l AS {quoted(LINE)}", *map(quoted, table.names)]
    create(connection, routed, select(own, f"({told})"))


def settle_keys(connection: duckdb.DuckDBPyConnection, table: Table, routed: str, distinct: bool) -> tuple[int, int]:
    """Leave one row a key and tell how many rows went: those that said the same, those that said otherwise.

    Which of two different rows stays depends on what they say, never on their order, so that the same rows
    in any order give the same answer. Repeats are expected where reference rows are taken out of facts.
    """
    key = listed(quoted(name) for name in table.key)
    repeated = select(["1"], quoted(routed), group=f"{key} HAVING count(*) > 1 LIMIT 1")
    if not distinct and not connection.execute(repeated).fetchall():
        return 0, 0
    names = listed(quoted(name) for name in table.names)
    first = f"min(struct_pack(f := {quoted(FILE)}, l := {quoted(LINE)}))"
    told = select([names, f"{first} AS __first"], quoted(routed), group=names)
    own = [f"__first.f AS {quoted(FILE)}", f"__first.l AS {quoted(LINE)}", names]
    rows = count(connection, routed)
    create(connection, routed, select(own, f"({told})"))
    ways = count(connection, routed)
    if connection.execute(repeated).fetchall():
        one = f"row_number() OVER (PARTITION BY {key} ORDER BY {names}) = 1"
        create(connection, routed, select(["*"], quoted(routed), qualify=one))
    return rows - ways, ways - count(connection, routed)
