"""A mapping is checked against the contract and against itself before any file is opened; errors have three parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.contract import CONTRACT
from data.errors import BadMapping
from data.expressions import FUNCTIONS
from data.mapping import (
    FILE_KEYS,
    JOIN_KEYS,
    MAPPINGS,
    SOURCE_KEYS,
    TARGET_KEYS,
    load_mapping,
    load_mappings,
    mapping_names,
    read_layout,
)
from data.people import PEOPLE
from data.staging import PREFIXES
from tests.data.handmade import ITEMS, mapping

JOIN = (
    '\n[source.join.names]\nsource = "items"\non = { practice = "month" }\ncolumns = { x = "items" }\n[[source.target]]'
)


def _problem(tmp_path: Path, toml: str) -> str:
    with pytest.raises(BadMapping) as problem:
        load_mapping(mapping(tmp_path, toml))
    assert problem.value.what
    assert problem.value.where.startswith("mapping items")
    assert problem.value.todo
    return str(problem.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('table = "outcome"', 'table = "outcom"', 'the contract has no table "outcom". Did you mean "outcome"?'),
        ('quantity = "items"', 'quantitty = "items"', 'key "quantitty" is unknown. Did you mean "quantity"?'),
        ("product = \"'p'\"\n", "", "outcome needs product. Add product = ... to its columns."),
        ('headers = ["practice", "month", "items"]', 'header = ["a"]', '"header" is not true or false'),
        (
            'headers = ["practice", "month", "items"]',
            'heders = ["a"]',
            'key "heders" is unknown. Did you mean "headers"?',
        ),
        (
            "LAST_DAY(",
            "LASTDAY(",
            '"lastday" in "LASTDAY(CAST(month AS DATE))" is not allowed. Did you mean "last_day"?',
        ),
        ('file = ["items*"]', 'file = ["items*"]\nkey = "x"', '"key" is not a list of texts'),
        ('quantity = "items"', 'quantity = "recode(chanel, items)"', 'no recode table "chanel"'),
        ('quantity = "items"', 'quantity = "(SELECT 1)"', "is not allowed"),
        ('quantity = "items"', 'quantity = "count(*)"', "is not allowed"),
        ('quantity = "items"', "quantity = \"read_csv('x')\"", "is not allowed"),
        ('quantity = "items"', 'quantity = "1; DROP TABLE x"', "is not one expression"),
        ('quantity = "items"', 'quantity = "items +"', "cannot be read"),
        ('quantity = "items"', 'quantity = "other.items"', '"other.items" names a table'),
        ('file = ["items*"]\nheaders = ["practice", "month", "items"]', "", "nothing tells its files"),
        ('headers = ["practice", "month", "items"]', "header = false", "no header row and no names"),
        ('headers = ["practice", "month", "items"]', 'version = "items"', "version needs key"),
        ("[[source.target]]", JOIN.replace('"items"\non', '"itemz"\non'), 'no source "itemz". Did you mean "items"?'),
        ("[[source.target]]", JOIN.replace("columns = {", "exists = 'y'\ncolumns = {"), "either columns or exists"),
        ("[[source.target]]", JOIN.replace("columns = {", "duplicates = 'last'\ncolumns = {"), 'duplicates "last"'),
        ("[[source.target]]", '[source.unpivot]\npattern = "Wk(\\\\d+)"\n[[source.target]]', "has no group n"),
        ("[[source.target]]", '[source.unpivot]\npattern = "Wk("\n[[source.target]]', "cannot be read"),
        ("[[source.target]]", '[source.coverage]\ngrain = "day"\n[[source.target]]', None),
        ("[[source.target]]", '[source.coverage]\ngrain = "days"\n[[source.target]]', 'grain "days" is unknown'),
        ('name = "items"\n', 'name = "items"\nnot_used = [{ file = "x" }]\n', '"because" is missing'),
        ('name = "items"\n', 'name = "items"\nmeasures = 1\n', 'key "measures" is unknown'),
    ],
)
def test_what_is_wrong_where_and_what_to_do(tmp_path: Path, old: str, new: str, words: str | None) -> None:
    assert old in ITEMS
    toml = ITEMS.replace(old, new, 1)
    if words is None:
        assert load_mapping(mapping(tmp_path, toml)).sources[0].grain == "day"
    else:
        assert words in _problem(tmp_path, toml)


def test_lookups_never_lead_in_a_circle(tmp_path: Path) -> None:
    def source(name: str, other: str) -> str:
        join = f'[source.join.j]\nsource = "{other}"\non = {{ a = "a" }}\ncolumns = {{ b = "b" }}\n'
        return f'[[source]]\nid = "{name}"\nheaders = ["a"]\n{join}'

    toml = 'name = "items"\n' + source("one", "two") + source("two", "one")
    assert "joins lead in a circle: one > two > one" in _problem(tmp_path, toml)


def test_two_sources_of_one_name_are_refused(tmp_path: Path) -> None:
    assert 'two sources are called "items"' in _problem(tmp_path, ITEMS + ITEMS.split("\n", 2)[2])


def test_literal_rows_are_checked_too(tmp_path: Path) -> None:
    rows = '[[reference]]\ntable = "product"\nrows = [{ product = "p", name = "P" }]\n'
    assert "product needs own" in _problem(tmp_path, ITEMS + rows)
    assert 'key "nam" is unknown. Did you mean "name"?' in _problem(tmp_path, ITEMS + rows.replace(" name", " nam"))


def test_a_mapping_that_does_not_exist_is_named_with_a_guess() -> None:
    with pytest.raises(BadMapping, match=r'there is no mapping "englund"\. Did you mean "england"'):
        load_mapping("englund")


def test_a_file_that_is_no_toml_is_said(tmp_path: Path) -> None:
    path = tmp_path / "items.toml"
    path.write_text("name = ", encoding="utf-8")
    with pytest.raises(BadMapping, match="it cannot be read"):
        load_mapping(path)


def test_a_mapping_is_called_like_its_file(tmp_path: Path) -> None:
    path = tmp_path / "other.toml"
    path.write_text(ITEMS, encoding="utf-8")
    with pytest.raises(BadMapping, match='it calls itself "items"'):
        load_mapping(path)


def test_the_language_is_written_down_whole() -> None:
    page = (MAPPINGS / "README.md").read_text(encoding="utf-8")
    words = [*FILE_KEYS, *SOURCE_KEYS, *JOIN_KEYS, *TARGET_KEYS, *PEOPLE.names, *PREFIXES, "code:"]
    assert [word for word in words if f"`{word}`" not in page and f"`{word} " not in page] == []
    assert [name for name in FUNCTIONS if f"`{name}`" not in page and f"`{name}(" not in page] == []


def test_every_mapping_of_the_product_reads_and_tells_what_it_reads() -> None:
    assert mapping_names()
    for layout in load_mappings():
        assert layout.title != layout.name
        for source in layout.sources:
            assert source.files or source.headers, f"{layout.name}.{source.id}"
        for target in (target for source in layout.sources for target in source.targets):
            assert target.table.name == "people" or target.table.name in CONTRACT


@pytest.mark.parametrize("key", ["npi", "day || '-' || npi", "upper(staff_id)"])
def test_a_text_made_of_whoever_the_row_is_about_is_refused(key: str) -> None:
    columns = {
        "interaction": "visit", "call_id": key, "party": "'npi:' || npi", "actor": "'user:' || staff_id",
        "period_start": "CAST(day AS DATE)", "period_end": "CAST(day AS DATE)", "quantity": "1",
    }  # fmt: skip
    target = {"table": "interaction", "columns": columns}
    declared = {"name": "m", "source": [{"id": "s", "file": ["s*"], "headers": ["visit"], "target": [target]}]}
    with pytest.raises(BadMapping, match="call_id is made of"):
        read_layout(declared, "m")
    columns["call_id"] = "visit || '-' || day"
    assert read_layout(declared, "m").sources
