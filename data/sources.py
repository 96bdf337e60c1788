"""Find the files of an export and recognise, by their headers, which layout and source each one is."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from data.errors import BadInput, did_you_mean
from data.findings import Finding
from data.layout import Layout, Source
from data.reading import KINDS, Opened, kind_of, opened
from data.unpivot import is_wide


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """A file as it was found: its path, the name it goes by in reports, and the kind of file it is.

    Of a file inside an archive `lies_at` is the archive; `problem` is why an archive could not be opened.
    """

    path: Path
    name: str
    kind: str
    lies_at: Path | None = None
    problem: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """A file and the source that reads it."""

    file: SourceFile
    layout: Layout
    source: Source
    opened: Opened


@dataclass(frozen=True, kw_only=True)
class Recognition:
    """What was found: files with their sources, files that a mapping declares as not used, and what is unclear."""

    read: tuple[Recognised, ...]
    not_used: tuple[tuple[SourceFile, str], ...]
    findings: tuple[Finding, ...]


def find_files(paths: Iterable[str | Path]) -> tuple[SourceFile, ...]:
    """Every file under the given paths, hidden ones aside, in a stable order. Raises BadInput for a wrong path.

    What stands there and cannot be entered or followed is of kind `folder` or `link`, so that it is not overlooked.
    """
    found: dict[Path, SourceFile] = {}
    for given in paths:
        top = Path(given).expanduser()
        for path, kind in _listed(top, str(given)):
            inside = path.relative_to(top.parent if path == top else top)
            if any(part.startswith((".", "~$")) for part in inside.parts):
                continue
            name = path.name if path == top else str(inside)
            real = Path(os.path.realpath(path))
            found.setdefault(real, SourceFile(path=real, name=_printable(name), kind=kind))
    return tuple(found.values())


def _listed(top: Path, given: str) -> list[tuple[Path, str]]:
    """The path itself if it is a file, else what lies under it, each with its kind."""
    try:
        if top.is_file():
            return [(top, kind_of(top))]
        if not top.exists():
            raise BadInput("there is no such file or directory", where=given, todo="Check the path.")
        next(os.scandir(top), None)
    except OSError as problem:
        words = (
            "it may not be read" if isinstance(problem, PermissionError) else f"it cannot be read: {problem.strerror}"
        )
        raise BadInput(words, where=given, todo="Give yourself the right to read it, or check the path.") from problem
    closed: list[OSError] = []
    found = []
    for folder, _, names in os.walk(top, onerror=closed.append):
        found += [_kind(Path(folder) / name) for name in names]
    found += [(Path(problem.filename), "folder") for problem in closed]
    return sorted((one for one in found if one[1]), key=lambda one: one[0])


def _kind(path: Path) -> tuple[Path, str]:
    """A file with its kind; a link that leads nowhere; nothing for what is no file (a pipe, a socket)."""
    if path.is_symlink() and not path.exists():
        return path, "link"
    return path, kind_of(path) if path.is_file() else ""


def _printable(name: str) -> str:
    """A name that can be printed, whatever bytes the file system holds."""
    return os.fsencode(name).decode("utf-8", "replace")


def recognise(files: Sequence[SourceFile], layouts: Sequence[Layout]) -> Recognition:
    """Which source of which layout reads each file.

    A source whose file glob fits and whose headers are there comes first; then what a mapping declares as
    not used; then a source whose headers alone fit. Sources that tell columns by place read every file
    that their glob names. A file that lacks a column, or that no layout knows, becomes a Finding.
    """
    claimed: list[tuple[_Claims, list[Recognised]]] = []
    not_used: list[tuple[SourceFile, str]] = []
    for file in files:
        claims = _Claims(file)
        for layout in layouts:
            for source in layout.sources:
                claims.weigh(layout, source)
        chosen = claims.named()
        because = next((n.because for layout in layouts for n in layout.not_used if n.names_file(file.path.name)), None)
        if not chosen and because is not None:
            not_used.append((file, because))
            continue
        claimed.append((claims, chosen or claims.by_headers()))
    certain = Counter(each.layout.name for _, chosen in claimed if not _torn(chosen) for each in chosen)
    read = [each for _, chosen in claimed for each in _settled(chosen, certain)]
    findings = tuple(claims.why_not() for claims, chosen in claimed if not chosen)
    return Recognition(read=tuple(read), not_used=tuple(not_used), findings=findings)


def _torn(chosen: Sequence[Recognised]) -> bool:
    """Whether sources of several kinds fit a file equally well."""
    whole = not all(_reads_a_part(each.source) for each in chosen)
    return whole and len({(each.layout.name, each.source.id) for each in chosen}) > 1


def _settled(chosen: list[Recognised], certain: Counter[str]) -> list[Recognised]:
    """Of layouts that fit a file equally well, the one that the files beside it are of. Raises BadInput otherwise."""
    if not _torn(chosen):
        return chosen
    most = max(certain[each.layout.name] for each in chosen)
    best = [each for each in chosen if certain[each.layout.name] == most]
    if len(best) > 1:
        words = " and ".join(f"{each.layout.name}.{each.source.id}" for each in best)
        raise BadInput(f"{words} fit equally well", where=best[0].file.name, todo="Say which with --mapping NAME.")
    return best


@dataclass
class _Claims:
    """How well each source fits one file."""

    file: SourceFile
    fits: list[tuple[bool, int, Recognised]] = field(default_factory=list)
    misses: list[tuple[bool, int, Layout, Source, tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)
    problem: BadInput | None = None
    of_named: bool = False

    def weigh(self, layout: Layout, source: Source) -> None:
        """Note whether the source fits the file, or what it misses."""
        named = source.names_file(self.file.path.name)
        if self.file.kind not in KINDS or (not named and (source.positional or source.sheet)):
            return
        try:
            look = opened(self.file.path, self.file.kind, source)
        except BadInput as problem:
            if self.problem is None or named > self.of_named:
                self.problem, self.of_named = problem, named
            return
        here = {header.casefold() for header in look.columns}
        missing = tuple(header for header in source.headers if header.casefold() not in here)
        if missing:
            self.misses.append((named, len(source.headers) - len(missing), layout, source, missing, look.columns))
        elif source.unpivot and not named and not any(is_wide(source, name) for name in look.columns):
            return
        elif source.headers or named:
            claim = Recognised(file=self.file, layout=layout, source=source, opened=look)
            self.fits.append((named, len(source.headers), claim))

    def named(self) -> list[Recognised]:
        """The sources whose glob and headers both fit: every one that reads by place, and the best other."""
        by_place = [claim for named, _, claim in self.fits if named and _reads_a_part(claim.source)]
        return by_place or self._best([fit for fit in self.fits if fit[0]])

    def by_headers(self) -> list[Recognised]:
        """The best source whose headers fit, whatever the file is called."""
        return self._best(self.fits)

    def _best(self, fits: list[tuple[bool, int, Recognised]]) -> list[Recognised]:
        if not fits:
            return []
        most = max(count for _, count, _ in fits)
        return [claim for _, count, claim in fits if count == most]

    def why_not(self) -> Finding:
        """The Finding about a file that nothing reads: what is missing, and what it may have meant."""
        if self.file.kind not in KINDS:
            return _unread(self.file, *_other_kind(self.file))
        if self.problem and (self.of_named or not self.misses):
            return _unread(self.file, self.problem.what, self.problem.todo or "Export it again.")
        likely = [miss for miss in self.misses if miss[0] or miss[1] > len(miss[3].headers) / 2]
        if not likely:
            todo = "Write a mapping for it, or list it under not_used."
            return _unread(self.file, "no mapping knows this file", todo, "warning")
        _, _, layout, source, missing, columns = max(likely, key=lambda miss: (miss[0], miss[1]))
        hints = [did_you_mean(name, columns) for name in missing]
        todo = next((hint for hint in hints if hint), "") or _shown(columns, source.headers)
        lacks = f"column {_few(missing)}, which is" if len(missing) == 1 else f"columns {_few(missing)}, which are"
        return _unread(self.file, f"{layout.name}.{source.id} needs {lacks} not in the file", todo)


def _few(names: Sequence[str], most: int = 12) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(name[:60] for name in names[:most])}{more}"


def _shown(columns: Sequence[str], known: Sequence[str]) -> str:
    """What the file has instead. Where none of its words is known they may be a row of data, and are not said."""
    if not columns:
        return "Its first row is blank: say skip_rows in the mapping, or export it again."
    names = any(name.casefold() in " ".join(columns).casefold() for name in known)
    if len(columns) == 1:
        return "It has the single column%s: say its delimiter in the mapping." % (names * f' "{columns[0][:60]}"')
    if not names:
        return f"None of its {len(columns):,} columns is known: export it with its headers, or write a mapping for it."
    return f"It has {_few(columns)}."


_ARCHIVES = (".zip", ".tar", ".tgz", ".7z", ".rar", ".bz2", ".xz", ".zst")


def _other_kind(file: SourceFile) -> tuple[str, str, str]:
    """What is to be said of a file that is none of the kinds that are read."""
    ending = file.path.suffix.lower()
    if file.problem is not None:
        return *file.problem, "error"
    if file.kind == "folder":
        return "the folder may not be read", "Give yourself the right to read it; nothing in it was imported.", "error"
    if file.kind == "link":
        return "the link leads nowhere", "Correct it, or take it away.", "error"
    if ending in _ARCHIVES:
        return "an archive is not read", "Unpack it and import the files inside.", "error"
    if ending in (".xls", ".xlsb"):
        return f"a workbook of the kind {ending} is not read", "Save it as .xlsx, or export CSV.", "error"
    return "this kind of file is not read", "Export it as CSV, Parquet or .xlsx, or list it under not_used.", "warning"


def _reads_a_part(source: Source) -> bool:
    return source.positional or source.sheet is not None


def _unread(file: SourceFile, what: str, todo: str, severity: str = "error") -> Finding:
    return Finding(code="file_not_read", severity=severity, what=what, where=file.name, todo=todo)
