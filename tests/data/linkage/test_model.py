"""How likely two records are one person, on a town of 400 whose every name is known."""

from __future__ import annotations

from itertools import islice, product

import pytest

from data.linkage.model import Scored, scored
from data.linkage.record import Record, Told

FIRST = ("adam", "berta", "carla", "doris", "emil", "frida", "georg", "helga", "igor", "jutta")
HEADS, TAILS = ("ald", "bran", "cor", "dal", "fen", "gar", "hol", "ker"), ("inger", "owski", "abury", "escu", "ström")
PLACES = tuple((f"town {n}", ("ny", "ma", "pa", "ct")[n % 4], f"1{n:04d}") for n in range(20))
SPECIALTIES = ("cardiology", "endocrinology", "family medicine", "internal medicine")


def _town() -> list[Record]:
    """Four hundred persons with an NPI: forty surnames, ten first names, each pair of them once."""
    lasts = [head + tail for head, tail in product(HEADS, TAILS)]
    return [
        Record(key=f"H{n}", npi=f"1{n:09d}",
               told=frozenset({Told(first, last, SPECIALTIES[n % 4], *PLACES[n % 20])}))
        for n, (last, first) in enumerate(islice(product(lasts, FIRST), 400))
    ]  # fmt: skip


def _with(*said: Told) -> dict[tuple[str, str], Scored]:
    """The town and one record more, of nobody's number, that tells this."""
    found = scored([*_town(), Record(key="X", told=frozenset(said))])
    return {(each.one, each.other): each for each in found}


ADAM = Told("adam", "aldinger", "cardiology", *PLACES[0])  # H0


def test_the_same_words_are_the_same_person() -> None:
    found = _with(ADAM)
    best = found["H0", "X"]
    assert best.probability > 0.9 and best.against == ()
    assert best.because == "same last name; same first name; same ZIP; same specialty"
    assert all(each.probability < best.probability for key, each in found.items() if key != ("H0", "X"))


@pytest.mark.parametrize(
    ("said", "word", "against"),
    [
        (ADAM._replace(last="aldingre"), "last names a slip apart", ()),
        (ADAM._replace(last="aldinger gross"), "one last name is part of the other", ()),
        (ADAM._replace(first="a"), "an initial that fits", ()),
        (ADAM._replace(specialty=None), "same ZIP", ()),
        (ADAM._replace(specialty="family medicine"), "another specialty", ("specialty",)),
        (ADAM._replace(city="elsewhere", postcode="10999"), "same state", ()),
    ],
)
def test_how_they_agree_is_said_and_what_speaks_against_it(said: Told, word: str, against: tuple[str, ...]) -> None:
    found = _with(said)["H0", "X"]
    assert word in found.because.split("; ")
    assert found.against == against
    assert found.probability < _with(ADAM)["H0", "X"].probability


def test_a_letter_between_two_common_names_is_no_slip() -> None:
    """Carla and Carlo are two names where several bear each; where nobody else is called Carlo, it is a slip."""
    carlos = [
        Record(key=f"E{n}", npi=f"2{n:09d}", told=frozenset({Told("carlo", f"other{n}x", "cardiology", *PLACES[n])}))
        for n in range(5)
    ]
    said = Told("carlo", "aldinger", "family medicine", *PLACES[2])  # H2 is Carla Aldinger of Town 2
    both = {"H2", "X"}
    many = [*_town(), *carlos, Record(key="X", told=frozenset({said}))]
    assert not [each for each in scored(many) if {each.one, each.other} == both]
    once = [*_town(), Record(key="X", told=frozenset({said}))]
    assert ["slip" in each.because for each in scored(once) if {each.one, each.other} == both] == [True]


def test_nobody_is_compared_where_everybody_has_an_npi() -> None:
    assert scored(_town()) == []
    assert scored([]) == []


def test_the_order_of_records_changes_nothing() -> None:
    records = [*_town(), Record(key="X", told=frozenset({ADAM})), Record(key="Y", told=frozenset({ADAM}))]
    assert scored(records) == scored(records[::-1])
