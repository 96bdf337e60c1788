"""However an export is spoilt: never a traceback, never a silent loss, and every row that was read has its fate.

`make fuzz` spoils 2,500 files of every layout; a hundred of them are part of every run, the same ones each time.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings

from data.conform import ImportReport, import_paths
from data.errors import BadInput
from data.mapping import load_mappings
from data.workspace import Workspace
from tests.data.exported import EXPORTS
from tests.data.handmade import quarantined
from tests.soundness.spoiling import Spoilt, spoilt_files

QUICK = ("rx_long", "sales", "pld", "ctms", "open_payments", "rx_weekly_wide")
FILES = int(os.environ.get("ONEPICTURE_FUZZ", "2500"))
# What an importer would say of its own fault, which no file may bring about.
OWN_FAULTS = ("fault of the importer", "an expression cannot be computed", "is a column already")
spoilt_alike = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@pytest.fixture(autouse=True)
def _mappings_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped mappings, read once for all files: what is tried here is the files."""
    layouts = load_mappings()
    monkeypatch.setattr("data.conform.load_mappings", lambda *_: layouts)


@settings(max_examples=100, **spoilt_alike)
@given(spoilt_files(QUICK))
def test_a_hundred_spoilt_files_each_have_every_row_accounted_for(spoilt: Spoilt) -> None:
    _tried(spoilt)


@pytest.mark.slow
@settings(max_examples=FILES, **spoilt_alike)
@given(spoilt_files(tuple(sorted(EXPORTS))))
def test_thousands_of_spoilt_files_each_have_every_row_accounted_for(spoilt: Spoilt) -> None:
    _tried(spoilt)


def _tried(spoilt: Spoilt) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "in" / spoilt.name
        path.parent.mkdir()
        path.write_bytes(spoilt.content)
        workspace = Workspace.create(Path(folder) / "home")
        refused, report = None, None
        try:
            report = import_paths(workspace, [path.parent])
        except BadInput as problem:
            refused = problem
        if refused is not None:
            assert refused.what and refused.where and refused.todo, spoilt
            assert not [words for words in OWN_FAULTS if words in str(refused)], spoilt
        if report is not None:
            _accounted(spoilt, report, workspace)


def _accounted(spoilt: Spoilt, report: ImportReport, workspace: Workspace) -> None:
    """Every row of the file is kept, left out by a named rule, superseded or set aside with its text and reason."""
    told = [f"{finding.what} {finding.todo}" for finding in report.findings]
    assert not [words for words in told if any(fault in words for fault in OWN_FAULTS)], spoilt
    assert report.accounts or told, spoilt
    for account in report.accounts:
        fates = account.kept + sum(account.left_out.values()) + account.superseded + account.quarantined
        assert account.read == fates, spoilt
        assert all(account.left_out), "each rule has its words"
    aside = quarantined(workspace)
    assert len(aside) == sum(account.quarantined for account in report.accounts), spoilt
    assert all(line and reason and text.strip() for line, text, reason in aside), (spoilt, aside)
    lines = _lines(spoilt)
    if lines is not None and report.accounts:
        above = [re.match(r"\d+", f.what) for f in report.findings if f.code == "lines_above"]
        skipped = int(above[0].group()) if above and above[0] else 0
        # A title may hold blank lines, which were no rows anyhow.
        assert lines - 1 - skipped <= report.accounts[0].read <= lines - 1, spoilt


def _lines(spoilt: Spoilt) -> int | None:
    """How many lines that are not blank a plain text file has, counted apart from everything of ours."""
    content = spoilt.content
    strange = (b'"', b"'", b"\x00", b"\x1f\x8b", b"PK\x03\x04", b"\xff\xfe", b"\xfe\xff")
    if any(mark in content for mark in strange):
        return None
    return sum(bool(line.strip()) for line in re.split(rb"\r\n|\r|\n", content))
