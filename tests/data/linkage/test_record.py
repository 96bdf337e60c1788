"""A person's record made comparable: titles, accents, order and punctuation say nothing about whose it is."""

from __future__ import annotations

import pytest

from data.linkage.record import Record, Told, told


@pytest.mark.parametrize("name", ["Ann Doe", "Dr. Ann Doe, MD", "DOE, Ann", "Doe, Dr. Ann", "Ann Q. Doe", "Änn Dóe"])
def test_one_name_however_it_is_written(name: str) -> None:
    assert told(name, None, None, None, None, None, None) == Told("ann", "doe")


def test_own_columns_come_before_the_whole_name() -> None:
    found = told("Doe Ann", "Ann Marie", "O'Doe-Smith", "Internal  Medicine", "St. Paul", "MD", "02114-1234")
    assert found == Told("ann", "odoe smith", "internal medicine", "st paul", "md", "02114")


@pytest.mark.parametrize("name", [None, "", "Doe", "Dr. Doe", "Dr. MD"])
def test_without_both_names_there_is_nothing_to_compare(name: str | None) -> None:
    assert told(name, None, None, "Cardiology", "Boston", "MA", "02114") is None


def test_an_npi_says_more_than_an_me_number() -> None:
    order = [Record(key="a", npi="1", me="2"), Record(key="b", npi="1"), Record(key="c", me="2"), Record(key="d")]
    assert [each.fullest for each in order] == [3, 2, 1, 0]
