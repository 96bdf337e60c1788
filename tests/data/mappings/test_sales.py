"""Packs by brick, outlet and ZIP."""

from __future__ import annotations

from pathlib import Path

from tests.data.mappings.taking import Taken, frame, number


def test_packs_by_brick_outlet_and_zip_keep_their_zeros_and_the_remainder(tmp_path: Path) -> None:
    taken = Taken("sales", tmp_path)
    raw = [number(frame(taken.files, name)["Units"]).sum() for name in taken.files]
    assert taken.total("outcome") == taken.total("outcome", "units") == sum(raw) == 219.5
    assert taken.total("outcome", "cost") == number(frame(taken.files, "bricks.csv")["Value"]).sum()
    assert set(taken.staged("party")["party"]) == {
        "code:brick-007", "code:brick-008", "code:outlet-0042", "code:zip-02114", "code:zip-ZNS",
    }  # fmt: skip
    assert taken.staged("alignment")["subject"].tolist() == ["code:brick-007"]
