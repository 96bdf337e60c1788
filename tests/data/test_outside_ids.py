"""An id of a person is told by its look, and left out of a sentence that many read."""

from __future__ import annotations

import pytest

from data.findings import Finding
from data.outside_ids import UNSAID, unnamed


@pytest.mark.parametrize("id", ["1234567893", "001Kx000005Vq6QIAS", "001Kx000005Vq6Q", "jane.doe+x@clinic.example.org"])
def test_an_id_is_left_out(id: str) -> None:
    found = Finding(code="x", severity="note", what=f'no word for "{id}"', where="f", todo=f"See {id}.")
    assert id not in str(found)
    assert str(found).count(UNSAID) == 2


@pytest.mark.parametrize(
    "said", ['no word for "1234567890"', "TRx_2026_11_13", "H7KQ2M4XZPA", "001 of 003", "0002143380123", "US_NE_BOS_1"]
)
def test_what_only_looks_like_one_stays(said: str) -> None:
    assert unnamed(said) == said
