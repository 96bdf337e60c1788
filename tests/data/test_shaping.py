"""Rows of one kind are numbered in the order of their files, so that a source without ids has some."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import BadInput
from tests.data.handmade import check, imported, staged

SITES = """
name = "sites"
[[source]]
id = "sites"
file = ["sites*"]
headers = ["Study", "City"]
number = { name = "place", within = ["Study"] }
leave_out = [{ when = "City = 'Nowhere'", because = "it is no place" }]
[[source.target]]
table = "site"
[source.target.columns]
site = "'code:' || Study || '-' || place"
study = "Study"
country = "City"
"""
ROWS = "Study,City\nS1,Oslo\nS2,Rome\nS1,Oslo\nS1,Nowhere\nS1,Bonn\n"


def test_rows_that_say_the_same_are_told_apart_by_their_number(tmp_path: Path) -> None:
    workspace = imported(tmp_path, SITES, {"sites.csv": ROWS})
    assert staged(workspace, "site", "site, country") == [
        ("code:S1-1", "Oslo"),
        ("code:S1-2", "Oslo"),
        ("code:S1-4", "Bonn"),
        ("code:S2-1", "Rome"),
    ]


def test_a_number_goes_on_in_the_next_file_and_counts_all_rows_where_nothing_is_named(tmp_path: Path) -> None:
    toml = SITES.replace(', within = ["Study"]', "")
    workspace = imported(tmp_path, toml, {"sites_1.csv": ROWS, "sites_2.csv": "Study,City\nS1,Bari\n"})
    found = [site for (site,) in staged(workspace, "site", "site")]
    assert found == ["code:S1-1", "code:S1-3", "code:S1-5", "code:S1-6", "code:S2-2"]


def test_a_number_within_a_column_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="column Studdy is missing") as problem:
        check(tmp_path, SITES.replace('within = ["Study"]', 'within = ["Studdy"]'), {"sites.csv": ROWS})
    assert 'Did you mean "Study"' in str(problem.value)
