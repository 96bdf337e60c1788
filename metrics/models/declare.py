"""What a stage of the build reads: read off its code, refused where it may not be joined, watched while it runs."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlglot.errors import SqlglotError

from data.contract import CONTRACT
from data.errors import BadDeclaration
from metrics import links
from metrics.catalog.derived import DERIVED
from metrics.lineage import MADE_OF, sensitivities

_STATEMENT = re.compile(r"\s*(SELECT|WITH|FROM|CREATE|INSERT|UPDATE|COPY)\s", re.IGNORECASE)
_READS = re.compile(r"\b(?:FROM|JOIN)\s+\"?(\w+)", re.IGNORECASE)
_WRITES = re.compile(r"\bCREATE\s+(?:OR\s+REPLACE\s+)?(?:TEMP\s+)?(?:TABLE|VIEW)\s+\"?(\w+)", re.IGNORECASE)
_OURS = ("metrics.models", "metrics.derive")


@dataclass(frozen=True, kw_only=True)
class Model:
    """One thing that the build computes and stores: what it is called, the function that runs it, what it writes.

    Its inputs are every statement in its own code and in the models and derivations that this imports. It fails at
    import where they join medical activity to prescribing, and while it runs where it reads anything else.
    """

    name: str
    run: Callable[[Any, Any], None]
    writes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        links.refuse(self.sensitivities, self._where)
        for table in self.writes:
            told = MADE_OF.get(table) or frozenset(
                column.sensitivity for column in (DERIVED[table].columns if table in DERIVED else ())
            ) - {"open"}
            if not told >= self.sensitivities:
                raise BadDeclaration(
                    f"it writes {table}, which does not say that it is made of "
                    f"{', '.join(sorted(self.sensitivities - told))}",
                    where=self._where,
                    todo="Name it in MADE_OF of metrics/lineage.py, or tag the columns of the derived table.",
                )

    @property
    def _where(self) -> str:
        return f"model {self.name}"

    @cached_property
    def sensitivities(self) -> frozenset[str]:
        """What it reads, from its code."""
        return read_by(self.run.__module__)

    def __call__(self, con: Any, info: Any) -> None:
        """Run it, reading nothing but what its code said at import."""
        watched = Watched(con)
        with watched.within(self.sensitivities, self._where):
            self.run(watched, info)


def read_by(module: str, seen: frozenset[str] = frozenset()) -> frozenset[str]:
    """The sensitivities that the statements in a module's code read, and in the models that it imports."""
    found = importlib.import_module(module) if module not in sys.modules else sys.modules[module]
    tree = ast.parse(inspect.getsource(found))
    texts = [*_texts(tree), *(text for text in vars(found).values() if isinstance(text, str))]
    made = frozenset(name.lower() for text in texts for name in _WRITES.findall(text))
    read = frozenset().union(*(_sensitive(text, made) for text in texts))
    for name in _imported(tree):
        if name not in seen | {module}:
            read |= read_by(name, seen | {module})
    return read


def _texts(tree: ast.AST) -> Iterator[str]:
    """Every text in the code that may be a statement or a part of one; what is put in later stands as a word."""
    notes = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes | inside:
            yield node.value


def _sensitive(text: str, made: frozenset[str]) -> frozenset[str]:
    """What one text reads; where it is no whole statement, all that the tables named in it hold."""
    registered = made | {name.lower() for name in _READS.findall(text) if name.lower().endswith(("_rows", "_states"))}
    if _STATEMENT.match(text):
        try:
            return sensitivities([text], registered)
        except (SqlglotError, BadDeclaration):
            pass
    tables = {name.lower() for name in _READS.findall(text)}
    known = [CONTRACT.get(name) or DERIVED.get(name) for name in tables]
    whole = {column.sensitivity for table in known if table is not None for column in table.columns} - {"open"}
    return frozenset(whole).union(*(MADE_OF.get(name, frozenset()) for name in tables))


def _imported(tree: ast.AST) -> Iterator[str]:
    """The models and derivations whose code a module uses: where each name that it imports was written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_OURS):
            package = sys.modules[str(node.module)]
            for alias in node.names:
                named, value = f"{node.module}.{alias.name}", getattr(package, alias.name, None)
                home = getattr(value, "__module__", None)
                # A text that is imported is read here; anything else by the module that wrote it.
                if named in sys.modules or home or not isinstance(value, str):
                    yield named if named in sys.modules else home or str(node.module)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith(_OURS))


class Watched:
    """A connection that runs a statement only where it reads no more than is declared just now."""

    def __init__(self, con: Any) -> None:
        self._con, self._own = con, frozenset[str]()
        self._allowed: frozenset[str] | None = None
        self._where = ""

    @property
    def allowed(self) -> frozenset[str] | None:
        """What statements may read just now; None where nothing is declared."""
        return self._allowed

    @contextmanager
    def within(self, allowed: frozenset[str], where: str) -> Iterator[None]:
        """While this lasts, statements may read what is `allowed` and nothing else."""
        before = self._allowed, self._where
        self._allowed, self._where = allowed, where
        try:
            yield
        finally:
            self._allowed, self._where = before

    def execute(self, sql: str, *values: Any) -> Rows:
        """Run a statement. Raises BadDeclaration where it reads what was not declared."""
        self._own |= frozenset(name.lower() for name in _WRITES.findall(sql))
        beyond = sensitivities([sql], self._own) - (self._allowed or frozenset())
        if beyond:
            raise BadDeclaration(
                f"it reads {', '.join(sorted(beyond))}, which its declaration does not tell",
                where=self._where,
                todo="Write the statement where the declaration can read it.",
            )
        return Rows(self._con.execute(sql, *values))

    def register(self, name: str, frame: Any) -> None:
        """Let statements read a frame by a name."""
        self._own |= {name.lower()}
        self._con.register(name, frame)

    def unregister(self, name: str) -> None:
        """Take that name away."""
        self._con.unregister(name)


class Rows:
    """What a statement answered: rows and frames, and no way to run another."""

    def __init__(self, answered: Any) -> None:
        self._answered = answered

    def __getattr__(self, name: str) -> Any:
        if name not in ("df", "fetchall", "fetchone", "fetchnumpy", "arrow"):
            raise AttributeError(name)
        return getattr(self._answered, name)
