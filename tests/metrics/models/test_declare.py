"""A model's inputs are read off its code; one with inputs of both sides fails, at import or when it tries."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pytest

from data.contract import CONTRACT
from data.errors import BadDeclaration
from metrics.build import BRIDGE, FLAGS, FORECASTS
from metrics.lineage import MADE_OF, sensitivities
from metrics.models.declare import Model, Watched

WALL = "joins medical activity to prescribing"
Write = Callable[[str], ModuleType]


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Write]:
    """Writes a module's code and imports it, as a model of ours would be."""
    names: list[str] = []

    def _write(code: str) -> ModuleType:
        name = f"metrics.models.tried_{len(names)}_{tmp_path.name.replace('-', '_')}"
        path = tmp_path / f"{name}.py"
        path.write_text(code, "utf-8")
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        names.append(name)
        spec.loader.exec_module(module)
        return module

    yield _write
    for name in names:
        del sys.modules[name]


def test_the_models_of_the_build_say_what_they_are_made_of() -> None:
    assert BRIDGE.sensitivities == MADE_OF["bridge"] == {"rx"}
    assert FLAGS.sensitivities == FORECASTS.sensitivities == {"site"}


@pytest.mark.parametrize(
    "body",
    [
        'con.execute("SELECT * FROM outcome").df(); con.execute("SELECT party FROM exchange").df()',
        'con.execute("SELECT 1 FROM outcome o JOIN exchange e ON o.subject = e.party")',
        'q = "SELECT 1 FROM outcome"; q += " JOIN inquiry i ON i.party = subject"; con.execute(q)',
        'con.execute(f"SELECT 1 FROM outcome JOIN exchange ON party = {1}")',
        'con.execute("CREATE TEMP TABLE t AS SELECT * FROM plan"); con.execute("SELECT 1 FROM t, congress")',
    ],
)
def test_a_model_with_inputs_of_both_sides_fails_at_import(written: Write, body: str) -> None:
    module = written(f"def fit(con, info):\n    {body}\n")
    with pytest.raises(BadDeclaration, match=WALL):
        Model(name="tried", run=module.fit)


def test_a_model_that_imports_the_other_side_fails(written: Write) -> None:
    other = written('SQL = "SELECT quantity FROM outcome"\ndef scripts(con):\n    return con.execute(SQL).df()\n')
    code = f'from {other.__name__} import scripts\ndef fit(con, info):\n    con.execute("SELECT party FROM exchange")\n'
    with pytest.raises(BadDeclaration, match=WALL):
        Model(name="tried", run=written(code).fit)
    code = f'from {other.__name__} import SQL\ndef fit(con, info):\n    con.execute("SELECT party FROM exchange")\n'
    with pytest.raises(BadDeclaration, match=WALL):
        Model(name="tried", run=written(code).fit)


def test_a_model_that_puts_its_statement_together_at_run_time_fails_when_it_tries(written: Write) -> None:
    code = 'def fit(con, info):\n    con.execute("SELECT quantity FROM " + "".join(["exch", "ange"]))\n'
    model = Model(name="tried", run=written(code).fit)
    assert model.sensitivities == frozenset()
    with pytest.raises(BadDeclaration, match="it reads medical_exchange"):
        model(duckdb.connect(), None)


def test_a_table_that_does_not_tell_what_it_is_made_of_fails(written: Write) -> None:
    code = 'def fit(con, info):\n    con.execute("SELECT quantity FROM outcome")\n'
    with pytest.raises(BadDeclaration, match="does not say that it is made of rx"):
        Model(name="tried", run=written(code).fit, writes=("study_finish",))


def test_a_watched_connection_gives_rows_and_nothing_to_go_around_it_with() -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE span (kind VARCHAR)")
    watched = Watched(con)
    rows = watched.execute("SELECT kind FROM span")
    assert rows.fetchall() == []
    for name in ("execute", "sql", "cursor", "query"):
        with pytest.raises(AttributeError):
            getattr(rows, name)
        if name != "execute":
            with pytest.raises(AttributeError):
                getattr(watched, name)
    with watched.within(frozenset({"site"}), "here"), pytest.raises(BadDeclaration, match="rx"):
        watched.execute("SELECT quantity FROM outcome")


def test_every_statement_that_derives_a_fact_tells_what_the_fact_tells() -> None:
    """The derivations' own statements, against the sensitivities tagged on the tables and facts they make."""
    from metrics.catalog.facts import FACTS
    from metrics.derive import commercial, medical, sites

    told: dict[str, Any] = {}
    for fact in FACTS.values():
        told.setdefault(fact.table.name, set()).update(fact.sensitivities(frozenset(fact.table.names)))
    checked = 0
    for text in (*commercial.STATEMENTS, *sites.STATEMENTS, medical.INQUIRY_STATE):
        name = text.split("CREATE TABLE ", 1)[1].split()[0] if "CREATE TABLE " in text else ""
        if name in told:
            assert sensitivities([text]) <= told[name], name
            checked += 1
    assert checked >= 6 and CONTRACT
