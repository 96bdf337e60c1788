"""Zip archives: each file inside is read as if it lay there unpacked; nothing is unpacked into the workspace."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from data.packaging import MOST_RATIO, MOST_UNPACKED
from data.reading import kind_of
from data.sources import SourceFile

ARCHIVE = ".zip"
_CHUNK = 1 << 20
Problem = tuple[str, str]


@contextmanager
def unpacked(files: Sequence[SourceFile]) -> Iterator[tuple[SourceFile, ...]]:
    """The files with each archive replaced by what is inside, for as long as they are read.

    An archive that is damaged, locked, holds archives or unpacks to far more than an export would stays in the list
    with its problem.
    """
    with TemporaryDirectory() as folder:
        found: list[SourceFile] = []
        for place, file in enumerate(files):
            if file.path.suffix.lower() == ARCHIVE and file.kind == "other":
                found += _inside(file, Path(folder) / str(place))
            else:
                found.append(file)
        yield tuple(found)


def _inside(file: SourceFile, folder: Path) -> list[SourceFile]:
    try:
        with zipfile.ZipFile(file.path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir() and not _hidden(m.filename)]
            problem = _problem(members)
            if problem is None:
                return [_unpack(archive, member, file, folder / str(n)) for n, member in enumerate(members)]
    except (OSError, ValueError, RuntimeError, NotImplementedError, EOFError, zlib.error, zipfile.BadZipFile) as bad:
        said = (str(bad) or type(bad).__name__).splitlines()[0]
        problem = f"the archive cannot be read: {said}", "Copy or export it again."
    return [replace(file, problem=problem)]


def _hidden(name: str) -> bool:
    """What an archiver adds of its own (__MACOSX), and hidden files."""
    parts = (part for part in PurePosixPath(name).parts if part not in (".", ".."))
    return any(part.startswith((".", "~$", "__MACOSX")) for part in parts)


def _problem(members: Sequence[zipfile.ZipInfo]) -> Problem | None:
    size, packed = (sum(getattr(m, what) for m in members) for what in ("file_size", "compress_size"))
    if not members:
        return "the archive is empty", "Export it again."
    if any(member.flag_bits & 1 for member in members):
        return "the archive is locked with a password", "Unpack it and import the files inside."
    if size > max(MOST_UNPACKED, MOST_RATIO * packed):
        words = f"the archive unpacks to more than {MOST_RATIO} times its size, which no export does"
        return words, "Make sure of where it comes from; if it is sound, unpack it and import that."
    return None


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: SourceFile, folder: Path) -> SourceFile:
    """One member under its own name in a folder of its own; a path in its name leads nowhere."""
    folder.mkdir(parents=True)
    path = folder / (PurePosixPath(member.filename.replace("\\", "/")).name[-200:] or "file")
    left = member.file_size  # no more than it says of itself, which was weighed above
    with archive.open(member) as packed, path.open("wb") as plain:
        while chunk := packed.read(min(_CHUNK, left + 1)):
            left -= len(chunk)
            if left < 0:
                raise zipfile.BadZipFile(f"{member.filename} is larger than it says")
            plain.write(chunk)
    name = f"{file.name}/{member.filename}"
    return SourceFile(path=path, name=name.encode("utf-8", "replace").decode(), kind=kind_of(path), lies_at=file.path)
