"""Run every derivation over the snapshot being built."""

from __future__ import annotations

from typing import Any

from data.errors import BadInput
from metrics.derive import commercial, consent, medical, sites


def derive(con: Any, info: Any) -> None:
    """Write every derived table but the spans. Raises BadInput on spend in two currencies."""
    currencies = [row[0] for row in con.execute("SELECT DISTINCT currency FROM spend ORDER BY 1").fetchall()]
    if len(currencies) > 1:
        raise BadInput(
            f"it is in {', '.join(currencies)}",
            where="spend",
            todo="Sums across currencies are refused: convert the file to one currency before importing it.",
        )
    for statement in (*commercial.STATEMENTS, *consent.STATEMENTS, *sites.STATEMENTS):
        con.execute(statement)
    con.execute(medical.INQUIRY_STATE, medical.inquiry_values(info.as_of))
