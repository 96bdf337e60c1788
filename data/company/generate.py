"""Writes the demo company's exports and the answer key beside them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from data.company.answers import answer_key
from data.company.exports import (
    company_master,
    ctms,
    media_pld,
    rx_weekly,
    salesforce,
    veeva_activity,
    veeva_emails,
    veeva_plans,
    veeva_reference,
)
from data.company.world import World, simulate
from data.errors import BadInput, did_you_mean

# Physicians, and how often each district stands in the country.
SIZES = {"S": (2000, 1), "M": (50_000, 8)}
Progress = Callable[[str, int, int], None]


def generate(out: Path, size: str = "S", seed: int = 7, progress: Progress | None = None) -> World:
    """Simulates the demo company and writes its exports under `out`, one folder a system.

    The same size and seed give the same bytes. `progress(what, done, total)` is called before each
    export. Returns the simulated world, so that a test can compare. Raises BadInput for an unknown size.
    """
    if size not in SIZES:
        raise BadInput(
            f'size "{size}" is unknown',
            where="demo company",
            todo=did_you_mean(size, SIZES) or f"There is {', '.join(SIZES)}.",
        )
    count, copies = SIZES[size]
    world = simulate(count, seed, copies)
    keyring = salesforce.keys(world)
    crm = out / "veeva_crm"
    bad: dict[str, Any] = {"twins": keyring.twin}
    steps: tuple[tuple[str, Callable[[], object]], ...] = (
        ("CRM accounts and territories", lambda: veeva_reference.export(world, keyring, crm)),
        ("CRM calls", lambda: bad.update(veeva_activity.export(world, keyring, crm))),
        ("CRM plans and inquiries", lambda: veeva_plans.export(world, keyring, crm)),
        ("CRM e-mails", lambda: veeva_emails.export(world, keyring, crm)),
        ("Weekly prescriptions", lambda: rx_weekly.export(world, out / "rx_weekly")),
        ("Media", lambda: media_pld.export(world, out / "media")),
        ("Clinical sites", lambda: ctms.export(world, out / "ctms")),
        ("Company master data", lambda: company_master.export(world, out / "company_master")),
    )
    for done, (what, step) in enumerate(steps):
        if progress:
            progress(what, done, len(steps))
        step()
    key = json.dumps(answer_key(world, size, bad), indent=1, sort_keys=True)
    (out / "answer_key.json").write_text(key + "\n", encoding="utf-8")
    if progress:
        progress("answer key", len(steps), len(steps))
    return world
