"""The command line on the demo company: shapes, exit codes, three-part errors, one audit line an ask."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from dashboard.cli import run
from metrics.periods import WINDOWS

ROOT = Path(__file__).resolve().parents[2]
HEAD = ["node_id", "node", "level", "period_start", "period_end"]
NAMES = ["trx", "share", "calls"]
Said = tuple[int, str, str]


@pytest.fixture
def onepicture(demo_home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Runs one command on the demo company: its exit code, its answer, and what was said about it."""

    def _run(*words: str, home: Path | None = demo_home) -> Said:
        capsys.readouterr()
        code = run([*words, *(("--home", str(home)) if home else ())])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return _run


def _ask(*words: str, who: str = "leader", metrics: str = "trx", by: str = "region") -> tuple[str, ...]:
    return ("ask", "--as", who, "--metrics", metrics, "--by", by, *words)


def _rows(out: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out)))


def test_csv_has_the_agreed_columns_sorted_and_whole_counts(onepicture) -> None:
    asked = _ask("--within", "US", "--format", "csv", "--compare", "previous", metrics="trx,share,calls")
    code, out, _ = onepicture(*asked)
    assert code == 0
    rows = _rows(out)
    assert list(rows[0]) == [*HEAD, *NAMES, *(f"{name}__previous" for name in NAMES), "withheld"]
    assert [row["node_id"] for row in rows] == sorted(row["node_id"] for row in rows)
    assert {row["level"] for row in rows} == {"region"}
    assert all(re.fullmatch(r"\d+", row["calls"]) for row in rows)
    assert all(re.fullmatch(r"\d+(\.\d{0,3}[1-9])?", row["trx"]) for row in rows)
    assert all(0 < float(row["share"]) < 100 for row in rows if row["share"])
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", row["period_end"]) for row in rows)


def test_the_regions_add_up_to_the_nation(onepicture) -> None:
    regions = _rows(onepicture(*_ask("--format", "csv"))[1])
    nation = _rows(onepicture(*_ask("--format", "csv", by="nation"))[1])
    assert sum(Decimal(row["trx"]) for row in regions) == Decimal(nation[0]["trx"]) > 0


def test_json_has_the_agreed_shape(onepicture) -> None:
    code, out, _ = onepicture(*_ask("--format", "json", "--compare", "year"))
    answer = json.loads(out)
    assert code == 0
    assert list(answer) == ["as_of", "snapshot", "rows", "withheld"]
    assert answer["as_of"] == "2026-11-22"
    assert list(answer["rows"][0]) == [*HEAD, "trx", "trx__year"]
    assert all(row["trx"] > 0 for row in answer["rows"])
    assert all(set(item) == {"metric", "node_id", "reason"} for item in answer["withheld"])


def test_every_form_says_the_same_number(onepicture) -> None:
    from_csv = {
        row["node_id"]: int(row["calls"]) for row in _rows(onepicture(*_ask("--format", "csv", metrics="calls"))[1])
    }
    answer = json.loads(onepicture(*_ask("--format", "json", metrics="calls"))[1])
    assert from_csv == {row["node_id"]: row["calls"] for row in answer["rows"]}
    table = onepicture(*_ask(metrics="calls"))[1]
    assert all(f"{count:,}" in table for count in from_csv.values())


def test_what_is_withheld_is_an_empty_cell_with_a_word(onepicture) -> None:
    code, out, _ = onepicture(*_ask("--format", "csv", who="rep", metrics="trx,enrolled", by="territory"))
    assert code == 0
    for row in _rows(out):
        assert row["trx"]
        assert row["enrolled"] == ""
        assert row["withheld"].startswith("enrolled: ")


