"""What a mapping declares about a foreign layout: its sources, their joins and rules, and where their rows go."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from data.contract import Table
from data.conversions import Recode
from data.expressions import Expression
from data.locales import PLAIN, Locale


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Rows for which `when` holds are left out, or quarantined, because of a reason in words."""

    when: Expression
    because: str


# The table of names, its columns that tell who somebody is, and how an id of a person begins in any other.
_NAMES, _WHO = "people", ("ref", "npi", "me", "crm", "name", "first_name", "last_name")
_PREFIXES = ("npi:", "me:", "crm:", "user:")


@dataclass(frozen=True, kw_only=True)
class Join:
    """Columns looked up in another source of the same layout; never more than one row found per row.

    `on` pairs what is compared here with what is compared there; `columns` gives a new name here to what is
    taken there. With `exists` the join only tells, in a true-or-false column, whether anything was found.
    """

    name: str
    source: str
    on: tuple[tuple[Expression, Expression], ...]
    columns: Mapping[str, Expression]
    where: Expression | None = None
    first: bool = False
    exists: str | None = None

    @property
    def adds(self) -> tuple[str, ...]:
        """The columns the join adds."""
        return (self.exists,) if self.exists else tuple(self.columns)

    @property
    def asks_here(self) -> tuple[str, ...]:
        """The columns it needs of the rows that look something up."""
        return tuple(name for here, _ in self.on for name in here.columns)

    @property
    def asks_there(self) -> tuple[str, ...]:
        """The columns it needs of the source that is looked up."""
        there = [expression for _, expression in self.on] + list(self.columns.values())
        return tuple(name for e in [*there, *([self.where] if self.where else [])] for name in e.columns)


@dataclass(frozen=True, kw_only=True)
class Number:
    """A column that counts the rows in the order of their files, anew for each combination of `within`."""

    name: str
    within: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Unpivot:
    """Wide columns whose names hold a number (TRx_Wk01 ...): one long row a number, a column a measure."""

    pattern: str


@dataclass(frozen=True, kw_only=True)
class Target:
    """A canonical table that rows of a source feed, and how each of its columns comes about.

    `distinct` takes reference rows out of facts; `sums` adds up rows of one key, each a part of its number.
    """

    table: Table
    columns: Mapping[str, Expression]
    when: Expression | None = None
    distinct: bool = False
    sums: bool = False


@dataclass(frozen=True, kw_only=True)
class Source:
    """One kind of file of a layout: how it is recognised, how it is read, and where its rows go."""

    id: str
    files: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    sheet: str | None = None
    skip_rows: int = 0
    header: bool = True
    names: tuple[str, ...] = ()
    positions: Mapping[str, str] = field(default_factory=dict)
    called: Mapping[str, str] = field(default_factory=dict)
    fill_down: tuple[str, ...] = ()
    delimiter: str | None = None
    quote: str | None = None
    encoding: str | None = None
    locale: Locale = PLAIN
    from_name: str | None = None
    constants: Mapping[str, str] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    version: Expression | None = None
    number: Number | None = None
    joins: tuple[Join, ...] = ()
    leave_out: tuple[Rule, ...] = ()
    quarantine: tuple[Rule, ...] = ()
    unpivot: Unpivot | None = None
    targets: tuple[Target, ...] = ()
    grain: str | None = None
    absent: str | None = None

    @property
    def of_persons(self) -> frozenset[str]:
        """The columns by which it says who somebody is: what they hold is never said in a finding."""
        found: set[str] = set()
        for target in self.targets:
            for name, expression in target.columns.items():
                names = target.table.name == _NAMES and name in _WHO
                if names or any(prefix in expression.text for prefix in _PREFIXES):
                    found.update(expression.columns)
        return frozenset(found)

    @property
    def positional(self) -> bool:
        """Whether columns are found by place, so that only the file's name can tell what it is."""
        return not self.header or bool(self.positions)

    def told_by_name(self, name: str) -> dict[str, str | None]:
        """The columns that the file's name tells, by the groups of a pattern; blank where it does not fit."""
        if self.from_name is None:
            return {}
        pattern = re.compile(self.from_name, re.IGNORECASE)
        found = pattern.search(name)
        return dict(found.groupdict()) if found else dict.fromkeys(pattern.groupindex)

    def names_file(self, name: str) -> bool:
        """Whether the file's name fits one of the source's globs, in any case."""
        return any(fnmatchcase(name.casefold(), glob.casefold()) for glob in self.files)

    def asked(self) -> tuple[str, ...]:
        """The names its own expressions, joins, keys and rules ask of a row."""
        expressions = [rule.when for rule in (*self.leave_out, *self.quarantine)]
        expressions += [self.version] if self.version else []
        for target in self.targets:
            expressions += [*target.columns.values(), *([target.when] if target.when else [])]
        names = [name for expression in expressions for name in expression.columns]
        names += [*self.key, *self.fill_down, *(self.number.within if self.number else ())]
        for join in self.joins:
            names += join.asks_here
        return tuple(dict.fromkeys(names))


@dataclass(frozen=True, kw_only=True)
class NotUsed:
    """Files that belong to the layout and are not read, with the reason."""

    glob: str
    because: str

    def names_file(self, name: str) -> bool:
        """Whether the file's name fits, in any case."""
        return fnmatchcase(name.casefold(), self.glob.casefold())


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A whole mapping: one system's way of writing its exports, and what it means in our words."""

    name: str
    title: str
    sources: tuple[Source, ...]
    recodes: Mapping[str, Recode]
    not_used: tuple[NotUsed, ...] = ()
    published: bool = False
    reference: tuple[tuple[Table, tuple[Mapping[str, str], ...]], ...] = ()

    def source(self, id: str) -> Source:
        """The source of that id; the mapping was checked to have it."""
        return next(source for source in self.sources if source.id == id)
