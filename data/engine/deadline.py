"""Stops what takes too long: one watching thread for all queries, asleep while none is running."""

from __future__ import annotations

import atexit
import contextlib
import heapq
import itertools
import threading
import time
from collections.abc import Callable, Iterator


class Deadlines:
    """Calls back when a time is over, unless the work ended before.

    A timer thread a query would cost more than most queries do; this is one thread for all, started
    with the first deadline, asleep until the nearest one, ended with the process.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._due: list[tuple[float, int]] = []
        self._running: dict[int, Callable[[], None]] = {}
        self._numbers = itertools.count()
        self._watcher: threading.Thread | None = None
        self._ended = False

    @contextlib.contextmanager
    def within(self, seconds: float, stop: Callable[[], None]) -> Iterator[None]:
        """Run the block; call `stop` from another thread if it is still running after `seconds`."""
        number, due = next(self._numbers), time.monotonic() + seconds
        with self._changed:
            self._running[number] = stop
            nearest = not self._due or due < self._due[0][0]
            heapq.heappush(self._due, (due, number))
            if self._watcher is None:
                self._watcher = threading.Thread(target=self._watch, name="deadlines", daemon=True)
                self._watcher.start()
                atexit.register(self.end)
            elif nearest:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._running.pop(number, None)

    def end(self) -> None:
        """Let the watching thread go home; nothing is stopped any more."""
        with self._changed:
            self._ended = True
            self._changed.notify()
        if self._watcher is not None:
            self._watcher.join(timeout=1)

    def _watch(self) -> None:
        with self._changed:
            while not self._ended:
                while self._due and self._due[0][1] not in self._running:
                    heapq.heappop(self._due)
                left = self._due[0][0] - time.monotonic() if self._due else None
                if left is None or left > 0:
                    self._changed.wait(left)
                else:
                    _, number = heapq.heappop(self._due)
                    self._running.pop(number)()


DEADLINES = Deadlines()
