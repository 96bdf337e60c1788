"""Waiting, shown where it is: what is being done, how many of how many, and about how long still."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TextIO

from dashboard.printout import visible


def say(sentence: str) -> None:
    """A sentence about the work, beside the answer and never inside it."""
    sys.stderr.write(visible(sentence) + "\n")


def short(path: Path) -> str:
    """The path as the reader would type it from here."""
    try:
        return os.path.relpath(path)
    except ValueError:
        return str(path)


class ProgressLine:
    """One line on a terminal that says what is being done; plain lines where there is no terminal.

    Called with what is worked on, how many are done and how many there are.
    """

    def __init__(self, doing: str, *, out: TextIO | None = None) -> None:
        self._doing = doing
        self._out = out or sys.stderr
        self._live = self._out.isatty()
        self._start = time.monotonic()
        self._width = 0

    def __call__(self, what: str, done: int, total: int) -> None:
        """Says that `what` is next, after `done` of `total`."""
        if self._live:
            at = min(done + 1, total)
            self._rewrite(f"{self._doing} {at} of {total}: {what}{self._left(done, total)}")

    def _left(self, done: int, total: int) -> str:
        spent = time.monotonic() - self._start
        if not done or spent < 1:
            return ""
        return f" (about {max(1, round(spent / done * (total - done)))} s left)" if done < total else ""

    def _rewrite(self, line: str) -> None:
        self._out.write("\r" + line.ljust(self._width))
        self._out.flush()
        self._width = len(line)

    def clear(self) -> None:
        """Takes the line away, where what came of it says enough."""
        if self._live and self._width:
            self._out.write("\r" + " " * self._width + "\r")
            self._out.flush()
            self._width = 0

    def finish(self, sentence: str) -> None:
        """Replaces the line by the sentence that says what came of it, with the seconds it took."""
        self.clear()
        self._out.write(f"{sentence} ({time.monotonic() - self._start:.1f} s)\n")
        self._out.flush()
