"""The canonical tables, one module a domain. `CONTRACT` maps each table's name to its declaration."""

from __future__ import annotations

from data.contract import field, media, medical, outcome, privacy, reference, site
from data.contract.table import Column, Table

CONTRACT: dict[str, Table] = {
    table.name: table
    for module in (reference, outcome, field, media, medical, site, privacy)
    for table in module.TABLES
}

__all__ = ["CONTRACT", "Column", "Table"]
