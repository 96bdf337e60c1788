"""A memory that every visitor's run shares: bounded, safe between threads, read by a key that says everything."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")
_FORGETS: list[Callable[[], object]] = []
_names = ""


def holds_names(forget: Callable[[], object]) -> None:
    """Something that remembers names of persons, by what makes it forget them."""
    _FORGETS.append(forget)


def names_are(version: str) -> str:
    """The version of the store of names. When it changes, what holds names is emptied: no erased name is kept."""
    global _names
    if version != _names:
        _names = version
        for forget in _FORGETS:
            forget()
    return version


class Memory:
    """Keeps the last `most` things made, each under its key; what was asked for longest ago leaves first.

    What is kept is handed out as it is, to several runs at once: nobody changes it. Two runs that ask for
    the same thing at the same time have it made once.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def forget(self) -> None:
        """Keep nothing of what was made so far."""
        with self._lock:
            self._kept.clear()

    def of(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept under the key; made now if it is not. What fails is not kept."""
        found, kept = self._look(key)
        if found:
            return kept  # type: ignore[no-any-return]
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            found, kept = self._look(key)
            if found:
                return kept  # type: ignore[no-any-return]
            try:
                made = make()
                with self._lock:
                    self._kept[key] = made
                    while len(self._kept) > self._most:
                        self._kept.popitem(last=False)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return made

    def _look(self, key: Hashable) -> tuple[bool, Any]:
        with self._lock:
            if key not in self._kept:
                return False, None
            self._kept.move_to_end(key)
            return True, self._kept[key]


def holding_names(most: int) -> Memory:
    """A memory of what may hold names of persons: emptied when the store of names changes."""
    kept = Memory(most)
    holds_names(kept.forget)
    return kept
