"""Nothing leaves by a way that nobody declared: pages, commands, parts, charts, downloads, files, addresses, logs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from dashboard import navigation, provider
from dashboard.cli import app
from dashboard.exits import EXITS, exits
from dashboard.web import guard
from data.audit.line import DOINGS

ROOM = Path(__file__).parents[2] / "dashboard"
HANDS_OUT = {"download_button", "file_uploader", "camera_input", "audio_input", "data_editor"}
WRITES = {"write_text", "write_bytes", "Workbook", "fdopen", "to_csv", "to_excel", "to_parquet", "to_json"}
ELEMENTS = {"markdown", "html", "table", "dataframe", "write", "metric", "altair_chart", "vega_lite_chart", "title"}


def _modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the dashboard by its dotted name, parsed."""
    for path in sorted(ROOM.rglob("*.py")):
        name = ".".join(path.relative_to(ROOM).with_suffix("").parts)
        yield name.removesuffix(".__init__"), ast.parse(path.read_text("utf-8"))


def _calls(tree: ast.Module) -> set[str]:
    """The last words of everything that a module calls."""
    called = (part.func for part in ast.walk(tree) if isinstance(part, ast.Call))
    return {getattr(each, "attr", getattr(each, "id", "")) for each in called}


def _opens_to_write(tree: ast.Module) -> bool:
    """Whether a module opens a file for writing."""
    opened = (
        part for part in ast.walk(tree)
        if isinstance(part, ast.Call) and getattr(part.func, "attr", getattr(part.func, "id", "")) == "open"
    )  # fmt: skip
    modes = (arg.value for part in opened for arg in part.args[:2] if isinstance(arg, ast.Constant))
    return any(isinstance(mode, str) and set(mode) <= set("wabx+t") and mode != "t" and mode for mode in modes)


def _commands(group: object, above: tuple[str, ...] = ()) -> Iterator[str]:
    for name, command in getattr(group, "commands", {}).items():
        if getattr(command, "commands", None):
            yield from _commands(command, (*above, name))
        else:
            yield " ".join((*above, name))


def test_every_page_is_declared() -> None:
    assert set(exits("page")) == set(navigation.ADDRESSES) == set(navigation.RENDERS)


def test_every_command_is_declared() -> None:
    assert set(exits("command")) == set(_commands(typer.main.get_command(app)))


@pytest.mark.parametrize(("kind", "folder"), [("part", "parts"), ("chart", "charts")])
def test_every_module_that_draws_is_declared(kind: str, folder: str) -> None:
    found = {path.stem for path in (ROOM / folder).glob("*.py")} - {"__init__"}
    assert set(exits(kind)) == found


def test_only_declared_rooms_put_something_on_a_page() -> None:
    """A view names things and places them; what draws is a part, or the app itself."""
    drawing = {name for name, tree in _modules() if ELEMENTS & _calls(tree) and "streamlit" in ast.dump(tree)}
    others = {name for name in drawing if name.partition(".")[0] not in ("parts", "views", "app", "gate", "drawn")}
    assert not others


def test_every_download_and_upload_is_declared() -> None:
    assert set(exits("download")) == {name for name, tree in _modules() if HANDS_OUT & _calls(tree)}


def test_every_module_that_writes_a_file_is_declared() -> None:
    assert set(exits("file")) == {name for name, tree in _modules() if WRITES & _calls(tree) or _opens_to_write(tree)}


def test_every_module_that_logs_is_declared() -> None:
    assert set(exits("log")) == {name for name, tree in _modules() if "getLogger" in _calls(tree)}


def test_every_address_of_the_server_that_the_app_names_is_declared() -> None:
    named = {guard.HEALTH, guard.METRICS, guard.LOGOUT, *guard.SIGNING_IN, provider.CALLBACK}
    assert named <= set(exits("address"))


def test_an_exit_is_declared_once_and_in_the_audits_own_words() -> None:
    assert len({(each.kind, each.name) for each in EXITS}) == len(EXITS)
    assert {each.did for each in EXITS if each.did} <= set(DOINGS)
