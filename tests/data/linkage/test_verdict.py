"""Who is joined, who waits, who never is: on pairs whose likelihood the test itself says."""

from __future__ import annotations

from itertools import permutations

from data.linkage.model import Scored
from data.linkage.record import Record
from data.linkage.verdict import JOIN, Verdict, judged, pair_id

GOOD = {"last": 0, "first": 0, "place": 0, "specialty": 0}


def _pair(one: str, other: str, probability: float = 0.999, **levels: int) -> Scored:
    return Scored(one=one, other=other, probability=probability, levels={**GOOD, **levels})


def _fates(found: Verdict) -> dict[str, str]:
    return {f"{each.one}-{each.other}": each.fate for each in found.links}


ANN, BOB = Record(key="A", npi="1"), Record(key="B", npi="2")
X, Y = Record(key="X"), Record(key="Y")


def test_one_that_fits_one_alone_is_joined() -> None:
    found = judged([ANN, X], [_pair("A", "X")], {})
    assert _fates(found) == {"X-A": "joined"}
    assert found.belongs == {"X": "A"}


def test_what_is_less_likely_or_spoken_against_waits() -> None:
    for pair in (_pair("A", "X", JOIN - 0.001), _pair("A", "X", specialty=1), _pair("A", "X", place=3)):
        found = judged([ANN, X], [pair], {})
        assert _fates(found) == {"X-A": "review"} and found.belongs == {}


def test_one_that_fits_two_waits_for_a_steward() -> None:
    found = judged([ANN, BOB, X], [_pair("A", "X"), _pair("B", "X", 0.4)], {})
    assert _fates(found) == {"X-A": "review", "X-B": "review"}
    assert "more than one person fits" in found.links[0].because
    found = judged([ANN, BOB, X], [_pair("A", "X"), _pair("B", "X", 0.4)], {pair_id("A", "X"): "accepted"})
    assert found.belongs == {"X": "A"}


def test_two_records_of_one_person_are_joined_to_it_both() -> None:
    pairs = [_pair("A", "X"), _pair("A", "Y"), _pair("X", "Y")]
    assert judged([ANN, X, Y], pairs, {}).belongs == {"X": "A", "Y": "A"}
    # An initial that fits John and Jane alike brings the two not together.
    john, jane, initial = Record(key="P"), Record(key="Q"), Record(key="J")
    assert judged([john, jane, initial], [_pair("J", "P"), _pair("J", "Q")], {}).belongs == {}


def test_two_npis_are_two_persons_whatever_a_steward_says() -> None:
    pairs = [_pair("A", "X"), _pair("X", "Y"), _pair("B", "Y")]
    decided = {pair_id(each.one, each.other): "accepted" for each in pairs}
    for order in permutations(pairs):
        found = judged([ANN, BOB, X, Y], order, decided)
        joined = {frozenset({key, head}) for key, head in found.belongs.items()}
        assert frozenset({"A", "B"}) not in joined and len({found.belongs.get(key) for key in "AB"}) == 1
        assert sorted(each.fate for each in found.links) == ["accepted", "accepted", "apart"]


def test_two_medical_education_numbers_are_two_persons() -> None:
    found = judged([Record(key="A", npi="1", me="7"), Record(key="X", me="8")], [_pair("A", "X")], {})
    assert _fates(found) == {"X-A": "apart"} and found.belongs == {}


def test_who_is_told_apart_stays_apart_by_every_way() -> None:
    pairs = [_pair("A", "X"), _pair("A", "Y"), _pair("X", "Y")]
    found = judged([ANN, X, Y], pairs, {pair_id("A", "X"): "refused"})
    assert "X" not in found.belongs or found.belongs["X"] != "A"
    groups = {key: found.belongs.get(key, key) for key in "AXY"}
    assert groups["A"] != groups["X"]


def test_a_pair_is_called_the_same_either_way_round() -> None:
    assert pair_id("A", "B") == pair_id("B", "A") != pair_id("A", "C")
