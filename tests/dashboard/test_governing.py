"""The policy on the command line: shown, simulated, applied; every refusal in three parts with its exit code."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from dashboard.cli import run
from tests.metrics.test_policy_force import WIDER


@pytest.fixture
def home(smallland_home: Path, tmp_path: Path) -> Path:
    """A Smallland of one's own, with visitors."""
    own = tmp_path / "own"
    shutil.copytree(smallland_home, own)
    (own / "visitors.toml").write_text(
        '[[visitor]]\nid = "region"\nrole = "regional_director"\nhierarchy = "field"\nnode = "SM_N"\n', "utf-8"
    )
    return own


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A policy that widens one cell with its reason."""
    path = tmp_path / "wider.toml"
    path.write_text(WIDER, "utf-8")
    return path


def test_the_grid_is_shown_and_one_role_with_its_limits(home: Path, capsys: Any) -> None:
    assert run(["policy", "show", "--home", str(home), "--format", "json"]) == 0
    grid = {row["sensitivity"]: row for row in json.loads(capsys.readouterr().out)}
    assert grid["medical_exchange"]["rep"] == "N" and grid["pdrp"]["rep"] == "hidden"
    assert run(["policy", "show", "--role", "rep", "--home", str(home), "--format", "json"]) == 0
    cells = {row["sensitivity"]: row for row in json.loads(capsys.readouterr().out)}
    assert "FDA" in cells["scientific_content"]["limit"]


def test_a_simulation_says_for_whom_and_changes_nothing(home: Path, file: Path, capsys: Any) -> None:
    assert run(["policy", "simulate", str(file), "--home", str(home)]) == 0
    said = capsys.readouterr()
    words = said.out + said.err
    assert "by HCP (7)" in words and "Nothing was changed." in words and "one visitor" in words
    assert not (home / "policy.toml").exists() and not (home / "ledger.sqlite").exists()


def test_what_is_applied_is_shown_as_applied(home: Path, file: Path, capsys: Any) -> None:
    assert run(["policy", "apply", str(file), "--who", "Ada", "--home", str(home)]) == 0
    assert "Media exposure for the regional director" in capsys.readouterr().out
    assert run(["policy", "show", "--role", "regional_director", "--home", str(home), "--format", "json"]) == 0
    cells = {row["sensitivity"]: row for row in json.loads(capsys.readouterr().out)}
    media = cells["media_exposure"]
    assert (media["grant"], media["declared"], media["changed"], media["reason"]) == ("Y", "A", "opened", "a pilot")


@pytest.mark.parametrize("text", ["[[change", WIDER.replace("a pilot", ""), WIDER.replace('"Y"', '"YY"')])
def test_a_bad_file_is_an_answer_in_words_and_no_change(home: Path, tmp_path: Path, text: str, capsys: Any) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(text, "utf-8")
    for command in (["simulate", str(bad)], ["apply", str(bad), "--who", "Ada"]):
        assert run(["policy", *command, "--home", str(home)]) == 2
        assert "bad.toml" in capsys.readouterr().err
    assert not (home / "policy.toml").exists()


def test_a_missing_file_and_an_unknown_role_are_said(home: Path, tmp_path: Path, capsys: Any) -> None:
    assert run(["policy", "simulate", str(tmp_path / "none.toml"), "--home", str(home)]) == 2
    assert "cannot be read" in capsys.readouterr().err
    assert run(["policy", "show", "--role", "reps", "--home", str(home)]) == 2
    assert 'Did you mean "rep"' in capsys.readouterr().err
