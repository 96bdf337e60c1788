"""What every command prints and every file holds, against the oracle of whoever may take it.

A visitor's answers hold what that visitor may know. What the operator's own commands print is passed on, so it says of
nobody who it is. What anybody may read says nothing of the company at all.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.cli import run
from dashboard.exits import exits
from data import shelf
from data.workspace import Workspace
from tests.smallco import MAPPING, exports, written
from tests.soundness import canaries
from tests.soundness.witness import Witness

POLICY = '[[change]]\nrole = "rep"\nsensitivity = "rx"\nfrom = "Y"\nto = "N"\nwho = "w"\nday = 2026-01-31\n'
NAMES = "trx,writers,share,calls,reach,impressions,inquiries,turnaround_median,exchanges,enrolled"
ASKED = ["ask", "--metrics", NAMES, "--product", "alfa", "--by"]
PERSON = "Canary Someone"  # in a file that is read in
ISSUER = ["--issuer", "https://provider.example.com"]
# Every command as the operator would type it, in an order in which each finds what it needs; "{}" is the home.
COMMANDS: dict[str, list[list[str]]] = {
    "visitors": [["visitors"], ["visitors", "--format", "json"]],
    "metrics": [["metrics"]],
    "check": [
        ["check", "exports", "--mapping", "smallco.toml"],
        ["check", "exports"],
        ["check", "exports", "--mapping", "smallco.toml", "--report", "report.html"],
    ],
    "import": [["import", "exports", "--mapping", "smallco.toml", "--home", "other"]],
    "refresh": [["refresh", "exports", "--mapping", "smallco.toml", "--home", "other"]],
    "build": [["build", "--home", "other"]],
    "demo": [["demo", "--home", "other"]],
    "snapshots list": [["snapshots", "list"]],
    "snapshots diff": [["snapshots", "diff", "{serves}"]],
    "snapshots verify": [["snapshots", "verify"]],
    "snapshots use": [["snapshots", "use", "{serves}", "--reason", "back"]],
    "snapshots prune": [["snapshots", "prune", "--keep", "3"]],
    "policy show": [["policy", "show"], ["policy", "show", "--role", "rep"]],
    "policy simulate": [["policy", "simulate", "policy.toml"]],
    "policy apply": [["policy", "apply", "policy.toml", "--who", "w"]],
    "entitle grant": [["entitle", "grant", "ada", "--role", "rep", "--node", "SM_N1a", "--reason", "r", *ISSUER]],
    "entitle revoke": [["entitle", "revoke", "ada", "--reason", "r", *ISSUER]],
    "entitle list": [["entitle", "list"]],
    "link review": [["link", "review"], ["link", "review", "--format", "json"]],
    "link list": [["link", "list"]],
    "link accept": [["link", "accept", "nothing", "--who", "w", "--reason", "r"]],
    "link refuse": [["link", "refuse", "nothing", "--who", "w", "--reason", "r"]],
    "quarantine list": [["quarantine", "list"], ["quarantine", "list", "--format", "json", "--home", "other"]],
    "quarantine replay": [["quarantine", "replay", "--home", "other"]],
    "ask": [], "cues": [],  # each visitor's own, below
    "audit export": [["audit", "export"], ["audit", "export", "--person", "H01"]],
    "audit verify": [["audit", "verify"]],
    "audit anchor": [["audit", "anchor", "--to", "anchors"]],
    "backup": [["backup", "--to", "safe"]],
    "restore": [["restore", "{backup}", "--home", "third"]],
    "erase": [["erase", "H05", "--prove"], ["erase", "H05", "--reason", "objection"], ["erase", "H05"]],
    "serve": [["serve", "--as", "nobody"]],
}  # fmt: skip
# Every kind of file, written below by `ask --out`, `check --report` and `audit export --out`; "demo" writes an invented
# company, of which nobody exists.
FILES = ("exports.filed", "exports.workbook", "exports.check_report", "auditing", "demo")


@pytest.fixture(scope="module")
def home(canary_company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company, to be written into."""
    return Path(shutil.copytree(canary_company, tmp_path_factory.mktemp("commands") / "home"))


