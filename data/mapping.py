"""Read a mapping (a TOML file, no code) and check it against the contract before any file is opened."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from data import toml_text
from data.consistency import check_joins, check_source, check_value
from data.contract import CONTRACT, Table
from data.conversions import Recode
from data.declared import Section, as_text
from data.deriving import whole, with_called
from data.errors import BadMapping, guess_or_list
from data.expressions import Expression, parse
from data.layout import Join, Layout, NotUsed, Number, Rule, Source, Target, Unpivot
from data.locales import DATE_ORDERS, DECIMALS, Locale
from data.opaque_keys import check_no_person_in_texts
from data.people import PEOPLE

MAPPINGS = Path(__file__).parent / "mappings"
TARGETS: dict[str, Table] = {**{n: t for n, t in CONTRACT.items() if n != "coverage"}, PEOPLE.name: PEOPLE}

FILE_KEYS = (
    "name", "title", "published", "dates", "decimal", "derive", "rename", "without", "called", "not_used", "source",
    "recode", "reference",
)  # fmt: skip
SOURCE_KEYS = (
    "id", "file", "headers", "optional", "sheet", "skip_rows", "header", "names", "columns_by_position", "called",
    "fill_down", "delimiter", "quote", "encoding", "dates", "decimal", "constants", "from_name", "key", "version",
    "number", "leave_out", "quarantine", "join", "unpivot", "target", "coverage",
)  # fmt: skip
JOIN_KEYS = ("source", "on", "columns", "where", "duplicates", "exists")
TARGET_KEYS = ("table", "when", "distinct", "sums", "columns")


def mapping_names() -> tuple[str, ...]:
    """The layouts that come with the product, by name."""
    return tuple(sorted(path.stem for path in MAPPINGS.glob("*.toml")))


def load_mapping(name: str | Path) -> Layout:
    """A mapping by its name, or from a TOML file of one's own. Raises BadMapping with what, where, what to do."""
    path = Path(name) if Path(name).suffix == ".toml" else _shipped(str(name))
    return _once(path, path.stat().st_mtime_ns) if path.parent == MAPPINGS else read_layout(_parsed(path), path.stem)


@lru_cache(maxsize=128)
def _once(path: Path, changed: int) -> Layout:
    return read_layout(_parsed(path), path.stem)


def _shipped(name: str) -> Path:
    if name not in mapping_names():
        raise BadMapping(f'there is no mapping "{name}"', todo=guess_or_list(name, mapping_names()))
    return MAPPINGS / f"{name}.toml"


def _parsed(path: Path) -> dict[str, Any]:
    return toml_text.read(path, f"mapping {path.name}", "Write it as TOML.", BadMapping)


def load_mappings(own: Path | None = None) -> tuple[Layout, ...]:
    """Every mapping that comes with the product, and those in a company's own folder; of one name, its own counts."""
    found = {name: MAPPINGS / f"{name}.toml" for name in mapping_names()}
    try:
        found |= {path.stem: path for path in sorted(own.glob("*.toml"))} if own and own.is_dir() else {}
    except OSError as problem:
        words, todo = f"it cannot be read: {problem.strerror}", "Give yourself the right to read it."
        raise BadMapping(words, where="the folder of own mappings", todo=todo) from problem
    return tuple(load_mapping(path) for _, path in sorted(found.items()))


def read_layout(declared: Mapping[str, Any], name: str) -> Layout:
    """A layout from parsed TOML; everything it names is checked against the contract and against itself."""
    where = f"mapping {name}"
    Section(declared, where, FILE_KEYS)
    top = Section(whole(declared, where, lambda base: _parsed(_shipped(base))), where, FILE_KEYS)
    if top.text("name") != name:
        raise BadMapping(f'it calls itself "{top.text("name")}"', where=where, todo="Name it like its file.")
    recodes = {key: _recode(key, value, where) for key, value in top.table("recode").items()}
    usual = {key: top.values[key] for key in ("dates", "decimal") if key in top.values}
    items = with_called(top.tables("source"), top.table("called"), f"{where}, called")
    sources = tuple(_source({**usual, **item}, where, recodes) for item in items)
    layout = Layout(
        name=name,
        title=top.text("title") or name,
        published=top.flag("published"),
        recodes=recodes,
        sources=sources,
        not_used=tuple(_not_used(item, where) for item in top.tables("not_used")),
        reference=tuple(_reference(item, where) for item in top.tables("reference")),
    )
    check_joins(layout, where)
    return layout


def _recode(name: str, values: Any, where: str) -> Recode:
    section = Section(values, f"{where}, recode.{name}", values if isinstance(values, Mapping) else ())
    words = {code: as_text(word) for code, word in section.values.items() if code not in ("ignore", "*")}
    ignored = section.texts("ignore")
    both = [code for code in ignored if code in words]
    if both:
        raise BadMapping(f'"{both[0]}" has a word and is ignored', where=section.where, todo="Take one of them away.")
    return Recode(name=name, words=words, ignore=ignored, default=section.text("*"))


def _not_used(item: Mapping[str, Any], where: str) -> NotUsed:
    section = Section(item, f"{where}, not_used", ("file", "because"))
    return NotUsed(glob=section.needed("file"), because=section.needed("because"))


def _reference(item: Mapping[str, Any], where: str) -> tuple[Table, tuple[Mapping[str, str], ...]]:
    section = Section(item, f"{where}, reference", ("table", "rows"))
    table = _table(section.needed("table"), section.where)
    here = f"{where}, reference {table.name}"
    rows = []
    for row in section.tables("rows"):
        Section(row, here, table.names)
        _check_required(table, row, here)
        rows.append({key: as_text(value) for key, value in row.items()})
        for key, value in rows[-1].items():
            check_value(table.column(key), value, here)
    return table, tuple(rows)


