"""The draft of a company's own mapping: columns by other names, words for codes, written as TOML."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from data.errors import BadInput
from data.layout import Layout
from data.mapping import read_layout
from data.workspace import Workspace

MARK = "# Written by the mapping page: what it does not say is as in the mapping that it is made from.\n"
LEAVE_OUT = "(leave out)"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a company says differently from the mapping `base`.

    `columns` has, by source and column asked for, the name that the file gives it; `words` has, by recode and code,
    our word, or LEAVE_OUT.
    """

    base: str
    columns: Mapping[tuple[str, str], str] = field(default_factory=dict)
    words: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(self.text())

    def with_more(self, columns: Mapping[tuple[str, str], str], words: Mapping[tuple[str, str], str]) -> Draft:
        """The same draft and what was chosen since."""
        return Draft(base=self.base, columns={**self.columns, **columns}, words={**self.words, **words})

    def text(self) -> str:
        """The mapping as TOML."""
        lines = [MARK.rstrip(), f"name = {_told(self.base)}", f"derive = {_told(self.base)}"]
        for source in sorted({name for name, _ in self.columns}):
            mine = {needed: found for (name, needed), found in sorted(self.columns.items()) if name == source}
            lines += ["", f"[called.{_told(source)}]", *(f"{_told(ours)} = {_told(it)}" for ours, it in mine.items())]
        for recode in sorted({name for name, _ in self.words}):
            mine = {code: word for (name, code), word in sorted(self.words.items()) if name == recode}
            left = [code for code, word in mine.items() if word == LEAVE_OUT]
            lines += ["", f"[recode.{_told(recode)}]"]
            lines += [f"{_told(code)} = {_told(word)}" for code, word in mine.items() if word != LEAVE_OUT]
            lines += [f"ignore = [{', '.join(map(_told, left))}]"] if left else []
        return "\n".join(lines) + "\n"

    def layout(self) -> Layout:
        """The mapping that it makes. Raises BadMapping where it cannot be."""
        return read_layout(tomllib.loads(self.text()), self.base)


def _told(text: str) -> str:
    """A text as a TOML string: JSON's escapes are TOML's too."""
    return json.dumps(text, ensure_ascii=False)


def path_of(workspace: Workspace, base: str) -> Path:
    """Where the company's own mapping of that name lies."""
    return workspace.mappings / f"{base}.toml"


def begun(workspace: Workspace, base: str) -> Draft:
    """The draft that was saved before, or an empty one. Raises BadInput where somebody wrote the file by hand."""
    path = path_of(workspace, base)
    if not path.is_file():
        return Draft(base=base)
    text = path.read_text("utf-8")
    if not text.startswith(MARK):
        todo = "Change that file itself, or move it away."
        raise BadInput("somebody wrote this mapping by hand; a page does not change it", where=path.name, todo=todo)
    told = tomllib.loads(text)
    columns = {
        (source, ours): str(found) for source, said in told.get("called", {}).items() for ours, found in said.items()
    }
    words: dict[tuple[str, str], str] = {}
    for recode, said in told.get("recode", {}).items():
        words |= {(recode, code): LEAVE_OUT for code in said.get("ignore", ())}
        words |= {(recode, code): str(word) for code, word in said.items() if code != "ignore"}
    return Draft(base=base, columns=columns, words=words)


def save(workspace: Workspace, draft: Draft) -> Path:
    """Write the draft into the workspace, whole, once it makes a mapping. Raises BadMapping where it does not."""
    draft.layout()
    begun(workspace, draft.base)
    path = path_of(workspace, draft.base)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    rough = path.with_name(f".{path.name}.{os.getpid()}")
    rough.write_text(draft.text(), encoding="utf-8")
    os.replace(rough, path)
    return path
