"""What the command line answers from a snapshot: numbers, visitors, cues, each through the access door."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import partial
from pathlib import Path
from typing import Any

from dashboard.exports import filed
from dashboard.printout import Form, Printout, plain
from dashboard.progress import say, short
from dashboard.question import question
from dashboard.sentences import left_out
from data.ledger import Ledger
from data.levels import lineage
from data.people import names
from data.snapshot import Snapshot, open_snapshot
from data.workspace import Workspace
from metrics import access, visitors
from metrics.alignment import CURRENT
from metrics.catalog import METRICS
from metrics.cues import inbox
from metrics.periods import DEFAULT
from metrics.policy_force import policy_version
from metrics.query import MetricQuery, Visitor, Withheld
from metrics.result import Result, ask
from metrics.standing import Own

PLACE = ("node_id", "node", "level", "period_start", "period_end")
ANYWHERE = "*"
UNKNOWN = "unknown"
COMPARED = ("__previous", "__year")


def _opened(home: Path, snapshot: str | None = None) -> tuple[Workspace, Snapshot]:
    workspace = Workspace.open(home)
    return workspace, open_snapshot(workspace, snapshot)


def answer(
    home: Path,
    *,
    visitor: str,
    metrics: str,
    by: str,
    within: str | None,
    period: str | None,
    product: str | None,
    compare: str | None,
    form: Form,
    alignment: str = CURRENT,
    earlier: str | None = None,
    out: Path | None = None,
) -> str:
    """The numbers asked for, as `visitor` may know them. Raises Denied, WrongQuestion or NoSnapshot.

    `earlier` names a snapshot that served before: what was known then. With `out` the answer is written
    into that file (.xlsx, .csv or .json), which counts as an export.
    """
    filed.check(out)
    workspace, snapshot = _opened(home, earlier)
    who = visitors.visitor(workspace, visitor)
    asked = question(
        visitor=who,
        places=Own(snapshot, who),
        metrics=metrics,
        by=by,
        within=within,
        period=period or DEFAULT[snapshot.grain or "week"],
        product=product,
        compare=compare,
        alignment=alignment,
    )
    rows, did = 0, "refused"
    try:
        granted = access.authorise(asked, who, snapshot)
        result = ask(granted, snapshot, partial(names, workspace.people_path))
        rows, did = len(result.rows), "export" if out else "ask"
    finally:
        Ledger(workspace).write_audit(
            who=who.id,
            role=who.role,
            did=did,
            object=",".join(asked.metrics)[:500],
            scope=who.node or "",
            hierarchy=asked.hierarchy,
            place=lineage(asked.within or who.node, snapshot.nodes(asked.hierarchy)),
            product=asked.product,
            rows=rows,
            filters=_filters(asked),
            policy=policy_version(snapshot),
            snapshot=snapshot.id,
        )
    return _filed(out, result, asked, who, policy_version(snapshot)) if out else numbers(result, asked.metrics, form)


def _filters(asked: MetricQuery) -> dict[str, str | None]:
    """What was asked, as the audit keeps it."""
    return {
        "action": "ask",
        "by": asked.by,
        "period": asked.window,
        "product": asked.product,
        "compare": asked.compare,
        "alignment": asked.alignment,
    }


def _filed(out: Path, result: Result, asked: MetricQuery, who: Visitor, policy: str) -> str:
    """Writes the answer into the file, and prints nothing."""
    filed.write(out, result, asked, who, policy=policy, notes=beside(result), text=numbers)
    say(f"Wrote {len(result.rows):,} rows to {short(out)}.")
    return ""


def numbers(result: Result, asked: Sequence[str], form: Form) -> str:
    """A result in the form asked for; each empty cell has a word that says why it is empty."""
    records = result.rows.to_dict("records")
    columns = _metric_columns(list(result.rows.columns), asked)
    reasons = _Reasons(result.withheld)
    rows = [(*(row[name] for name in PLACE), *(row.get(name) for name in columns)) for row in records]
    words = [reasons.of(row, columns, alone=len(asked) == 1) for row in records]
    printout = Printout(
        columns=(*PLACE, *columns, "withheld"),
        rows=[(*row, word) for row, word in zip(rows, words, strict=True)],
        notes=(f"As of {result.as_of}, snapshot {result.snapshot}.", *beside(result), *reasons.sentences()),
    )
    document = {
        "as_of": result.as_of,
        "snapshot": result.snapshot,
        "rows": Printout(columns=(*PLACE, *columns), rows=rows).records(),
        "withheld": [{"metric": w.metric, "node_id": w.node_id, "reason": w.reason} for w in result.withheld],
    }
    return printout.written(form, document | ({"notes": beside(result)} if beside(result) else {}))


def beside(result: Result) -> list[str]:
    """What is to be known beside the numbers: what was compared, what is a floor, what covers part of the window."""
    known = result.rows.columns[result.rows.notna().any()]
    part = sorted(METRICS[name].title for name in result.partial if name in known)
    prescribing = any("rx" in METRICS[name].sensitivities for name in result.lineage)
    masked = left_out(result.not_shown) if prescribing else ()
    return [*masked, *result.notes, *(f"{title}: the feed covers only part of the window." for title in part)]


def _metric_columns(present: Collection[str], asked: Sequence[str]) -> tuple[str, ...]:
    """The metrics in the order asked, then their comparisons; one denied keeps its empty column."""
    compared = [f"{name}{end}" for end in COMPARED for name in asked if f"{name}{end}" in present]
    return (*asked, *compared)


class _Reasons:
    """Why a cell is empty: said for the node, for every node, or not known."""

    def __init__(self, withheld: Sequence[Withheld]) -> None:
        self._withheld = withheld
        self._by_cell = {(item.metric, item.node_id): item.reason for item in withheld}

    def _reason(self, column: str, node: object) -> str:
        base = column.removesuffix(COMPARED[0]).removesuffix(COMPARED[1])
        for metric in (column, base):
            for where in (str(node), ANYWHERE):
                if (metric, where) in self._by_cell:
                    return self._by_cell[metric, where]
        return UNKNOWN

    def of(self, row: Mapping[Any, Any], columns: Sequence[str], *, alone: bool) -> str:
        """The word for a row's empty cells; with several metrics, each with its metric's name."""
        empty = {name: self._reason(name, row["node_id"]) for name in columns if plain(row.get(name)) is None}
        if alone:
            return "; ".join(dict.fromkeys(empty.values()))
        return "; ".join(f"{name}: {reason}" for name, reason in empty.items())

    def sentences(self) -> tuple[str, ...]:
        """What a person reads below a table: each reason once, with the number of nodes."""
        counted: dict[tuple[str, str], int] = {}
        for item in self._withheld:
            key = (item.metric, item.reason)
            counted[key] = 0 if item.node_id == ANYWHERE else counted.get(key, 0) + 1
        return tuple(
            f"Withheld: {metric}{f' at {count:,} nodes' if count else ''}: {reason}"
            for (metric, reason), count in counted.items()
        )


METRIC = ("metric", "title", "band", "unit", "better", "definition")


def list_metrics(form: Form) -> str:
    """Every metric that can be asked for, in the order of its band."""
    rows = [(m.name, m.title, m.band, m.unit, m.better, m.definition) for m in METRICS.values()]
    return Printout(columns=METRIC, rows=rows).written(form)


VISITOR = ("id", "role", "hierarchy", "node", "team", "studies", "from_date", "to_date", "name")


def list_visitors(home: Path, form: Form) -> str:
    """Everybody who may look, as declared in visitors.toml."""
    declared = visitors.visitors(Workspace.open(home))
    rows = [tuple(getattr(who, name) for name in VISITOR) for who in declared]
    return Printout(columns=VISITOR, rows=rows).written(form)


def list_cues(home: Path, visitor: str, form: Form) -> str:
    """The visitor's cues in order of rank, each with its reasons, action, owner and due date."""
    workspace, snapshot = _opened(home)
    ledger = Ledger(workspace)
    who: Visitor = visitors.visitor(workspace, visitor)
    cards = inbox.cues_for(who, snapshot, ledger.cue_actions(), names=partial(names, workspace.people_path))
    ledger.write_audit(
        who=who.id,
        role=who.role,
        did="ask",
        object="cues",
        scope=who.node or "",
        rows=len(cards),
        policy=policy_version(snapshot),
        snapshot=snapshot.id,
    )
    if not cards:
        return Printout(columns=("cue",), rows=(), notes=("Nothing to do is known from this snapshot.",)).written(form)
    owners = names(workspace.people_path, [card.owner for card in cards if card.owner])
    records = [_record(card) | {"owner": owners.get(card.owner or "", card.owner)} for card in cards]
    columns = tuple(records[0])
    if form is Form.table:
        columns = tuple(name for name in ("headline", "reasons", "action", "owner", "due") if name in columns)
    return Printout(columns=columns, rows=[[record[name] for name in columns] for record in records]).written(form)


def _record(card: object) -> dict[str, Any]:
    """A cue card as plain values by name."""
    assert is_dataclass(card)
    return {part.name: getattr(card, part.name) for part in fields(card)}
