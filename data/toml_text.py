"""TOML as people write it into a workspace, read in one way: whole and understood, or refused in three parts."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from data.errors import BadInput, OnepictureError

LARGEST = 8 << 20


def parsed(
    text: str, where: str, todo: str = "Correct the line named.", error: type[OnepictureError] = BadInput
) -> dict[str, Any]:
    """What a TOML text says. Raises `error` for one that is no TOML, too large or nested too deeply."""
    if len(text) > LARGEST:
        raise error(f"it is larger than {LARGEST >> 20} MB", where=where, todo="Keep it to what people write by hand.")
    try:
        return tomllib.loads(text)
    except RecursionError as problem:
        raise error("it is nested too deeply", where=where, todo="Keep it flat.") from problem
    except ValueError as problem:  # no TOML, or a number of more digits than are ever read
        raise error(f"it cannot be read: {_short(problem)}", where=where, todo=todo) from problem


def read(
    path: Path, where: str, todo: str = "Correct the line named.", error: type[OnepictureError] = BadInput
) -> dict[str, Any]:
    """What a TOML file says. Raises `error` where it cannot be read or understood."""
    try:
        if path.stat().st_size > LARGEST:
            raise error(f"it is larger than {LARGEST >> 20} MB", where=where, todo="Keep it to what people write.")
        text = path.read_text("utf-8")
    except UnicodeDecodeError as problem:
        raise error("it cannot be read: it is no UTF-8 text", where=where, todo=todo) from problem
    except OSError as problem:
        words = f"it cannot be read: {problem.strerror}"
        raise error(words, where=where, todo="Check its path and rights.") from problem
    return parsed(text, where, todo, error)


def _short(problem: ValueError) -> str:
    """What the parser said, without the long words that it says back."""
    told = " ".join(str(problem).split())
    return told if len(told) <= 200 else f"{told[:120]} ... {told[-60:]}"
