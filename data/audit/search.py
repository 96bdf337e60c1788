"""The reading end of the audit: lines by person, product, place and time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select

from data.audit.line import AuditLine, moment_text, place_text, told
from data.audit.tables import LINE, WRITER
from data.store import Store

_AT_ONCE = 2000


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Which lines are looked for; what is not named does not narrow.

    `persons` are opaque ids: who did it, through whose eyes, or whom it was about. `place` is a node
    with everything below it. `first` and `last` are days, both included, in UTC. `did` are doings.
    """

    persons: tuple[str, ...] = ()
    product: str = ""
    hierarchy: str = ""
    place: str = ""
    first: date | None = None
    last: date | None = None
    did: tuple[str, ...] = ()


def lines(
    store: Store, sought: Sought, *, limit: int | None = None, skip: int = 0, newest: bool = False
) -> list[AuditLine]:
    """The lines looked for, in the order written or the newest first."""
    asked = _narrowed(select(LINE), sought).order_by(LINE.c.id.desc() if newest else LINE.c.id)
    asked = asked.limit(limit).offset(skip) if limit is not None else asked
    with store.reading() as connection:
        return [told(row) for row in connection.execute(asked).mappings()]


def stream(store: Store, sought: Sought) -> Iterator[AuditLine]:
    """The lines looked for in the order written, never all of them in memory."""
    with store.reading() as connection:
        rows = connection.execution_options(yield_per=_AT_ONCE).execute(
            _narrowed(select(LINE), sought).order_by(LINE.c.id)
        )
        for row in rows.mappings():
            yield told(row)


def count(store: Store, sought: Sought) -> int:
    """How many lines are looked for."""
    with store.reading() as connection:
        return int(connection.execute(_narrowed(select(func.count()).select_from(LINE), sought)).scalar_one())


def latest(store: Store, did: tuple[str, ...], who: str | None = None) -> AuditLine | None:
    """The last line of such a doing, of one person when named."""
    asked = select(LINE).where(LINE.c.did.in_(did)).order_by(LINE.c.id.desc()).limit(1)
    if who is not None:
        asked = asked.where(LINE.c.who == who)
    with store.reading() as connection:
        row = connection.execute(asked).mappings().first()
    return told(row) if row else None


def writers(store: Store, numbers: Collection[int] | None = None) -> dict[int, tuple[str, str]]:
    """What each chain's process was, and when it began, by number; only those named when they are."""
    asked = select(WRITER.c.number, WRITER.c.program, WRITER.c.at)
    if numbers is not None:
        asked = asked.where(WRITER.c.number.in_(numbers))
    with store.reading() as connection:
        return {row.number: (row.program, row.at) for row in connection.execute(asked)}


def chains(store: Store) -> int:
    """How many chains there are."""
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(WRITER)).scalar_one())


def after(store: Store, id: int) -> int:
    """How many lines came after line `id` of the ledger."""
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(LINE).where(LINE.c.id > id)).scalar_one())


def newest_chains(store: Store, most: int) -> list[tuple[int, str, str, int]]:
    """The chains that began last: number, program, beginning, number of lines."""
    head = select(func.max(LINE.c.seq)).where(LINE.c.writer == WRITER.c.number).scalar_subquery()
    asked = select(WRITER.c.number, WRITER.c.program, WRITER.c.at, head).order_by(WRITER.c.number.desc()).limit(most)
    with store.reading() as connection:
        return [(number, program, at, lines or 0) for number, program, at, lines in connection.execute(asked)]


def _narrowed(asked: Select[Any], sought: Sought) -> Select[Any]:
    if sought.persons:
        asked = asked.where(or_(*(part.in_(sought.persons) for part in (LINE.c.who, LINE.c.acting_as, LINE.c.object))))
    if sought.product:
        asked = asked.where(LINE.c.product == sought.product)
    if sought.hierarchy:
        asked = asked.where(LINE.c.hierarchy == sought.hierarchy)
    if sought.place:
        asked = asked.where(LINE.c.place.contains(place_text((sought.place,)), autoescape=True))
    if sought.first:
        asked = asked.where(LINE.c.at >= _midnight(sought.first))
    if sought.last:
        asked = asked.where(LINE.c.at < _midnight(sought.last + timedelta(days=1)))
    return asked.where(LINE.c.did.in_(sought.did)) if sought.did else asked


def _midnight(day: date) -> str:
    return moment_text(datetime(day.year, day.month, day.day))
