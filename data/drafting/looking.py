"""Look at export files as an import would, and tell what a person needs to put a mapping right. Nothing is written.

Values are told only where they are no person's: dates, numbers, our own words, and codes that
several rows share; an outside id is told by its system alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from data.accounts import FileAccount
from data.archives import unpacked
from data.contract import CONTRACT
from data.contract.table import TEXT
from data.drafting.columns import Guess, guesses, likeliest
from data.drafting.draft import Draft
from data.drafting.likeness import alike
from data.errors import BadInput
from data.gathering import Gathering
from data.intake import Intake
from data.layout import Layout, Source
from data.people import PEOPLE
from data.reading import FILE, KINDS, ROW, opened
from data.sources import Recognised, SourceFile, find_files, recognise
from data.staging import is_reference
from data.tables import quoted, select

ROWS = 10
SHARED = 3  # rows that must share an unknown code before it is told: a name in the wrong column stands alone
_UNKNOWN = re.compile(r'recode\.(\S+) has no word for "(.*)"', re.DOTALL)
_LONGEST = 40


@dataclass(frozen=True, kw_only=True)
class Code:
    """A code without a word: in how many rows, the words there are, and a guess with how sure it is."""

    recode: str
    code: str
    rows: int
    words: tuple[str, ...]
    guess: str | None
    confidence: float


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The first rows that a file brings to one of our tables, in our words."""

    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    sensitivities: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Looked:
    """One file: what it seems to be, its columns, codes without a word, a preview, and what became of its rows."""

    file: str
    layout: str = ""
    title: str = ""
    source: str = ""
    columns: tuple[str, ...] = ()
    guesses: tuple[Guess, ...] = ()
    codes: tuple[Code, ...] = ()
    other_codes: int = 0
    previews: tuple[Preview, ...] = ()
    account: FileAccount | None = None
    reasons: tuple[tuple[str, int], ...] = ()
    problem: str = ""
    todo: str = ""

    @property
    def known(self) -> bool:
        """Whether every column that is needed is there by its own name."""
        return bool(self.guesses) and all(guess.sure or guess.optional for guess in self.guesses)


def look(
    paths: Sequence[str | Path], layouts: Sequence[Layout], drafts: Mapping[str, Draft] | None = None
) -> tuple[Looked, ...]:
    """What each file under the paths seems to be. `drafts` hold what a person has chosen so far, by mapping."""
    drafts = drafts or {}
    layouts = [drafts[each.name].layout() if each.name in drafts else each for each in layouts]
    with unpacked(find_files(paths)) as files:
        found = recognise(files, layouts)
        looked: dict[str, Looked] = {file.name: Looked(file=file.name, problem=f"not used: {why}")
                                     for file, why in found.not_used}  # fmt: skip
        read = list(found.read)
        unread = {each.where: each for each in found.findings}
        for file in files:
            if file.name in unread:
                looked[file.name], guessed = _guessed(file, layouts)
                read += [guessed] if guessed else []
                if not guessed:
                    finding = unread[file.name]
                    looked[file.name] = replace(looked[file.name], problem=finding.what, todo=finding.todo)
        for layout in {each.layout.name: each.layout for each in read}.values():
            for told in _taken(layout, [each for each in read if each.layout.name == layout.name]):
                before = looked.get(told.file)
                kept = before if before and before.guesses else told
                looked[told.file] = replace(told, guesses=kept.guesses, columns=kept.columns)
    return tuple(looked[file.name] for file in files if file.name in looked)


def _guessed(file: SourceFile, layouts: Sequence[Layout]) -> tuple[Looked, Recognised | None]:
    """A file that no mapping knows, as the source that it is most like, its columns renamed as guessed."""
    if file.kind not in KINDS:
        return Looked(file=file.name), None
    try:
        columns = opened(file.path, file.kind, Source(id="any")).columns
    except BadInput as problem:
        return Looked(file=file.name, problem=problem.what, todo=problem.todo), None
    nothing, best = Looked(file=file.name, columns=columns), likeliest(columns, layouts)
    if not best:
        return nothing, None
    layout, source = best
    found = guesses(_needed(layout, source), columns, source.optional)
    told = replace(nothing, layout=layout.name, title=layout.title, source=source.id, guesses=found)
    missing = [guess for guess in found if not guess.sure and not guess.optional]
    chosen = {(source.id, g.needed): g.found for g in missing if g.found}
    if len(chosen) < len(missing):
        lacks = ", ".join(g.needed for g in missing if (source.id, g.needed) not in chosen)
        return replace(told, problem=f"no column for {lacks}", todo="Choose one, or ask for it in the export."), None
    own = replace(source, called={**source.called, **{needed: name for (_, needed), name in chosen.items()}})
    named = replace(layout, sources=tuple(own if each.id == own.id else each for each in layout.sources))
    return told, Recognised(file=file, layout=named, source=own, opened=opened(file.path, file.kind, own))


def _needed(layout: Layout, source: Source) -> list[str]:
    with duckdb.connect() as con:
        return Gathering(con, layout, []).asked(source, ())