def test_a_person_is_named_only_to_whoever_sees_them_row_by_row(onepicture) -> None:
    code, out, _ = onepicture(*_ask("--format", "csv", who="rep", by="hcp", metrics="calls"))
    rows = _rows(out)
    assert code == 0
    assert len(rows) > 10
    assert any(row["node"] != row["node_id"] for row in rows)
    code, out, _ = onepicture(*_ask("--format", "csv", who="leader", by="hcp"))
    assert code == 3
    assert out == ""


@pytest.mark.parametrize("window", WINDOWS["week"])
def test_every_standard_window_is_answered(onepicture, window: str) -> None:
    code, out, _ = onepicture(*_ask("--period", window, "--format", "csv", by="nation"))
    assert code == 0
    assert float(_rows(out)[0]["trx"]) > 0


def test_a_product_is_found_by_name(onepicture) -> None:
    whole = float(_rows(onepicture(*_ask("--format", "csv", by="nation"))[1])[0]["trx"])
    code, _, err = onepicture(*_ask("--product", "Nosuch", by="nation"))
    assert code == 2
    named = re.search(r'(?:Loaded: |Did you mean ")([^",.]+)', err)
    assert named, err
    code, out, _ = onepicture(*_ask("--product", named[1].upper(), "--format", "csv", by="nation"))
    assert code == 0
    assert 0 < float(_rows(out)[0]["trx"]) < whole


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (_ask(metrics="call_atainment"), "call_"),
        (_ask(by="regoin"), 'Did you mean "region"'),
        (_ask("--within", "Atlantis"), 'no node "Atlantis"'),
        (_ask("--period", "C12W"), "C13W"),
        (_ask("--compare", "budget"), "--compare previous"),
        (_ask("--format", "xml"), "xml"),
        (_ask(who="leeder"), 'Did you mean "leader"'),
        (("ask", "--as", "leader", "--by", "region"), "--metrics"),
        (("cues",), "--as"),
        (("bild",), "build"),
        (("import", "nowhere/at/all"), "nowhere"),
        (("check", "nowhere/at/all"), "nowhere"),
        (("build", "--as-of", "22.11.2026"), "22.11.2026"),
    ],
    ids=lambda part: " ".join(part)[:40] if isinstance(part, tuple) else "",
)
def test_a_wrong_question_exits_2_and_says_what_to_do(onepicture, words: tuple[str, ...], part: str) -> None:
    code, out, err = onepicture(*words)
    assert (code, out) == (2, "")
    assert part in err
    assert len(err.strip().splitlines()) == 1, err


@pytest.mark.parametrize(
    "words",
    [
        _ask(who="rep", metrics="enrolled", by="territory"),
        _ask(who="msl", metrics="trx", by="MSL territory"),
        _ask("--within", "US", who="rep", by="territory"),
        _ask(who="leader", by="hcp"),
    ],
    ids=" ".join,
)
def test_a_denial_exits_3_with_its_reason(onepicture, words: tuple[str, ...]) -> None:
    code, out, err = onepicture(*words)
    assert (code, out) == (3, "")
    assert len(err.split()) > 5


@pytest.mark.parametrize("words", [_ask(), ("cues", "--as", "leader"), ("visitors",), ("build",), ("serve",)])
def test_without_a_workspace_it_exits_4(onepicture, tmp_path: Path, words: tuple[str, ...]) -> None:
    code, out, err = onepicture(*words, home=tmp_path / "empty")
    assert (code, out) == (4, "")
    assert "onepicture demo" in err
    assert not (tmp_path / "empty").exists()


