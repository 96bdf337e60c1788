"""What lasts is set aside from the collector of garbage: a few times a process, and what goes still goes."""

from __future__ import annotations

import gc
import itertools
import weakref

from dashboard import lasting


class _Thing:
    pass


def test_it_is_done_after_the_first_the_tenth_and_the_hundredth_run(monkeypatch):
    done: list[int] = []
    run = itertools.count()
    monkeypatch.setattr(lasting, "_runs", itertools.count(1))
    monkeypatch.setattr(lasting, "set_aside", lambda: done.append(at))
    for at in itertools.islice(run, 1, 1501):  # noqa: B007
        lasting.another_run()
    assert done == [1, 10, 100, 1000]


def test_what_was_set_aside_goes_when_nobody_holds_it_any_more():
    thing, before = _Thing(), gc.get_freeze_count()
    kept = weakref.ref(thing)
    try:
        lasting.set_aside()
        assert gc.get_freeze_count() > before
        assert not any(each is thing for each in gc.get_objects()), "the collector still walks it"
        del thing
        assert kept() is None
    finally:
        gc.unfreeze()
