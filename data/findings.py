"""A Finding: something about the data that a steward should know, counted and said in words."""

from __future__ import annotations

from dataclasses import dataclass

from data.outside_ids import unnamed

SEVERITIES = ("error", "warning", "note")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing noticed about the data: what, where, what to do, and how many rows it touches.

    Many read it, so no id of a person stays in its words.
    """

    code: str
    severity: str
    what: str
    where: str
    todo: str
    rows: int = 0

    def __post_init__(self) -> None:
        if self.severity not in SEVERITIES:
            raise ValueError(f"Finding {self.code}: severity {self.severity!r} is not one of {SEVERITIES}")
        for part in ("what", "todo"):
            object.__setattr__(self, part, unnamed(getattr(self, part)))

    def __str__(self) -> str:
        return f"{self.where}: {self.what} ({self.rows:,} rows). {self.todo}"
