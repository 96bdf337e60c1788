"""Writing CSV files the same way every time, byte for byte."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

_SPECIAL = (",", '"', "\n")


def write(path: Path, columns: Mapping[str, Any]) -> None:
    """Writes columns of equal length as one CSV file; None, NaN and NaT are left blank."""
    path.parent.mkdir(parents=True, exist_ok=True)
    texts = [_texts(column) for column in columns.values()]
    lines = [",".join(map(_quoted, columns)), *map(",".join, zip(*texts, strict=True))]
    path.write_bytes(("\n".join(lines) + "\n").encode())


def write_rows(path: Path, header: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """The same, from rows."""
    listed = list(rows)
    columns = list(zip(*listed, strict=True)) if listed else [()] * len(header)
    write(path, {name: list(column) for name, column in zip(header, columns, strict=True)})


def _texts(column: Any) -> list[str]:
    values = np.asarray(column) if not isinstance(column, list) else None
    if values is None:
        return _all_quoted([_text(value) for value in column])
    if values.dtype.kind == "O":  # numbers already written out
        return values.tolist()
    if values.dtype.kind == "M":
        return ["" if text == "NaT" else text for text in np.datetime_as_string(values).tolist()]
    if values.dtype.kind == "b":
        return np.where(values, "true", "false").tolist()
    if values.dtype.kind in "iu":
        return values.astype(str).tolist()
    if values.dtype.kind == "f":
        return [_text(value) for value in values.tolist()]
    return _all_quoted(values.astype(str).tolist())


def _text(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    text = str(value)
    return "" if text == "NaT" else text


def _all_quoted(texts: list[str]) -> list[str]:
    """Quotes where needed; the usual column, which needs none, is checked in one go."""
    if any(mark in "\t".join(texts) for mark in _SPECIAL):
        return [_quoted(text) for text in texts]
    return texts


def _quoted(text: str) -> str:
    if any(mark in text for mark in _SPECIAL):
        return '"' + text.replace('"', '""') + '"'
    return text


def fixed(values: np.ndarray, digits: int) -> np.ndarray:
    """Whole numbers of the smallest unit as decimals: 25 in tenths is "2.5"; zero stays "0"."""
    words = np.array([_decimal(value, 10**digits, digits) for value in range(int(values.max()) + 1)], dtype=object)
    return words[values]


def _decimal(value: int, scale: int, digits: int) -> str:
    whole, rest = divmod(value, scale)
    return f"{whole}.{rest:0{digits}d}".rstrip("0").rstrip(".")
