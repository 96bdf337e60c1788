"""A line says what it may, keeps no name, and is the same text wherever it is kept."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.audit.line import (
    DOINGS,
    AuditLine,
    canonical,
    checked,
    keyed,
    linked,
    place_path,
    place_text,
    readable,
    stored,
)
from data.errors import BadInput

AT = datetime(2026, 11, 22, 9, 30)


def line(**changes: object) -> AuditLine:
    return AuditLine(**{"at": AT, "who": "p-1", "role": "rep", "did": "view", **changes})  # type: ignore[arg-type]


def test_every_doing_has_its_sentence() -> None:
    assert all(words[0].isupper() and words.endswith(".") for words in DOINGS.values())


def test_an_unknown_doing_is_refused_with_the_word_that_was_meant() -> None:
    with pytest.raises(BadInput, match='Did you mean "export"'):
        checked(line(did="exprt"))


def test_looking_as_another_needs_a_reason() -> None:
    with pytest.raises(BadInput, match="no reason"):
        checked(line(did="view_as", object="p-2", reason="  "))
    assert checked(line(did="view_as", object="p-2", reason="access_question"))


def test_an_id_that_is_a_text_is_refused() -> None:
    with pytest.raises(BadInput, match="object is longer"):
        checked(line(object="x" * 501))


def test_filters_keep_codes_and_lose_what_somebody_typed() -> None:
    told = {
        "period": "C13W", "product": None, "q": "Dr Jane Doe", "site": "Jane Doe", "metric": "trx", "rows": 12,
        "npi": 1234567893, "study": ["S1", "S2"], "place": ["S1", "Jane Doe"], "note": "Jane",
    }  # fmt: skip
    assert readable(told) == {"period": "C13W", "product": None, "metric": "trx", "rows": 12, "study": ["S1", "S2"]}


def test_the_keyed_hash_knows_equal_filters_and_tells_nothing_without_the_key() -> None:
    one = keyed({"q": "Jane", "period": "C13W"}, "secret")
    assert one == keyed({"period": "C13W", "q": "Jane"}, "secret")
    assert one != keyed({"period": "C13W", "q": "Jane"}, "another")
    assert one != keyed({"period": "C13W", "q": "John"}, "secret")
    assert keyed({}, "secret") == ""


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1), max_size=6))
def test_a_path_of_nodes_is_read_back_whatever_the_ids(path: list[str]) -> None:
    assert place_path(place_text(path)) == tuple(path)


@given(st.sampled_from(["who", "role", "did", "object", "scope", "hierarchy", "product", "policy", "snapshot", "reason",
                        "acting_as", "acting_role", "filters_hash"]), st.text(min_size=1))  # fmt: skip
def test_every_field_is_part_of_the_hash(name: str, value: str) -> None:
    one, other = stored(line()), stored(line(**{name: value}))
    same = linked("0", 1, 1, canonical(one)) == linked("0", 1, 1, canonical(other))
    assert same is (one == other)


def test_the_place_in_the_chain_is_part_of_the_hash() -> None:
    text = canonical(stored(line()))
    assert len({linked(before, writer, seq, text) for before in "ab" for writer in (1, 2) for seq in (1, 2)}) == 8
