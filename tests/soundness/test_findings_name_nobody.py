"""A finding is read by many: it says what is wrong, where and how often, and never who somebody is.

Every finding of the demo company and of Smallland, and what `check`, `import` and `build` print of files in which
everything is wrong that can be, against every name, number, CRM id, e-mail address and street that was read.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dashboard.cli import run
from data.snapshot import open_snapshot
from data.workspace import Workspace
from metrics.cues.inbox import cues_for
from metrics.visitors import visitors
from tests.smallco import MAPPING, exports, written

NPI, OTHER, CRM, ME = "1234567893", "1003000126", "001Kx000005Vq6QIAS", "01234567890"
NAME, STREET, MAIL = "Jane Canaryfield", "7 Canaryfield Lane", "jane@canaryfield.example"
WHO = (NPI, OTHER, CRM, ME, "Canaryfield", "canaryfield")
DOUBLED = (
    MAPPING.replace(
        'headers = ["npi", "name", "city"]',
        """headers = ["npi", "name", "city"]
[source.join.street]
source = "street"
on = { npi = "npi" }
columns = { street = "street" }
FIRST""",
    )
    + '\n[[source]]\nid = "street"\nfile = ["street*"]\nheaders = ["npi", "street"]\n'
)
# What is wrong, the mapping, and the files that are changed for it.
WRONG: dict[str, tuple[str, dict[str, str]]] = {
    "nobody known in a lookup": (DOUBLED.replace("FIRST", ""), {"street.csv": f"npi,street\n9,{STREET}\n"}),
    "somebody twice in a lookup": (
        DOUBLED.replace("FIRST", 'duplicates = "first"'),
        {"street.csv": f"npi,street\n{NPI},{STREET}\n{NPI},{STREET} 8\n"},
    ),
    "somebody twice, refused": (
        DOUBLED.replace("FIRST", ""), {"street.csv": f"npi,street\n{NPI},{STREET}\n{NPI},{STREET} 8\n"},
    ),
    "no headers": (MAPPING, {"hcp.csv": f"{NPI},{NAME},{MAIL}\n{OTHER},{NAME},{STREET}\n"}),
    "no headers and one column": (MAPPING, {"hcp.csv": f"{NAME}%{NPI}%{MAIL}\n"}),
    "columns moved": (MAPPING, {"rx.csv": f"npi,product,week_ending,trx\n{NAME},{NPI},{MAIL},{CRM}\n"}),
    "a row too long": (MAPPING, {"hcp.csv": f"npi,name,city\n{NPI},{NAME},C0,{MAIL},{STREET}\n"}),
    "a quote that stays open": (MAPPING, {"hcp.csv": f'npi,name,city\n{NPI},"{NAME},C0\n'}),
    "somebody whom no file knows": (MAPPING, {"rx.csv": f"npi,product,week_ending,trx\n{CRM},Alfa,2026-11-13,5\n"}),
    "an id that is none": (MAPPING, {"hcp.csv": f"npi,name,city\n{ME},{NAME},C0\n{NPI},{NAME},C0\n{NPI},{MAIL},C1\n"}),
    "somebody at two places": (MAPPING, {"aligned.csv": f"npi,territory\n{NPI},SC_N1\n{NPI},SC_N2\n{NPI},nowhere\n"}),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_no_account_of_an_import_says_who_anybody_is(
    tmp_path: Path, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping, files = WRONG[wrong]
    people = {"hcp.csv": exports()["hcp.csv"] + f"{NPI},{NAME},C1\n"}
    folder = written(tmp_path / "exports", {**exports(), **people, **files})
    own = written(tmp_path, {"smallco.toml": mapping}) / "smallco.toml"
    told = []
    for form in ("table", "json"):
        run(["check", str(folder), "--mapping", str(own), "--format", form])
        told += [*capsys.readouterr()]
    report = tmp_path / "report.html"
    if run(["check", str(folder), "--mapping", str(own), "--report", str(report)]) == 0:
        told.append(report.read_text("utf-8"))
    home = tmp_path / "home"
    run(["import", str(folder), "--mapping", str(own), "--home", str(home)])
    run(["quarantine", "list", "--home", str(home)])
    if wrong == "somebody at two places":  # what only a build can see
        assert run(["build", "--home", str(home)]) == 0
        told += map(str, open_snapshot(Workspace.open(home)).findings())
    told += [*capsys.readouterr()]
    assert "".join(told).strip(), "something is said of it"
    assert not [(who, line) for line in "\n".join(told).splitlines() for who in WHO if who in line]


def _identifiers(home: Path) -> tuple[set[str], set[str]]:
    """Every outside id and every name that the workspace was told of a clinician or a colleague."""
    with closing(sqlite3.connect(Workspace.open(home).people_path)) as store:
        rows = store.execute("SELECT ref, npi, me, crm, name FROM claim").fetchall()
    ids = {text.rpartition(":")[2] for ref, npi, me, crm, _ in rows for text in (ref, npi, me, crm) if text}
    return {each for each in ids if len(each) > 3}, {name for *_, name in rows if name}


def test_no_finding_of_the_demo_says_who_anybody_is(demo_home: Path) -> None:
    """What the steward's page and everybody's cues about the data are made of."""
    snapshot, (ids, names) = open_snapshot(Workspace.open(demo_home)), _identifiers(demo_home)
    told = [str(finding) for finding in snapshot.findings()]
    for visitor in visitors(Workspace.open(demo_home)):
        cards = cues_for(visitor, snapshot, most=100_000)
        told += [f"{card.headline} {card.reasons}" for card in cards if card.kind in ("data", "compliance")]
    assert len(ids) > 2_000 and len(names) > 1_000 and len(told) > 8
    words = {word for line in told for word in re.findall(r"[\w-]+", line)}
    assert not words & ids
    assert not [name for name in names for line in told if name in line]
