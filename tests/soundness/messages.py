"""All that a message holds, whatever it is made of: texts, addresses, tables, charts, and packed ones."""

from __future__ import annotations

import contextlib
import html
import io
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

import pyarrow as pa
from google.protobuf.message import Message

# Names of sessions and runs, drawn by chance: a part of one may look like any number.
DRAWN = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
NUMBER = re.compile(r"(?<![\w.])(?:\d{1,3}(?:[,\u202f\u00a0]\d{3})+|\d+)(?:\.\d+)?(?!\w)")


def pieces(told: Any) -> Iterator[str | float]:
    """Every text and every number in a message, an answer of JSON, a table, or a list of them."""
    if isinstance(told, Message):
        for _, value in told.ListFields():
            yield from pieces(value)
    elif isinstance(told, bytes):
        yield from _packed(told)
    elif isinstance(told, str):
        yield told
        if told[:1] in "{[":
            with contextlib.suppress(ValueError):
                yield from pieces(json.loads(told))
    elif isinstance(told, dict):
        for key, value in told.items():
            yield from pieces(key)
            yield from pieces(value)
    elif isinstance(told, bool) or told is None:
        return
    elif isinstance(told, (int, float)):
        yield float(told)
    elif hasattr(told, "items"):  # a map of a message
        yield from pieces(dict(told.items()))
    elif hasattr(told, "__iter__"):
        for each in told:
            yield from pieces(each)


def _packed(told: bytes) -> Iterator[str | float]:
    """Bytes: a table of arrow where they are one, else text."""
    try:
        with pa.ipc.open_stream(io.BytesIO(told)) as reader:
            table = reader.read_all()
    except pa.ArrowInvalid:
        yield told.decode("utf-8", "replace")
        return
    for name, column in zip(table.column_names, table.columns, strict=True):
        yield name
        yield from pieces([each if isinstance(each, (int, float, str)) else str(each) for each in column.to_pylist()])


def said(told: Any) -> tuple[str, set[int]]:
    """A message as one long text, markup and escapes undone, and every number in it, rounded."""
    texts, numbers = [], set()
    for piece in pieces(told):
        if isinstance(piece, str):
            texts.append(piece)
        elif abs(piece) < 1e15:
            numbers.add(round(piece))
    text = "\n".join(texts)
    text = "\n".join(dict.fromkeys((text, html.unescape(text), unquote_plus(text))))
    for found in NUMBER.findall(re.sub(r"<[^>]+>", " ", html.unescape(DRAWN.sub(" ", text)))):
        numbers.add(round(float(re.sub(r"[,\u202f\u00a0]", "", found))))
    return text, numbers
