"""Every argument of every command, found in the command line itself, filled with what somebody hostile would type.

A command or an option that is added is tried without being named here: it has to refuse, unless it is declared below as
taking any text; and whatever was taken, the workspace still opens and its audit holds.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from dashboard.cli import app, run
from data.workspace import Workspace
from tests.soundness.hostile import HOSTILE, files, quiet

_TRIED = ("sql", "template", "path", "nul", "terminal", "right_to_left", "line", "formula", "numbers")
# A run tries every third of them on each place, beginning somewhere else on the next; ONEPICTURE_SEARCH=1 tries all.
WORDS = (*(HOSTILE[name] for name in _TRIED), "<img src=x onerror=alert(1)>" * 200)
# What a command needs beside the word that is tried, so that it gets as far as reading it.
NEEDED = {
    "--as": "rep", "--metrics": "trx", "--by": "HCP", "--reason": "because", "--who": "somebody", "--role": "rep",
    "--keep": "3", "--to": "kept", "PATH...": "exports", "DIR": "no-backup", "PARTY": "H01", "ID": "nothing",
    "FILE": "policy.toml", "PERSON": "somebody", "PAIR": "L-00000000",
}  # fmt: skip
BESIDE = {
    "refresh --mapping": ["exports"],
    "entitle grant --role": ["--issuer", "https://provider.example.com", "--node", "SM_N1a"],
    "entitle grant --node": ["--issuer", "https://provider.example.com"],
    "entitle grant --hierarchy": ["--issuer", "https://provider.example.com", "--node", "SM_N1a"],
    "entitle grant PERSON": ["--issuer", "https://provider.example.com", "--node", "SM_N1a"],
    "entitle grant --reason": ["--issuer", "https://provider.example.com", "--node", "SM_N1a"],
    "entitle grant --label": ["--issuer", "https://provider.example.com", "--node", "SM_N1a"],
    "entitle grant --team": ["--issuer", "https://provider.example.com", "--node", "SM_N1a"],
    "entitle grant --study": ["--issuer", "https://provider.example.com", "--node", "SM_N1a"],
    "entitle grant --issuer": ["--node", "SM_N1a"],
    "entitle revoke PERSON": ["--issuer", "https://provider.example.com"],
    "entitle revoke --reason": ["--issuer", "https://provider.example.com"],
}
# Any text is an answer here: a name, a note, a reason, a place of the operator's own, something looked for.
FREE = {
    "ask --out", "audit anchor --to", "audit export --out", "audit export --person", "audit export --product",
    "backup --to", "entitle grant PERSON", "entitle grant --label", "entitle grant --reason", "entitle grant --team",
    "entitle grant --study", "entitle grant --issuer", "entitle revoke PERSON", "entitle revoke --reason",
    "entitle revoke --issuer", "snapshots prune --keep", "policy apply --who", "policy apply --reason", "erase PARTY",
}  # fmt: skip
STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x9b\u202a-\u202e\u2066-\u2069]")
POLICY = '[[change]]\nrole = "rep"\nsensitivity = "rx"\nfrom = "Y"\nto = "N"\nwho = "w"\nday = 2026-01-31\n'


def _commands(group: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, (*above, name))
        else:
            yield " ".join((*above, name)), command


def _word(param: Any) -> str:
    """How an argument or an option is named on the command line."""
    return param.opts[0] if param.param_type_name == "option" else (param.metavar or param.name.upper()).strip("[]")


def _places() -> Iterator[tuple[str, str]]:
    """Every command with every word that it takes."""
    for name, command in _commands(typer.main.get_command(app)):
        for param in command.params:
            if not getattr(param, "is_flag", False) and _word(param) != "--home":
                yield name, _word(param)


def _filled(name: str, place: str, words: str) -> list[str]:
    """The command with the word in its place, and what it needs beside it."""
    command = dict(_commands(typer.main.get_command(app)))[name]
    told, arguments = name.split(), []
    for param in command.params:
        word = _word(param)
        if word == place or param.required:
            value = words if word == place else NEEDED.get(word, "nothing")
            if param.param_type_name == "option":
                told += [f"{word}={value}"]
            else:
                arguments.append(value)
    told += BESIDE.get(f"{name} {place}", [])
    return [*told, "--", *arguments] if arguments else told


@pytest.fixture(scope="module")
def made(smallland_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Smallland with one visitor, and beside it a policy and an export: what a command may name."""
    deep = tmp_path_factory.mktemp("hostile") / "a" / "b" / "c" / "d" / "e"
    home = Path(shutil.copytree(smallland_home, deep / "home"))
    Workspace.open(home).visitors_path.write_text(
        '[[visitor]]\nid = "rep"\nrole = "rep"\nhierarchy = "field"\nnode = "SM_N1a"\n', "utf-8"
    )
    (deep / "policy.toml").write_text(POLICY, "utf-8")
    (deep / "exports").mkdir()
    (deep / "exports" / "calls.csv").write_text("a,b\n1,2\n", "utf-8")
    return home


@pytest.fixture(scope="module")
def another(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same once more, to be written into."""
    deep = tmp_path_factory.mktemp("hostile") / "a" / "b" / "c" / "d" / "e"
    return Path(shutil.copytree(made.parent, deep)) / "home"


def _home(name: str, home: Path) -> list[str]:
    return [] if name == "metrics" else ["--home", str(home)]


def _some(name: str, place: str) -> tuple[str, ...]:
    return WORDS if os.environ.get("ONEPICTURE_SEARCH") else WORDS[len(name + place) % 3 :: 3]


@pytest.mark.parametrize(("name", "place"), list(_places()), ids=lambda part: part.replace(" ", "-"))
def test_every_word_that_a_command_takes_is_answered_and_nothing_happens(
    made: Path, another: Path, name: str, place: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    free = f"{name} {place}" in FREE  # it may do what it is asked: on a copy, which is looked at afterwards
    root = (another if free else made).parent
    home, before = root / "home", files(root)
    monkeypatch.chdir(root)
    for words in _some(name, place):
        first, *rest = _filled(name, place, words)
        at = len(name.split()) - 1
        code = run([first, *rest[:at], *_home(name, home), *rest[at:]])
        told = capsys.readouterr()
        assert code in ((0, 2, 3, 4) if free else (2, 3, 4)), (code, words[:60], told.err[-300:])
        quiet((told.out + told.err).replace(str(home), "").replace(str(root), ""), home, words)
        if code:
            assert not told.out.strip()
            assert re.search(r"[.?!)] +[^ ].*[.?!\w)`]$", told.err.strip(), re.S), ("what, and what to do", told.err)
        assert not STEERS.search(told.err), "nothing steers a terminal"
    assert free or files(root) == before


def test_whatever_was_taken_is_read_again_steers_no_terminal_and_computes_nothing(
    another: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Comes last: the workspace into which every command above wrote what it was told."""
    sheet = ["audit", "export", "--format=xlsx", f"--out={another.parent / 'audit.xlsx'}"]
    listed = ["entitle", "list"]
    for question in (["audit", "verify"], ["policy", "show"], listed, [*listed, "--format=csv"], sheet):
        assert run([*question, "--home", str(another)]) == 0, capsys.readouterr()
        told = capsys.readouterr()
        assert not STEERS.search(told.out), question
        assert not re.search(r"^[=@]|,[=@]", told.out, re.M), question
