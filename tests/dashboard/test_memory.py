"""What is remembered: made once, bounded, never after a failure."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard.memory import Memory


def test_what_was_asked_for_longest_ago_leaves_first() -> None:
    memory, made = Memory(2), []

    def ask(key: str) -> str:
        return memory.of(key, lambda: made.append(key) or key)

    for key in ("a", "b", "a", "c", "a", "b"):
        assert ask(key) == key
    assert made == ["a", "b", "c", "b"]


def test_several_that_ask_at_once_have_it_made_once() -> None:
    memory, made, gate = Memory(5), [], threading.Barrier(4)

    def make() -> int:
        time.sleep(0.05)
        made.append(1)
        return 7

    def ask(_: int) -> int:
        gate.wait()
        return memory.of("key", make)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(4))) == [7] * 4
    assert made == [1]


def test_a_failure_is_not_kept() -> None:
    memory = Memory(5)

    def fail() -> int:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        memory.of("key", fail)
    assert memory.of("key", lambda: 3) == 3


def test_names_of_an_older_store_are_in_no_memory() -> None:
    from dashboard import memory

    kept = memory.Memory(10)
    memory.holds_names(kept.forget)
    memory.names_are("one")
    kept.of("row", lambda: "Marla Quennerby")
    memory.names_are("one")
    assert kept.of("row", lambda: "other") == "Marla Quennerby"
    memory.names_are("two")
    assert kept.of("row", lambda: "nobody") == "nobody"
