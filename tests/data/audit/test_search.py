"""Lines are found by person, product, place and time."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from data.audit.search import Sought, count, latest, lines, stream
from data.ledger import Ledger
from data.workspace import Workspace
from tests.data.audit.ledgers import LINE, another_process


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory):
    another_process()
    ledger = Ledger(Workspace.create(tmp_path_factory.mktemp("search") / "home"))
    told = [
        {"who": "a", "product": "ours", "place": ("SM", "SM_N"), "at": datetime(2026, 11, 1, 23, 59, 59)},
        {"who": "b", "product": "ours", "place": ("SM", "SM_N", "SM_N1"), "at": datetime(2026, 11, 2)},
        {"who": "b", "product": "theirs", "place": ("SM", "SM_S"), "did": "view_hcp", "object": "party-7"},
        {"who": "c", "did": "view_as", "object": "a", "reason": "access_question", "place": ()},
        {"who": "c", "acting_as": "a", "acting_role": "rep", "place": ("SM", "SMXN"), "product": None},
    ]
    for each in told:
        ledger.write_audit(**{**LINE, "at": datetime(2026, 11, 5, 12), **each})
    return ledger.store


@pytest.mark.parametrize(
    ("sought", "ids"),
    [
        (Sought(), [1, 2, 3, 4, 5]),
        (Sought(persons=("a",)), [1, 4, 5]),
        (Sought(persons=("party-7",)), [3]),
        (Sought(product="ours"), [1, 2, 4]),
        (Sought(place="SM_N"), [1, 2]),
        (Sought(place="SM"), [1, 2, 3, 5]),
        (Sought(place="SM", hierarchy="medical"), []),
        (Sought(place="%"), []),
        (Sought(first=date(2026, 11, 2)), [2, 3, 4, 5]),
        (Sought(last=date(2026, 11, 1)), [1]),
        (Sought(first=date(2026, 11, 2), last=date(2026, 11, 4)), [2]),
        (Sought(did=("view_as",)), [4]),
        (Sought(persons=("b",), product="theirs"), [3]),
    ],
)
def test_what_is_named_narrows(store, sought: Sought, ids: list[int]) -> None:
    assert [line.id for line in lines(store, sought)] == ids
    assert [line.id for line in stream(store, sought)] == ids
    assert count(store, sought) == len(ids)


def test_pages_go_back_from_the_newest(store) -> None:
    assert [line.id for line in lines(store, Sought(), limit=2, newest=True)] == [5, 4]
    assert [line.id for line in lines(store, Sought(), limit=2, skip=4, newest=True)] == [1]


def test_the_last_line_of_a_doing_is_found(store) -> None:
    last = latest(store, ("view_as", "view_as_end"), "c")
    assert last is not None
    assert (last.id, last.reason) == (4, "access_question")
    assert latest(store, ("view_as",), "a") is None