def test_without_a_snapshot_it_exits_4(onepicture, demo_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "unbuilt"
    (home / "snapshots").mkdir(parents=True)
    shutil.copy(demo_home / "workspace.toml", home)
    shutil.copy(demo_home / "visitors.toml", home)
    code, _, err = onepicture(*_ask(), home=home)
    assert code == 4
    assert "onepicture build" in err


@pytest.mark.parametrize("where", ["before", "after", "environment"])
def test_the_home_is_named_in_three_ways(
    demo_home: Path, where: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    named = ["--home", str(demo_home)]
    if where == "environment":
        monkeypatch.setenv("ONEPICTURE_HOME", str(demo_home))
    words = [*(named if where == "before" else []), "visitors", *(named if where == "after" else [])]
    assert run(words) == 0
    assert "national_leader" in capsys.readouterr().out


def test_visitors_are_listed_in_every_form(onepicture) -> None:
    rows = _rows(onepicture("visitors", "--format", "csv")[1])
    listed = json.loads(onepicture("visitors", "--format", "json")[1])
    assert {"leader", "region", "district", "rep", "msl", "meddir", "site", "steward"} <= {row["id"] for row in rows}
    assert [row["id"] for row in rows] == [item["id"] for item in listed]
    assert isinstance(listed[0]["studies"], list)


@pytest.mark.parametrize("who", ["rep", "msl", "leader"])
def test_cues_come_with_reasons_and_a_due_date(onepicture, who: str) -> None:
    code, out, _ = onepicture("cues", "--as", who, "--format", "json")
    cards = json.loads(out)
    assert code == 0
    assert 1 <= len(cards) <= 5
    for card in cards:
        assert len(card["headline"]) <= 90
        assert len(card["reasons"]) == 3
        assert card["owner"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", card["due"])
    assert cards[0]["headline"] in onepicture("cues", "--as", who)[1]
    assert len(_rows(onepicture("cues", "--as", who, "--format", "csv")[1])) == len(cards)


def test_every_metric_is_listed(onepicture) -> None:
    rows = _rows(onepicture("metrics", "--format", "csv", home=None)[1])
    assert {"trx", "share", "flagging_sites"} <= {row["metric"] for row in rows}


def test_each_ask_writes_one_audit_line(onepicture, demo_home: Path) -> None:
    from data.ledger import Ledger
    from data.workspace import Workspace

    ledger = Ledger(Workspace.open(demo_home))
    before = len(ledger.audit_lines())
    onepicture(*_ask("--format", "csv"))
    onepicture(*_ask(who="rep", metrics="enrolled", by="territory"))
    lines = ledger.audit_lines()
    assert len(lines) == before + 2


def test_check_accounts_for_every_row_and_writes_nothing(onepicture, demo_home: Path, tmp_path: Path) -> None:
    code, out, _ = onepicture(
        "check", str(demo_home / "exports" / "ctms"), "--format", "json", home=tmp_path / "unused"
    )
    answer = json.loads(out)
    assert code == 0
    assert answer["files"]
    for file in answer["files"]:
        assert file["read"] == file["kept"] + file["left_out"] + file["superseded"] + file["quarantined"]
    assert not (tmp_path / "unused").exists()


def test_a_demo_that_stands_is_left_as_it_is(onepicture, demo_home: Path) -> None:
    current = (demo_home / "snapshots" / "CURRENT").read_text()
    code, _, err = onepicture("demo")
    assert code == 0
    assert "stand" in err
    assert (demo_home / "snapshots" / "CURRENT").read_text() == current


def test_a_demo_never_takes_a_companys_place(onepicture, tmp_path: Path) -> None:
    from data.workspace import Workspace

    Workspace.create(tmp_path / "acme", "company")
    code, _, err = onepicture("demo", home=tmp_path / "acme")
    assert code == 2
    assert "another" in err


def test_a_fault_of_the_program_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    monkeypatch.setattr("dashboard.asking.METRICS", {"broken": None})
    assert run(["metrics"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "ONEPICTURE_TRACE" in said.err
    assert "Traceback" not in said.err
    monkeypatch.setenv("ONEPICTURE_TRACE", "1")
    with pytest.raises(AttributeError):
        run(["metrics"])


def test_help_is_short_and_names_every_command() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "dashboard", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    for name in ("demo", "import", "check", "build", "serve", "visitors", "metrics", "ask", "cues"):
        assert re.search(rf"^  {name} ", shown.stdout, re.M)
