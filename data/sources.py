"""Find the files of an export and recognise, by their headers, which layout and source each one is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from data.errors import BadInput, did_you_mean
from data.findings import Finding
from data.layout import Layout, Source
from data.reading import KINDS, Opened, kind_of, opened


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """A file as it was found: its path, the name it goes by in reports, and the kind of file it is."""

    path: Path
    name: str
    kind: str


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
    """Every file under the given paths, hidden ones aside, in a stable order. Raises BadInput for a wrong path."""
    found: dict[Path, SourceFile] = {}
    for given in paths:
        top = Path(given).expanduser()
        if not top.exists():
            raise BadInput("there is no such file or directory", where=str(given), todo="Check the path.")
        files = [top] if top.is_file() else sorted(path for path in top.rglob("*") if path.is_file())
        for path in files:
            inside = path.relative_to(top.parent if top.is_file() else top)
            if any(part.startswith((".", "~$")) for part in inside.parts):
                continue
            name = path.name if top.is_file() else str(inside)
            found.setdefault(path.resolve(), SourceFile(path=path.resolve(), name=name, kind=kind_of(path)))
    return tuple(found.values())


def recognise(files: Sequence[SourceFile], layouts: Sequence[Layout]) -> Recognition:
    """Which source of which layout reads each file.

    A source whose file glob fits and whose headers are there comes first; then what a mapping declares as
    not used; then a source whose headers alone fit. Sources that tell columns by place read every file
    that their glob names. A file that lacks a column, or that no layout knows, becomes a Finding.
    """
    read: list[Recognised] = []
    not_used: list[tuple[SourceFile, str]] = []
    findings: list[Finding] = []
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
        chosen = chosen or claims.by_headers()
        read.extend(chosen)
        if not chosen:
            findings.append(claims.why_not())
    return Recognition(read=tuple(read), not_used=tuple(not_used), findings=tuple(findings))


@dataclass
class _Claims:
    """How well each source fits one file."""

    file: SourceFile
    fits: list[tuple[bool, int, Recognised]] = field(default_factory=list)
    misses: list[tuple[bool, int, Layout, Source, tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)
    problem: str | None = None

    def weigh(self, layout: Layout, source: Source) -> None:
        """Note whether the source fits the file, or what it misses."""
        named = source.names_file(self.file.path.name)
        if self.file.kind not in KINDS or (not named and (source.positional or source.sheet)):
            return
        try:
            look = opened(self.file.path, self.file.kind, source)
        except BadInput as problem:
            if named:
                self.problem = f"{problem.what}. {problem.todo}".strip()
            return
        here = {header.casefold() for header in look.columns}
        missing = tuple(header for header in source.headers if header.casefold() not in here)
        if missing:
            self.misses.append((named, len(source.headers) - len(missing), layout, source, missing, look.columns))
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
        best = [claim for _, count, claim in fits if count == most]
        if len({(claim.layout.name, claim.source.id) for claim in best}) > 1:
            words = " and ".join(f"{claim.layout.name}.{claim.source.id}" for claim in best)
            raise BadInput(f"{words} fit equally well", where=self.file.name, todo="Say which with --mapping NAME.")
        return best[:1]

    def why_not(self) -> Finding:
        """The Finding about a file that nothing reads: what is missing, and what it may have meant."""
        if self.problem:
            return _unread(self.file, self.problem, "Put the file right and import it again.")
        likely = [miss for miss in self.misses if miss[0] or miss[1] > len(miss[3].headers) / 2]
        if not likely:
            words = "no mapping knows this file" if self.file.kind in KINDS else "this kind of file is not read"
            return _unread(self.file, words, "Write a mapping for it, or list it under not_used.", "warning")
        _, _, layout, source, missing, columns = max(likely, key=lambda miss: (miss[0], miss[1]))
        hints = [did_you_mean(name, columns) for name in missing]
        todo = next((hint for hint in hints if hint), "") or f"It has {', '.join(columns[:12])}."
        words = f"{layout.name}.{source.id} needs column {', '.join(missing)}, which is not in the file"
        return _unread(self.file, words, todo)


def _reads_a_part(source: Source) -> bool:
    return source.positional or source.sheet is not None


def _unread(file: SourceFile, what: str, todo: str, severity: str = "error") -> Finding:
    return Finding(code="file_not_read", severity=severity, what=what, where=file.name, todo=todo)
