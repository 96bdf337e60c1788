"""What changed from one snapshot to another: rows, totals, restated periods, units, who stands where, findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from data.contract import CONTRACT
from data.engine.duckdb import quoted
from data.serving import Snapshot

ROWS, TOTAL, PERIOD, UNIT, SUBJECTS, FINDING = "rows", "total", "period", "unit", "subjects", "finding"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that differs: its kind, what it is, how much it was and is (None where it was or is not there).

    `words` says what numbers cannot: the name of a unit, a finding's sentence.
    """

    kind: str
    what: str
    before: Decimal | int | None
    after: Decimal | int | None
    words: str = ""

    @property
    def share(self) -> float | None:
        """The change as a share of what it was; None where it was nothing."""
        if not self.before or self.after is None:
            return None
        return float(self.after) / float(self.before) - 1


def difference(before: Snapshot, after: Snapshot) -> tuple[Change, ...]:
    """Everything that differs between two snapshots, coarse things first; nothing where they hold the same.

    Totals are the quantities of each fact; a period is one product's, by its last day, and is named only
    where both snapshots hold it: a new week is no restatement.
    """
    return (
        *_counted(ROWS, _rows(before), _rows(after)),
        *_counted(TOTAL, _totals(before), _totals(after)),
        *_restated(before, after),
        *_units(before, after),
        *_moved(before, after),
        *_findings(before, after),
    )


def _counted(
    kind: str, before: Mapping[str, Decimal | int | None], after: Mapping[str, Decimal | int | None]
) -> Iterable[Change]:
    for what in sorted({*before, *after}):
        if before.get(what) != after.get(what):
            yield Change(kind=kind, what=what, before=before.get(what), after=after.get(what))


def _rows(snapshot: Snapshot) -> dict[str, Decimal | int | None]:
    return {name: snapshot.rows(f"SELECT count(*) FROM {quoted(name)}")[0][0] for name in _held(snapshot)}


def _totals(snapshot: Snapshot) -> dict[str, Decimal | int | None]:
    facts = [name for name in _held(snapshot) if CONTRACT[name].is_fact]
    return {name: snapshot.rows(f"SELECT sum(quantity) FROM {quoted(name)}")[0][0] for name in facts}


def _held(snapshot: Snapshot) -> list[str]:
    """The contract's tables that a snapshot holds: one of an older contract may lack some."""
    found = {name for (name,) in snapshot.rows("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'")}
    return [name for name in CONTRACT if name in found]


def restated(before: Snapshot, after: Snapshot) -> tuple[tuple[str, date, float], ...]:
    """Product, last day and change in share of every outcome period that both hold and that differs."""
    told = ((each.what.partition(", period to "), each.share) for each in _restated(before, after))
    return tuple((what[0], date.fromisoformat(what[2]), share) for what, share in told if share is not None)


def _restated(before: Snapshot, after: Snapshot) -> Iterable[Change]:
    sql = "SELECT product, period_end, sum(quantity) FROM outcome GROUP BY ALL ORDER BY ALL"
    old, new = ({(product, end): total for product, end, total in each.rows(sql)} for each in (before, after))
    for key in sorted({*old} & {*new}, key=_product_then_day):
        if old[key] != new[key]:
            product, end = key
            yield Change(kind=PERIOD, what=f"{product}, period to {end}", before=old[key], after=new[key])


def _product_then_day(key: tuple[str, date]) -> tuple[str, date]:
    return key


def _units(before: Snapshot, after: Snapshot) -> Iterable[Change]:
    sql = "SELECT hierarchy, node, coalesce(parent, ''), name FROM node ORDER BY ALL"
    old, new = ({(each[0], each[1]): each[2:] for each in snapshot.rows(sql)} for snapshot in (before, after))
    for hierarchy, node in sorted({*old, *new}):
        was, now = old.get((hierarchy, node)), new.get((hierarchy, node))
        if was == now:
            continue
        words = f"gone: {was[1]}" if was and not now else f"new: {now[1]}" if now and not was else ""
        if was and now:
            told = [f"called {now[1]}, was {was[1]}"] if was[1] != now[1] else []
            told += [f"below {now[0] or 'nothing'}, was below {was[0] or 'nothing'}"] if was[0] != now[0] else []
            words = "; ".join(told)
        yield Change(kind=UNIT, what=f"{hierarchy}, {node}", before=int(bool(was)), after=int(bool(now)), words=words)


def _moved(before: Snapshot, after: Snapshot) -> Iterable[Change]:
    """How many subjects stand at each leaf: where realignment took them, and where from."""
    sql = "SELECT hierarchy, leaf, count(DISTINCT subject) FROM place WHERE subject <> '' GROUP BY ALL"
    old, new = ({f"{each[0]}, {each[1]}": each[2] for each in snapshot.rows(sql)} for snapshot in (before, after))
    return _counted(SUBJECTS, old, new)


def _findings(before: Snapshot, after: Snapshot) -> Iterable[Change]:
    old, new = ({(f.code, f.where, f.what): f.rows for f in each.findings()} for each in (before, after))
    for code, where, what in sorted({*old, *new}):
        key = (code, where, what)
        if key not in old or key not in new or old[key] != new[key]:
            yield Change(kind=FINDING, what=f"{code}, {where}", before=old.get(key), after=new.get(key), words=what)
