"""Everything that can be named has its sentence, and the sentence is where a reader looks for it."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
import typer.main

from dashboard import cli
from dashboard.server import HARDENED
from data.contract import CONTRACT
from metrics.catalog import METRICS
from metrics.catalog.cues import CUES
from metrics.catalog.roles import ROLES

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = typer.main.get_command(cli.app)
ENVIRONMENT = re.compile(r"ONEPICTURE_[A-Z_]+")


def _catalogue() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_catalogue", ROOT / "docs" / "catalogue.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


CATALOGUE = _catalogue()


@pytest.mark.parametrize("page", sorted(CATALOGUE.BLOCKS))
def test_a_door_plate_says_what_is_declared(page: str) -> None:
    assert (ROOT / page).read_text(encoding="utf-8") == CATALOGUE.written(page), "make docs"


def _is_a_sentence(words: str, at_least: int = 4) -> bool:
    first = words[:1]
    return len(words.split()) >= at_least and (first.isupper() or first.isdigit()) and words.rstrip()[-1] in ".?!"


@pytest.mark.parametrize("name", sorted(METRICS))
def test_a_metric_has_its_sentence(name: str) -> None:
    metric = METRICS[name]
    assert _is_a_sentence(metric.definition), metric.definition
    assert metric.title
    assert all(_is_a_sentence(measure.doc, at_least=2) for measure in metric.measures)


@pytest.mark.parametrize("name", sorted(CUES))
def test_a_cue_has_its_sentences_and_a_lever_of_its_reader(name: str) -> None:
    cue = CUES[name]
    assert cue.title
    assert _is_a_sentence(cue.rule)
    assert _is_a_sentence(cue.evidence)
    assert all(lever.lever in ROLES[lever.role].levers for lever in cue.levers)


@pytest.mark.parametrize("name", sorted(ROLES))
def test_a_role_asks_a_question_and_can_do_something(name: str) -> None:
    role = ROLES[name]
    assert role.question.endswith("?")
    assert role.levers
    assert role.title


@pytest.mark.parametrize("path", sorted((ROOT / "data" / "mappings").glob("*.toml")), ids=lambda path: path.stem)
def test_a_layout_has_its_title_and_is_named_like_its_file(path: Path) -> None:
    layout = tomllib.loads(path.read_text(encoding="utf-8"))
    assert layout["name"] == path.stem
    assert len(layout["title"].split()) >= 2


@pytest.mark.parametrize("name", sorted(CONTRACT))
def test_a_table_and_its_columns_have_their_sentences(name: str) -> None:
    assert len(CONTRACT[name].grain.split()) >= 4
    assert all(column.doc.strip()[-1] in ".;" or len(column.doc.split()) > 2 for column in CONTRACT[name].columns)


@pytest.mark.parametrize("name", sorted(COMMANDS.commands))
def test_a_command_has_its_sentence_here_and_on_the_front_page(name: str) -> None:
    command = COMMANDS.commands[name]
    assert _is_a_sentence(command.help or "")
    assert f"`onepicture {name}" in (ROOT / "README.md").read_text(encoding="utf-8")
    for parameter in command.params:
        if parameter.name not in ("help",):
            assert getattr(parameter, "help", None), f"{name} {parameter.name}"


def test_a_setting_has_its_sentence() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    read = {
        word
        for room in ("dashboard", "metrics", "data", "tests")
        for path in (ROOT / room).rglob("*.py")
        for word in ENVIRONMENT.findall(path.read_text(encoding="utf-8"))
    }
    said = set(re.findall(r"^\| `([^`]+)` \| \S", text, re.M))
    assert {"ONEPICTURE_HOME", "ONEPICTURE_AS"} <= read
    assert (read | set(HARDENED)) - said == set()
    assert {name for name in said if ENVIRONMENT.fullmatch(name)} - read == set(), "named, but nothing reads it"


def _undocumented(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    name = path.relative_to(ROOT).as_posix()
    bare = [] if ast.get_docstring(tree) else [name]
    for part in tree.body:
        if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not part.name.startswith("_"):
            bare += [] if ast.get_docstring(part) else [f"{name}:{part.name}"]
            inside = part.body if isinstance(part, ast.ClassDef) else []
            bare += [
                f"{name}:{part.name}.{member.name}"
                for member in inside
                if isinstance(member, (ast.FunctionDef, ast.AsyncFunctionDef))
                and not member.name.startswith("_")
                and not ast.get_docstring(member)
            ]
    return bare


def test_everything_public_has_its_sentence() -> None:
    bare = [
        gap
        for room in ("dashboard", "metrics", "data")
        for path in sorted((ROOT / room).rglob("*.py"))
        for gap in _undocumented(path)
    ]
    assert bare == []