def _table(name: str, where: str) -> Table:
    if name not in TARGETS:
        raise BadMapping(f'the contract has no table "{name}"', where=where, todo=guess_or_list(name, TARGETS))
    return TARGETS[name]


def _check_required(table: Table, given: Mapping[str, Any], where: str) -> None:
    missing = [column.name for column in table.columns if column.required and column.name not in given]
    if missing:
        raise BadMapping(
            f"{table.name} needs {', '.join(missing)}", where=where, todo=f"Add {missing[0]} = ... to its columns."
        )


def _source(item: Mapping[str, Any], where: str, recodes: Mapping[str, Recode]) -> Source:
    section = Section(item, where, SOURCE_KEYS)
    here = f"{where}, source {section.needed('id')}"
    section.where = here
    coverage = Section(section.table("coverage"), f"{here}, coverage", ("grain", "absent"))
    source = Source(
        id=section.needed("id"),
        files=section.texts("file"),
        headers=section.texts("headers"),
        optional=section.texts("optional"),
        sheet=section.text("sheet"),
        skip_rows=section.whole("skip_rows"),
        header=section.flag("header", True),
        names=section.texts("names"),
        positions=section.pairs("columns_by_position"),
        called=section.pairs("called"),
        fill_down=section.texts("fill_down"),
        delimiter=section.text("delimiter"),
        quote=section.text("quote"),
        encoding=section.text("encoding"),
        locale=Locale(
            dates=_one_of(section, "dates", tuple(DATE_ORDERS)), decimal=_one_of(section, "decimal", DECIMALS)
        ),
        from_name=section.pattern("from_name"),
        constants=section.pairs("constants"),
        key=section.texts("key"),
        version=parse(section.needed("version"), here, recodes) if "version" in section.values else None,
        number=_number(section.table("number"), here),
        joins=tuple(_join(n, j, here, recodes) for n, j in section.table("join").items()),
        leave_out=_rules(section, "leave_out", recodes),
        quarantine=_rules(section, "quarantine", recodes),
        unpivot=_unpivot(section.table("unpivot"), here),
        targets=tuple(_target(t, here, recodes) for t in section.tables("target")),
        grain=_one_of(coverage, "grain", CONTRACT["coverage"].column("grain").allowed),
        absent=_one_of(coverage, "absent", CONTRACT["coverage"].column("absent").allowed),
    )
    check_source(source, here)
    return source


def _one_of(section: Section, key: str, allowed: tuple[str, ...]) -> str | None:
    value = section.text(key)
    if value is not None and value not in allowed:
        raise BadMapping(f'{key} "{value}" is unknown', where=section.where, todo=f"Use one of {', '.join(allowed)}.")
    return value


def _rules(section: Section, key: str, recodes: Mapping[str, Recode]) -> tuple[Rule, ...]:
    rules = []
    for item in section.tables(key):
        rule = Section(item, f"{section.where}, {key}", ("when", "because"))
        rules.append(Rule(when=parse(rule.needed("when"), rule.where, recodes), because=rule.needed("because")))
    return tuple(rules)


def _join(name: str, item: Any, where: str, recodes: Mapping[str, Recode]) -> Join:
    section = Section(item, f"{where}, join {name}", JOIN_KEYS)

    def read(text: str) -> Expression:
        return parse(text, section.where, recodes)

    join = Join(
        name=name,
        source=section.needed("source"),
        on=tuple((read(here), read(there)) for here, there in section.pairs("on").items()),
        columns={new: read(there) for new, there in section.pairs("columns").items()},
        where=read(section.needed("where")) if "where" in section.values else None,
        first=_one_of(section, "duplicates", ("first",)) == "first",
        exists=section.text("exists"),
    )
    if not join.on or bool(join.columns) == bool(join.exists):
        raise BadMapping("it needs on, and either columns or exists", where=section.where, todo="See the other joins.")
    return join


def _number(item: Mapping[str, Any], where: str) -> Number | None:
    if not item:
        return None
    section = Section(item, f"{where}, number", ("name", "within"))
    return Number(name=section.needed("name"), within=section.texts("within"))


def _unpivot(item: Mapping[str, Any], where: str) -> Unpivot | None:
    if not item:
        return None
    section = Section(item, f"{where}, unpivot", ("pattern",))
    pattern = section.pattern("pattern") or section.needed("pattern")
    if "n" not in re.compile(pattern).groupindex:
        raise BadMapping(f'pattern "{pattern}" has no group n', where=section.where, todo="Name the number (?P<n>...).")
    return Unpivot(pattern=pattern)


def _target(item: Mapping[str, Any], where: str, recodes: Mapping[str, Recode]) -> Target:
    section = Section(item, f"{where}, target", TARGET_KEYS)
    table = _table(section.needed("table"), section.where)
    here = f"{where}, {table.name}"
    given = Section(section.table("columns"), here, table.names)
    columns = {name: parse(given.needed(name), f"{here}.{name}", recodes) for name in given.values}
    _check_required(table, columns, here)
    check_no_person_in_texts(table, columns, here)
    when = parse(section.needed("when"), f"{here}, when", recodes) if "when" in section.values else None
    distinct, sums = section.flag("distinct"), section.flag("sums")
    if sums and (distinct or not table.is_fact):
        todo = "Facts alone add up; take sums = true away, or distinct = true."
        raise BadMapping(f"rows of {table.name} cannot be added up here", where=here, todo=todo)
    return Target(table=table, columns=columns, when=when, distinct=distinct, sums=sums)
