"""Where numbers come from: what was restated, who was recognised, whether files and snapshot tie, a number's files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from data.contract import CONTRACT
from data.difference import restated as differing
from data.findings import Finding
from data.imported import Imported
from data.reconciling import Tied, reconciled
from data.restatements import told_by
from data.snapshot import open_snapshot
from data.workspace import Workspace
from metrics.catalog import METRICS
from metrics.grid import Role
from metrics.loaded import remembered


@dataclass(frozen=True)
class Restated:
    """A period whose total was changed after it had been delivered: by how much, in which feed, against what."""

    ending: date
    share: float
    what: str
    against: str


@dataclass(frozen=True)
class Recognised:
    """What one source showed or sent, and how much of it went to somebody known."""

    source: str
    what: str
    all: int
    known: int

    @property
    def share(self) -> float:
        """The known part, 0 to 1."""
        return self.known / self.all if self.all else 0.0


@dataclass(frozen=True)
class Origin:
    """One file behind a number: the feed and table that it fills, the import that read it, what became of its rows."""

    table: str
    feed: str
    file: str
    stage: str
    read: int
    kept: int
    quarantined: int


LEAST = 0.0005


def restated(
    snapshot: Any, findings: tuple[Finding, ...], workspace: Workspace, earlier: str | None
) -> tuple[Restated, ...]:
    """What a later delivery said anew of a past period, and what differs from the snapshot that served before."""
    found = []
    for each in findings:
        if told := told_by(each):
            found.append(Restated(*told, what=each.where.rpartition("source ")[2], against="the delivery before"))
    if earlier:
        names = {product.id: product.name for product in snapshot.products()}
        for product, ending, share in differing(open_snapshot(workspace, earlier), snapshot):
            if abs(share) >= LEAST:
                found.append(Restated(ending, share, names.get(product, product), "the snapshot before"))
    return tuple(sorted(found, key=lambda each: (each.ending, abs(each.share), each.what), reverse=True))


_SHOWN = """
SELECT vendor, CASE event WHEN 'sent' THEN 'e-mails sent' ELSE 'impressions' END AS what, sum(quantity),
       coalesce(sum(quantity) FILTER (WHERE party IS NOT NULL), 0)
FROM exposure WHERE event IN ('impression', 'sent') GROUP BY ALL ORDER BY ALL
"""


def recognised(snapshot: Any, role: Role) -> tuple[Recognised, ...]:
    """Each source of media with the part of it that went to somebody known, where the role sees such rows."""
    if role.grant("media_exposure").how != "Y":
        return ()
    rows = remembered(snapshot, "recognised", lambda: snapshot.rows(_SHOWN))
    found = [Recognised(vendor, what, int(every), int(known)) for vendor, what, every, known in rows]
    return tuple(sorted(found, key=lambda each: (each.share, each.source, each.what)))


def tied(snapshot: Any, workspace: Workspace) -> tuple[Tied, ...]:
    """Each fact as the files brought it and as the snapshot serves it."""
    return remembered(snapshot, "tied", lambda: reconciled(workspace, snapshot))


def totals_open(table: str, role: Role) -> bool:
    """Whether a role may read a fact's control totals: those of what it sees row by row."""
    sensitivity = CONTRACT[table].column("quantity").sensitivity
    return sensitivity == "open" or role.grant(sensitivity).how == "Y"


def origins(metric: str, fed: tuple[tuple[str, str], ...], imports: tuple[Imported, ...]) -> tuple[Origin, ...]:
    """Every file that a number rests on, by the tables that its facts are made of."""
    tables = {fact.table.name for fact in METRICS[metric].facts}
    for fact in METRICS[metric].facts:
        tables |= {source.partition(".")[0] for source in fact.derived_from}
    feeds: dict[str, list[str]] = {}
    for feed, table in fed:
        if table in tables:
            feeds.setdefault(feed, []).append(table)
    return tuple(
        Origin(", ".join(feeds[feed]), feed, file.file, each.name, file.read, file.kept, file.quarantined)
        for each in imports
        for file in each.files
        if (feed := f"{file.layout}.{file.source}") in feeds and file.kept
    )
