"""A mapping made from another one: renamed by a rule, with sources replaced or dropped and words added."""

from __future__ import annotations

from pathlib import Path

import pytest

import data.mapping
from data.errors import BadMapping
from data.mapping import load_mapping
from tests.data.handmade import ITEMS, check, mapping, staged
from tests.data.handmade import imported as imported_by

BASE = (
    ITEMS.replace("product = \"'p'\"", 'product = "recode(product, Drug_x)"').replace(
        '"items"]\n[[source.target]]',
        '"items", "Drug_x"]\nleave_out = [{ when = "items = \'None_x\'", because = "None_x" }]\n[[source.target]]',
    )
    + '[recode.product]\nOne_x = "one"\n'
)
CHILD = """
name = "child"
derive = "items"
rename = [
  { pattern = '\\b(\\w+)_x\\b', to = '\\1__V', lower = true },
  { pattern = '\\bitems\\b', to = 'pieces', source = "items" },
]
[recode.product]
Two = "two"
"*" = "*"
"""


@pytest.fixture(autouse=True)
def _base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mapping(tmp_path / "shipped", BASE)
    monkeypatch.setattr(data.mapping, "MAPPINGS", tmp_path / "shipped")


def test_names_and_codes_follow_the_rule_and_words_are_added(tmp_path: Path) -> None:
    rows = "practice,month,pieces,drug__v\nA,2024-01-01,1,one__v\nB,2024-01-01,2,Two\n"
    rows += "C,2024-01-01,3,Four\nD,2024-01-01,none__v,Two\n"
    workspace = imported_by(tmp_path, CHILD, {"pieces.csv": rows})
    assert staged(workspace, "outcome", "subject, product, CAST(quantity AS INTEGER)") == [
        ("code:A", "one", 1),
        ("code:B", "two", 2),
        ("code:C", "Four", 3),
    ]
    (account,) = check(tmp_path, CHILD, {}).accounts
    assert account.left_out == {"None_x": 1}, "words for people stay as they are"


def test_a_source_takes_the_place_of_its_namesake_and_others_are_dropped(tmp_path: Path) -> None:
    child = 'name = "child"\nderive = "items"\nwithout = ["items"]\n' + ITEMS.split('"items"\n', 1)[1]
    assert load_mapping(mapping(tmp_path, child)).source("items").headers == ("practice", "month", "items")
    more = 'name = "child"\nderive = "items"\n' + ITEMS.split('"items"\n', 1)[1].replace('id = "items"', 'id = "more"')
    assert [source.id for source in load_mapping(mapping(tmp_path, more)).sources] == ["items", "more"]


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ('name = "child"\nderive = "itms"\n', 'there is no mapping "itms". Did you mean "items"'),
        ('name = "child"\nderive = 3\n', "derive is not the name of a mapping"),
        ('name = "child"\nderive = "items"\nwithout = ["itms"]\n', 'no source "itms" to go without. Did you mean'),
        ('name = "child"\nderive = "items"\nrename = [{ pattern = "(" }]\n', 'pattern "\\(" cannot be read'),
        ('name = "child"\nderive = "items"\nrename = [{ patern = "x" }]\n', 'key "patern" is unknown'),
        ('name = "child"\nderive = "items"\nrename = 3\n', '"rename" is not a list'),
        ('name = "child"\nderive = "items"\ndates = "YDM"\n', 'dates "YDM" is unknown. Use one of DMY, MDY, YMD'),
    ],
)
def test_what_cannot_be_derived_is_said(tmp_path: Path, toml: str, says: str) -> None:
    with pytest.raises(BadMapping, match=says):
        load_mapping(mapping(tmp_path, toml))


def test_a_circle_is_said(tmp_path: Path) -> None:
    mapping(tmp_path / "shipped", 'name = "a"\nderive = "b"\n')
    mapping(tmp_path / "shipped", 'name = "b"\nderive = "a"\n')
    with pytest.raises(BadMapping, match="derive leads in a circle"):
        load_mapping("a")
