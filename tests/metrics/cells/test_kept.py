"""Hidden cells kept beside a snapshot: found once, and again whenever what is kept is torn or about something else."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from data import shelf
from metrics.cells import kept as keeping
from metrics.cells.kept import Hidden, kept

DAYS = (date(2026, 1, 1), date(2026, 3, 31))
FOUND = Hidden(
    (("field", "N"), ("field", "T1")),
    {DAYS: 0},
    {},
    {3: 0, "cardiva": 1},
    np.array([[[False, False]], [[True, False]]]),
)
KEY = ("hidden", "trx", ("field",), True, 11)


@pytest.fixture
def snapshot(tmp_path: Path) -> Any:
    """A finished file on a shelf."""
    (tmp_path / "rough").write_bytes(b"a snapshot")
    shelf.put(tmp_path / "rough", tmp_path, "s1")
    return SimpleNamespace(id="s1", path=shelf.path_of(tmp_path, "s1"))


def _never() -> Hidden:
    raise AssertionError("it is kept already")


def _files(snapshot: Any) -> list[Path]:
    return sorted(snapshot.path.parent.glob(".worked-out-*/*"))


def test_what_is_kept_is_what_was_found(snapshot: Any) -> None:
    assert kept(snapshot, KEY, lambda: FOUND) is FOUND
    again = kept(snapshot, KEY, _never)
    assert (again.flags == FOUND.flags).all()
    assert (again.nodes, again.part, again.series, again.asked) == (FOUND.nodes, FOUND.part, {}, FOUND.asked)
    assert again.at("field", DAYS, 3) == {"T1"}
    assert again.at("field", DAYS, "cardiva") == frozenset()


@pytest.mark.parametrize(
    "other", [("hidden", "nrx", *KEY[2:]), (*KEY[:2], ("medical",), True, 11), (*KEY[:3], False, 11), (*KEY[:4], 5)]
)
def test_another_question_is_found_for_itself(snapshot: Any, other: tuple[Any, ...]) -> None:
    kept(snapshot, KEY, lambda: FOUND)
    with pytest.raises(AssertionError, match="kept already"):
        kept(snapshot, other, _never)


def test_what_is_torn_or_about_something_else_is_found_again(snapshot: Any) -> None:
    kept(snapshot, KEY, lambda: FOUND)
    (file,) = _files(snapshot)
    whole = file.read_bytes()
    kept(snapshot, (*KEY[:4], 5), lambda: FOUND)
    (other,) = set(_files(snapshot)) - {file}
    for wrong in (whole[:-9], whole[:80] + bytes([whole[80] ^ 1]) + whole[81:], b"", other.read_bytes()):
        file.write_bytes(wrong)
        assert kept(snapshot, KEY, lambda: FOUND) is FOUND
        assert file.read_bytes() == whole


def test_other_code_and_another_file_find_again(snapshot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(snapshot, KEY, lambda: FOUND)
    with monkeypatch.context() as patched:
        patched.setattr(keeping, "_code", lambda: "other code")
        assert kept(snapshot, KEY, lambda: FOUND) is FOUND
    snapshot.path.with_suffix(".sha256").write_text("another seal  s1.duckdb\n", encoding="utf-8")
    assert kept(snapshot, KEY, lambda: FOUND) is FOUND
    snapshot.path.with_suffix(".sha256").unlink()
    assert kept(snapshot, KEY, lambda: FOUND) is FOUND
    assert len(_files(snapshot)) == 3


def test_it_leaves_with_its_snapshot(snapshot: Any) -> None:
    kept(snapshot, KEY, lambda: FOUND)
    shelf.retire(snapshot.path.parent, 1)
    assert _files(snapshot)
    shelf.retire(snapshot.path.parent, 0)
    assert not _files(snapshot)
