"""Waiting is shown on a terminal, and only there."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest

from dashboard.progress import ProgressLine


class Terminal(io.StringIO):
    """Text that says it is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


def test_a_terminal_sees_what_is_done_and_how_much_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter([0.0, 2.0, 4.0, 6.0])
    # This clock is the line's alone: another thread that asked it would take a second away.
    monkeypatch.setattr("dashboard.progress.time", SimpleNamespace(monotonic=lambda: next(seconds)))
    out = Terminal()
    wait = ProgressLine("Importing file", out=out)
    wait("calls.csv", 1, 3)
    wait("plans.csv", 2, 3)
    wait.finish("Imported 3 files")
    assert "Importing file 2 of 3: calls.csv (about 4 s left)" in out.getvalue()
    assert "Importing file 3 of 3: plans.csv (about 2 s left)" in out.getvalue()
    assert out.getvalue().endswith("Imported 3 files (6.0 s)\n")


def test_a_file_gets_only_the_last_sentence() -> None:
    out = io.StringIO()
    wait = ProgressLine("Importing file", out=out)
    wait("calls.csv", 0, 3)
    wait.finish("Imported 3 files")
    assert out.getvalue().startswith("Imported 3 files (")
    assert out.getvalue().count("\n") == 1
