"""Stops what takes too long: one watching thread for all queries, asleep while none is running."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import threading
import time
from collections.abc import Callable, Iterator


class Deadlines:
    """Calls back when a time is over, unless the work ended before.

    A timer thread a query would cost more than most queries do; this is one thread for all, started
    with the first deadline, asleep until the nearest one.
    """

    def __init__(self) -> None:
        self._ready = threading.Condition()
        self._waiting: list[tuple[float, int, Callable[[], None]]] = []
        self._running: set[int] = set()
        self._numbers = itertools.count()
        self._watcher: threading.Thread | None = None

    @contextlib.contextmanager
    def within(self, seconds: float, stop: Callable[[], None]) -> Iterator[None]:
        """Run the block; call `stop` from another thread if it is still running after `seconds`."""
        number = next(self._numbers)
        with self._ready:
            self._running.add(number)
            first = not self._waiting or time.monotonic() + seconds < self._waiting[0][0]
            heapq.heappush(self._waiting, (time.monotonic() + seconds, number, stop))
            if self._watcher is None or not self._watcher.is_alive():
                self._watcher = threading.Thread(target=self._watch, name="deadlines", daemon=True)
                self._watcher.start()
            elif first:
                self._ready.notify()
        try:
            yield
        finally:
            with self._ready:
                self._running.discard(number)

    def _watch(self) -> None:
        with self._ready:
            while True:
                while self._waiting and self._waiting[0][1] not in self._running:
                    heapq.heappop(self._waiting)
                if not self._waiting:
                    self._ready.wait()
                    continue
                when, number, stop = self._waiting[0]
                left = when - time.monotonic()
                if left > 0:
                    self._ready.wait(left)
                    continue
                heapq.heappop(self._waiting)
                self._running.discard(number)
                stop()


DEADLINES = Deadlines()