def _taken(layout: Layout, files: Sequence[Recognised]) -> list[Looked]:
    """The files of one layout, taken in as an import takes them and not written."""
    with TemporaryDirectory() as spill, duckdb.connect(config={"python_enable_replacements": "false",
                                                               "temp_directory": spill}) as con:  # fmt: skip
        intake = Intake(connection=con, layout=layout, say=lambda *_: None)
        try:
            intake.conform(files)
        except BadInput as problem:
            return [Looked(file=each.file.name, layout=layout.name, title=layout.title, source=each.source.id,
                           problem=problem.what, todo=problem.todo) for each in files]  # fmt: skip
        accounts = {(account.source, account.file): account for account in intake.accounts}
        return [_told(con, intake, each, accounts.get((each.source.id, each.file.name)), files) for each in files]


def _told(
    con: duckdb.DuckDBPyConnection, intake: Intake, file: Recognised, account: FileAccount | None,
    files: Sequence[Recognised],
) -> Looked:  # fmt: skip
    source, layout = file.source, intake.layout
    same = [each.file.name for each in files if each.source.id == source.id]
    refused = f"{source.id}.refused"
    asked = select(["finding", f"count(DISTINCT ({ROW}))"], quoted(refused),
                   where=f"NOT ignored AND {quoted(FILE)} = {same.index(file.file.name)}", group="1",
                   order="2 DESC, 1")  # fmt: skip
    told = con.execute(asked).fetchall() if account else []
    codes, others, reasons = _codes(layout, source, told)
    return Looked(
        file=file.file.name,
        layout=layout.name,
        title=layout.title,
        source=source.id,
        columns=file.opened.columns,
        guesses=guesses(_needed(layout, source), file.opened.columns, source.optional),
        codes=codes,
        other_codes=others,
        previews=_previews(con, intake, file.file.name),
        account=account,
        reasons=reasons,
    )


def _codes(
    layout: Layout, source: Source, told: Sequence[tuple[str, int]]
) -> tuple[tuple[Code, ...], int, tuple[tuple[str, int], ...]]:
    """Codes without a word, how many more stand alone, and every other reason, its values left out."""
    codes, alone, reasons = list[Code](), 0, Counter[str]()
    for finding, rows in told:
        unknown = _UNKNOWN.fullmatch(finding)
        if not unknown:
            words = re.sub(r'"[^"]*"', "a value", finding)
            reasons[words] += rows
        elif rows < SHARED or len(unknown[2]) > _LONGEST:
            alone += 1
        else:
            codes.append(_code(layout, source, unknown[1], unknown[2], rows))
    return tuple(codes), alone, tuple(reasons.items())


def _code(layout: Layout, source: Source, recode: str, code: str, rows: int) -> Code:
    known = layout.recodes[recode].words if recode in layout.recodes else {}
    allowed = [
        word
        for target in source.targets
        for name, expression in target.columns.items()
        if recode in expression.recodes
        for word in target.table.column(name).allowed or ()
    ]
    words = tuple(dict.fromkeys([*allowed, *known.values()]))
    likely = max(((max(alike(code, each), alike(code, word)), word) for each, word in known.items()), default=(0.0, ""))
    guess = likely[1] if likely[0] >= 0.5 else None
    return Code(recode=recode, code=code, rows=rows, words=words, guess=guess, confidence=likely[0] if guess else 0.0)


def _previews(con: duckdb.DuckDBPyConnection, intake: Intake, file: str) -> tuple[Preview, ...]:
    """The first rows of each table that a file fills, but for the people store's."""
    found = []
    for name, parts in sorted(intake.parts.items()):
        if name == PEOPLE.name:
            continue
        columns = [each.name for each in CONTRACT[name].columns]
        rows = " UNION ALL ".join(f"({part})" for part in parts)
        asked = select(map(quoted, columns), f"({rows})", where="_file = ?", order=f"_source_row LIMIT {ROWS}")
        got = con.execute(asked, [file]).fetchall()
        kept = [place for place in range(len(columns)) if any(row[place] is not None for row in got)]
        if got:
            shown = tuple(tuple(_shown(name, columns[place], row[place]) for place in kept) for row in got)
            names = tuple(columns[place] for place in kept)
            kinds = tuple(CONTRACT[name].column(each).sensitivity for each in names)
            found.append(Preview(table=name, columns=names, rows=shown, sensitivities=kinds))
    return tuple(found)


def _shown(table: str, column: str, value: object) -> object:
    """A value that is no person's; an outside id by its system, any other text as text."""
    declared = CONTRACT[table].column(column)
    if column in _WHERE and value is not None:
        return "…"
    if value is None or declared.type != TEXT or declared.allowed:
        return value
    if is_reference(CONTRACT[table], declared):
        system, colon, _ = str(value).partition(":")
        return f"{system}:…" if colon else "…"
    return value if column in _OURS else "…"


# The company's own words, not a person's; and where somebody is.
_OURS = frozenset({"product", "hierarchy", "node", "level", "channel", "vendor", "campaign", "cycle", "basket", "team"})
_WHERE = frozenset({"latitude", "longitude"})
