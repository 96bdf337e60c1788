"""A clone works anywhere: no file names a machine, an index, or work left for later."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

LARGEST_PICTURE = 400_000


def _word(*parts: str) -> str:
    """A pattern written in parts, so that this file does not break its own rule."""
    return "".join(parts)


MACHINES = re.compile(
    "|".join(
        (
            _word("/", "work/"),
            _word("/", "root/"),
            _word("/", r"home/\w"),
            _word("/", "Users/"),
            _word(r"[A-Z]:\\", "Users"),
        )
    )
)
INDEXES = re.compile(
    "|".join(
        (_word("pypi", r"\.org"), _word("python", "hosted"), _word("index", "-url"), _word("npmjs", r"\.(org|com)"))
    )
)
LEFT_FOR_LATER = re.compile(r"\b(" + "|".join((_word("TO", "DO"), _word("FIX", "ME"), _word("X", "XX"))) + r")\b")


def _hits(tracked: tuple[Path, ...], root: Path, pattern: re.Pattern[str], but: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{path.relative_to(root).as_posix()}:{number}: {line.strip()[:120]}"
        for path in tracked
        if path.relative_to(root).as_posix() not in but
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_machine(tracked, root: Path) -> None:
    assert _hits(tracked, root, MACHINES) == []


def test_no_file_names_a_package_index(tracked, root: Path) -> None:
    # The Makefile names the option that keeps addresses out of the lock.
    assert [hit for hit in _hits(tracked, root, INDEXES) if _word("--no-emit-index", "-url") not in hit] == []


def test_nothing_is_left_for_later(tracked, root: Path) -> None:
    code = tuple(path for path in tracked if path.suffix in (".py", ".toml", ".md") or path.name == "Makefile")
    assert _hits(code, root, LEFT_FOR_LATER) == []


def test_every_locked_package_has_a_version_and_a_hash(root: Path) -> None:
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    packages = re.findall(r"^([a-z0-9][\w.-]*)==\S+.*\\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", lock, re.M)
    named = re.findall(r"^[a-z0-9][\w.-]*", lock, re.M)
    assert len(packages) == len(named) > 40


def test_every_pin_is_in_the_lock_and_has_its_reason(root: Path) -> None:
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    lock = (root / "requirements.lock").read_text(encoding="utf-8").lower()
    project = tomllib.loads(text)["project"]
    pins = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    for pin in pins:
        assert "==" in pin, f"{pin} is not pinned"
        assert f"\n{pin.lower()} " in f"\n{lock}", f"{pin} is not what the lock holds: make lock"
        assert re.search(re.escape(f'"{pin}",') + r" +# \S.{8,}", text), f"{pin} has no reason beside it"


@pytest.mark.parametrize(
    "name", ["Makefile", "README.md", "LICENSE", "CONTRIBUTING.md", "DECISIONS.md", "CHANGELOG.md"]
)
def test_a_reader_finds_the_door_plates(root: Path, name: str) -> None:
    assert (root / name).stat().st_size > 400


def test_pictures_are_small_enough_to_clone(tracked, root: Path) -> None:
    pictures = list((root / "docs").glob("*.png"))
    assert pictures, "make screenshots writes them"
    assert [path.name for path in pictures if path.stat().st_size > LARGEST_PICTURE] == []
