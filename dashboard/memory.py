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


def one(_made: object) -> int:
    """Everything weighs the same."""
    return 1


class Memory:
    """Keeps what was made last, up to a weight of `most`, each thing under its key; what was asked for longest ago
    leaves first.

    `weigh` says how much a thing weighs (one, where everything weighs the same). What is kept is handed
    out as it is, to several runs at once: nobody changes it. Two runs that ask for the same thing at the
    same time have it made once.
    """

    def __init__(self, most: int, weigh: Callable[[Any], int] = one) -> None:
        self._most, self._weigh, self._weight = most, weigh, 0
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def forget(self) -> None:
        """Keep nothing of what was made so far."""
        with self._lock:
            self._kept.clear()
            self._weight = 0

    def of(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept under the key; made now if it is not. What fails is not kept."""
        found, kept = self._look(key)
        if found:
            return kept
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            found, kept = self._look(key)
            if found:
                return kept
            try:
                made = make()
                with self._lock:
                    self._kept[key] = made
                    self._weight += self._weigh(made)
                    while self._weight > self._most and len(self._kept) > 1:
                        self._weight -= self._weigh(self._kept.popitem(last=False)[1])
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


def holding_names(most: int, weigh: Callable[[Any], int] = one) -> Memory:
    """A memory of what may hold names of persons: emptied when the store of names changes."""
    kept = Memory(most, weigh)
    holds_names(kept.forget)
    return kept