@pytest.mark.parametrize("visitor", canaries.VISITORS)
def test_no_answer_and_no_file_tells_a_visitor_what_it_may_not_know(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], visitor: str
) -> None:
    """Printed for people, as a workbook, as text for a program; refused or not."""
    witness, answered = Witness(), 0
    hows = ([], ["--within", "SM_S1a"], ["--period", "2026-08..2026-09", "--within", "SM_N1a"])
    asked = [([*ASKED, by], hows[at]) for at, by in enumerate(("territory", "HCP", "site"))]
    for (what, how), ending in zip(
        [*asked, *asked[:2], (["cues"], [])], ("", "xlsx", "json", "csv", "", ""), strict=True
    ):
        out = tmp_path / f"answer.{ending}"
        code = run([*what, "--as", visitor, *how, *(["--out", str(out)] if ending else []), "--home", str(home)])
        assert code in (0, 2, 3), code
        answered += code == 0
        told = capsys.readouterr()
        witness.hears(visitor, f"{what[-1]} {how}", [_without_the_question(told.out + told.err, how)])
        if ending and code == 0:
            witness.hears(visitor, f"{what[-1]} {how} {ending}", list(_inside(out)))
    assert answered
    assert not witness.leaks, witness.leaks[:10]


def _without_the_question(told: str, how: list[str]) -> str:
    """An answer without the words that the asker typed: an error may say them back."""
    for word in how:
        told = told.replace(f'"{word}"', "")
    return told


def _inside(path: Path) -> Iterator[Any]:
    """All that a file holds."""
    from openpyxl import load_workbook

    if path.suffix != ".xlsx":
        yield path.read_text("utf-8")
        return
    book = load_workbook(path, read_only=True)
    yield from (cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)


def test_no_command_of_the_operator_says_who_anybody_is(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lists, reports, findings and errors are passed on: a person is an opaque id in them, or a number."""
    assert set(COMMANDS) == set(exits("command")), "a command that is added has its line here"
    own, witness = Path(shutil.copytree(home, tmp_path / "home")), Witness()
    made = {name: text.replace("Person", PERSON) for name, text in exports().items()}
    made["hcp.csv"] += f"not a number,{PERSON} Else,C1\n"
    made["rx.csv"] += f"{PERSON},alfa,2026-11-13,soon\n"
    written(tmp_path / "exports", made)
    (tmp_path / "smallco.toml").write_text(MAPPING, "utf-8")
    (tmp_path / "policy.toml").write_text(POLICY, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("dashboard.demo.make_demo", lambda *_, **__: None)  # nobody in it exists
    for name, calls in COMMANDS.items():
        for call in calls:
            serves = shelf.pointed(own / "snapshots")
            backup = next((tmp_path / "safe").glob("*"), tmp_path)
            typed = [word.format(serves=serves, backup=backup) for word in call]
            where = [] if "--home" in typed or name == "metrics" else ["--home", str(own)]
            code = run([*typed, *where])
            told = capsys.readouterr()
            assert code in (0, 2), (typed, told.err)
            known = canaries.of_everybody() if exits("command")[name].guard == "nothing" else canaries.of_persons()
            witness.hears("operator", " ".join(call), [told.out, told.err], secrets=known)
            assert PERSON not in told.out + told.err, call
    assert PERSON not in (tmp_path / "report.html").read_text("utf-8")
    sheet = tmp_path / "audit.xlsx"
    assert run(["audit", "export", "--format", "xlsx", "--out", str(sheet), "--home", str(own)]) == 0
    witness.hears("operator", "audit export --out", list(_inside(sheet)), secrets=canaries.of_persons())
    assert not witness.leaks, witness.leaks[:10]
    assert Workspace.open(own).people_path.exists()
