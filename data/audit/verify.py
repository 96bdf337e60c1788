"""Does the audit still say what was written? Every link recomputed, every number in its place, every anchor met."""

from __future__ import annotations

import json
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from data.audit.anchors import Anchor
from data.audit.chain import NO_HASH, writer_hash
from data.audit.line import canonical, linked, moment_text
from data.audit.tables import LINE, WRITER
from data.store import Store

_AT_ONCE = 5000
EDITED = "Restore the ledger from a copy, and find out who could write to it."
GONE = "Find the lines in a copy of the ledger, and find out who could write to it."
LATE = timedelta(minutes=10)  # a line may reach the ledger a little after the moment it tells of


@dataclass(frozen=True)
class Broken:
    """Something that is not as it was written: what, where (which line of which chain), what to do."""

    what: str
    where: str
    todo: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.todo}"


@dataclass
class Checked:
    """What a check went through: lines, chains, up to which line of the ledger, and everything found broken."""

    lines: int = 0
    chains: int = 0
    through: int = 0
    broken: list[Broken] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return not self.broken


def check(store: Store, anchors: Sequence[Anchor] = ()) -> Checked:
    """Every chain from its first line, the chain of writers, and what the anchors remember."""
    with store.reading() as connection:
        writers = [dict(row) for row in connection.execute(select(WRITER).order_by(WRITER.c.number)).mappings()]
        found = Checked(chains=len(writers), broken=list(_writers(writers, anchors)))
        remembered = _remembered(writers, anchors)
        asked = select(LINE).order_by(LINE.c.writer, LINE.c.seq)
        rows = connection.execution_options(yield_per=_AT_ONCE).execute(asked).mappings()
        starts = {row["number"]: (0, row["hash"]) for row in writers}
        heads = _walk(rows, starts, found, remembered, _Memory(anchors))
        found.broken += _books(connection, anchors)
    found.broken += _unmet(remembered, heads)
    found.broken += [
        Broken("not one of its lines is left", _chain(each), GONE)
        for each in starts
        if each not in heads and not any(writer == each for writer, _ in remembered)
    ]
    return found


def check_since(store: Store, through: int, most: int) -> Checked:
    """The newest lines of the ledger after line `through`, at most so many, each against the one before it."""
    with store.reading() as connection:
        asked = select(LINE).where(LINE.c.id > through).order_by(LINE.c.id.desc()).limit(most).subquery()
        rows = connection.execute(select(asked).order_by(asked.c.writer, asked.c.seq)).mappings().all()
        found = Checked(chains=len({row["writer"] for row in rows}))
        _walk(rows, _before(connection, rows), found, {}, _Memory(()))
    return found


def _before(connection: Connection, rows: Sequence[Mapping[Any, Any]]) -> dict[int, tuple[int, str]]:
    """Where each of the chains stood just before the first of these rows."""
    starts: dict[int, tuple[int, str]] = {}
    for row in rows:
        if row["writer"] in starts:
            continue
        seq = row["seq"] - 1
        asked = select(LINE.c.hash).where(LINE.c.writer == row["writer"], LINE.c.seq == seq)
        if not seq:
            asked = select(WRITER.c.hash).where(WRITER.c.number == row["writer"])
        hash = connection.execute(asked).scalar()
        starts[row["writer"]] = (seq if hash else 0, hash or NO_HASH)
    return starts


def _walk(
    rows: Iterable[Any],
    starts: Mapping[int, tuple[int, str]],
    found: Checked,
    remembered: dict[tuple[int, int], list[tuple[str, str]]],
    memory: _Memory,
) -> dict[int, int]:
    """Go along every chain; what does not follow from the line before it is broken. Gives each chain's last number."""
    heads: dict[int, int] = {}
    writer, seq, before, id = 0, 0, NO_HASH, 0
    for row in rows:
        if row["writer"] != writer:
            writer, id = row["writer"], 0
            seq, before = starts.get(writer, (0, NO_HASH))
            if writer not in starts:
                found.broken.append(Broken("nobody is written down as its writer", _chain(writer), EDITED))
        found.broken += _link(row, writer, seq, before, id)
        for hash, who in remembered.pop((writer, row["seq"]), ()):
            if hash != row["hash"]:
                found.broken.append(Broken(f"{who} remembers another line here", _place(writer, row["seq"]), EDITED))
        found.broken += memory.backdated(row)
        seq, before, id = row["seq"], row["hash"], row["id"]
        heads[writer] = seq
        found.lines += 1
        found.through = max(found.through, id)
    return heads


def _link(row: Any, writer: int, seq: int, before: str, id: int) -> Iterator[Broken]:
    """What is wrong with one line, given the one before it."""
    here = row["seq"]
    if here != seq + 1:
        missing = f"line {seq + 1} is" if here == seq + 2 else f"lines {seq + 1} to {here - 1} are"
        yield Broken(f"{missing} missing", _chain(writer), GONE)
    elif linked(before, writer, here, canonical(row)) != row["hash"]:
        yield Broken(f"it is not what was written at {row['at']}", _place(writer, here), EDITED)
    if row["id"] <= id:
        yield Broken("it stands out of order", _place(writer, here), EDITED)


