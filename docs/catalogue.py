"""Writes what is declared in code into the door plates: metrics, roles and cues, tables and layouts.

`python docs/catalogue.py` rewrites the blocks between `<!-- name -->` and `<!-- end -->`; a test
fails while a door plate says something else than the declarations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from data.contract import CONTRACT
from data.contract.table import DOMAINS
from data.mapping import load_mappings
from metrics.catalog import METRICS
from metrics.catalog.cues import CUES
from metrics.catalog.roles import ROLES
from metrics.declare import BANDS

ROOT = Path(__file__).resolve().parent.parent
PAGES = {"one_picture": "One picture", "cues": "My cues", "sites": "Sites", "data_health": "Data health"}
STANDS = {"top": "the top", "second": "the second level", "third": "the third level", "leaf": "a leaf", None: "nowhere"}


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table; no cell may break its row."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines
    )


def metrics() -> str:
    """Every metric by band: what it is, how it is computed, what is better."""
    parts = []
    for band in BANDS:
        rows = [
            (
                f"`{metric.name}`",
                metric.title,
                metric.definition,
                f"`{metric.formula}`",
                metric.unit,
                metric.better or "-",
            )
            for metric in METRICS.values()
            if metric.band == band
        ]
        parts.append(
            f"### {band.capitalize()}\n\n"
            + _table(("metric", "title", "what it is", "formula over its measures", "unit", "better"), rows)
        )
    return "\n\n".join(parts)


def measures() -> str:
    """Every measure that a formula names, with its sentence."""
    found = {measure.name: measure for metric in METRICS.values() for measure in metric.measures}
    rows = [(f"`{name}`", measure.doc, f"`{measure.expr}`") for name, measure in sorted(found.items())]
    return _table(("measure", "what it adds up", "expression"), rows)


def roles() -> str:
    """Every role: where it stands, what it asks, what it can change."""
    rows = [
        (f"`{role.name}`", role.title, STANDS[role.rung], PAGES[role.first_page], role.question, "; ".join(role.levers))
        for role in ROLES.values()
    ]
    return _table(("role", "title", "stands at", "first page", "asks", "can"), rows)


def who_looks() -> str:
    """The roles in the words of the front page, without the head of the table."""
    rows = [(role.title, STANDS[role.rung], role.question) for role in ROLES.values()]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def cues() -> str:
    """Every cue: what it says, by which rule, on what evidence, to whom with which lever."""
    rows = [
        (
            f"`{cue.name}`",
            cue.title,
            cue.rule,
            cue.evidence,
            "; ".join(f"{ROLES[lever.role].title}: {lever.lever}" for lever in cue.levers),
        )
        for cue in CUES.values()
    ]
    return _table(("cue", "title", "rule", "evidence", "for whom, and the lever"), rows)


def tables() -> str:
    """Every canonical table by domain, with its grain in words."""
    rows = [
        (domain, f"`{table.name}`", table.grain, ", ".join(f"`{name}`" for name in table.key))
        for domain in DOMAINS
        for table in CONTRACT.values()
        if table.domain == domain
    ]
    return _table(("domain", "table", "one row is", "key"), rows)


def layouts() -> str:
    """Every layout with its title and the tables it fills."""
    rows = []
    for layout in load_mappings():
        fills = {target.table.name for source in layout.sources for target in source.targets}
        fills |= {table.name for table, _ in layout.reference}
        rows.append((f"`{layout.name}`", layout.title, ", ".join(f"`{name}`" for name in sorted(fills))))
    return _table(("layout", "what it reads", "fills"), rows)


BLOCKS: dict[str, dict[str, Callable[[], str]]] = {
    "README.md": {"roles": who_looks},
    "metrics/README.md": {"metrics": metrics, "measures": measures, "roles": roles, "cues": cues},
    "data/README.md": {"tables": tables, "layouts": layouts},
}


def written(page: str) -> str:
    """The page as the declarations want it. Raises LookupError when a block's marks are missing."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for name, block in BLOCKS[page].items():
        marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.S)
        if not marks.search(text):
            raise LookupError(f"{page} has no <!-- {name} --> ... <!-- end -->")
        body = block()
        text = marks.sub(lambda found, body=body: f"{found[1]}{body}\n{found[2]}", text, count=1)
    return text


def main() -> None:
    """Rewrites every page."""
    for page in BLOCKS:
        (ROOT / page).write_text(written(page), encoding="utf-8")


if __name__ == "__main__":
    main()
