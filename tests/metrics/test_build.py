"""A build says what it is at, from the first table that it loads to the cues: how many are done, of how many."""

from __future__ import annotations

from pathlib import Path

from metrics.build import STAGES, build
from tests import smallland
from tests.data.tinyland import tinyland


def test_every_part_of_a_build_is_told_in_order_and_of_the_same_number(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    workspace = smallland.workspace(tmp_path / "home", rows=tinyland())
    build(workspace, smallland.AS_OF, progress=lambda *each: told.append(each))
    assert {total for _, _, total in told} == {len(STAGES) + 1}
    done = [each for _, each, _ in told]
    assert done == sorted(done) and done[0] == 0 and done[-1] == len(STAGES)
    assert [what for what, place, _ in told if place == 0][:1] == ["loading outcome"]
    assert [what for what, place, _ in told if place][: len(STAGES)] == [name for name, _ in STAGES]