class _Memory:
    """What each anchor knew of each chain, to find lines that were put in later than they say."""

    def __init__(self, anchors: Sequence[Anchor]) -> None:
        self._anchors = anchors
        self._times = [moment_text(datetime.fromisoformat(each.at) - LATE) for each in anchors]
        self._heads: dict[int, list[tuple[int, int]]] = {}
        for index, each in enumerate(anchors):
            for writer, seq, _ in each.heads:
                self._heads.setdefault(writer, []).append((index, seq))

    def backdated(self, row: Any) -> Iterator[Broken]:
        """A line that an anchor should have known, had it been there when it says it was written."""
        first = bisect_right(self._times, str(row["at"]))
        if first == len(self._times):
            return
        heads = self._heads.get(row["writer"], [])
        knew = bisect_right(heads, (first, sys.maxsize))
        if row["seq"] > (heads[knew - 1][1] if knew else 0):
            anchor = self._anchors[first]
            what = f"it says it was written at {row['at']}, but anchor {anchor.number} of {anchor.at} does not know it"
            yield Broken(what, _place(row["writer"], row["seq"]), EDITED)


def _writers(writers: Sequence[Mapping[str, Any]], anchors: Sequence[Anchor]) -> Iterator[Broken]:
    """The chain of writers: no number missing, each linked to the one before it, as the anchors remember."""
    number, before = 0, NO_HASH
    for row in writers:
        if row["number"] != number + 1:
            gone = row["number"] - number - 1
            what = (
                f"chain {number + 1} is gone" if gone == 1 else f"chains {number + 1} to {row['number'] - 1} are gone"
            )
            yield Broken(what, "the chain of writers", GONE)
        elif writer_hash(before, row) != row["hash"]:
            yield Broken("its beginning is not what was written", _chain(row["number"]), EDITED)
        number, before = row["number"], row["hash"]
    known = {row["number"]: row["hash"] for row in writers}
    for anchor in anchors:
        if anchor.writers > number:
            what = f"chain {anchor.writers} is gone, which anchor {anchor.number} of {anchor.at} remembers"
            yield Broken(what, "the chain of writers", GONE)
            return
        if anchor.writers and known.get(anchor.writers) not in (anchor.writers_hash, None):
            what = f"anchor {anchor.number} of {anchor.at} remembers another beginning"
            yield Broken(what, _chain(anchor.writers), EDITED)


def _books(connection: Connection, anchors: Sequence[Anchor]) -> Iterator[Broken]:
    """Anchors that the ledger says were written to this file, and that are not in it."""
    if not anchors:
        return
    asked = select(LINE.c.filters).where(LINE.c.did == "anchor", LINE.c.object == anchors[0].book)
    known = {each.number: each.hash for each in anchors}
    for (filters,) in connection.execute(asked):
        told = json.loads(filters)
        if known.get(told.get("anchor")) != told.get("hash"):
            what = f"anchor {told.get('anchor')} is gone, which the ledger says was written"
            yield Broken(what, "the anchors", "Restore the anchors from a copy.")


def _remembered(
    writers: Sequence[Mapping[str, Any]], anchors: Sequence[Anchor]
) -> dict[tuple[int, int], list[tuple[str, str]]]:
    """What somebody else wrote down about single lines: later writers, and anchors."""
    found: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for row in writers:
        if row["last_writer"]:
            who = f"chain {row['number']}, which began at {row['at']},"
            found.setdefault((row["last_writer"], row["last_seq"]), []).append((row["last_hash"], who))
    for anchor in anchors:
        for writer, seq, hash in anchor.heads:
            found.setdefault((writer, seq), []).append((hash, f"anchor {anchor.number} of {anchor.at}"))
    return found


def _unmet(remembered: Mapping[tuple[int, int], list[tuple[str, str]]], heads: Mapping[int, int]) -> Iterator[Broken]:
    """Lines that are remembered and are not there: a tail cut off, a whole chain taken away."""
    last: dict[int, tuple[int, str]] = {}
    for (writer, seq), told in remembered.items():
        if seq > heads.get(writer, 0) and seq > last.get(writer, (0, ""))[0]:
            last[writer] = (seq, told[0][1])
    for writer, (seq, who) in sorted(last.items()):
        first = heads.get(writer, 0) + 1
        gone = f"line {seq} is gone" if first == seq else f"lines {first} to {seq} are gone"
        yield Broken(f"{gone}, which {who} remembers".replace(",,", ","), _chain(writer), GONE)


def _chain(writer: int) -> str:
    return f"chain {writer}"


def _place(writer: int, seq: int) -> str:
    return f"chain {writer}, line {seq}"
