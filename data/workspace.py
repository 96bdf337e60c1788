"""The workspace: the one directory that holds a company's exports, staged rows, snapshots and people."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from data import toml_text
from data.errors import BadInput, NoSnapshot

KINDS = ("demo", "company")
KEEPS = 10
HOME_VARIABLE = "ONEPICTURE_HOME"
DEFAULT_HOME = ".onepicture"
# Nobody in the demo company exists, so its ids need no secret: the same demo has the same ids everywhere.
_DEMO_SECRET = "the demo company has nothing to hide"


@dataclass(frozen=True)
class Workspace:
    """Where everything of one company lies: what came in, what was built from it, and who may look.

    `home` is a directory. The people store and the secret in the settings can turn opaque ids back
    into persons, so the directory is readable by its owner only.
    """

    home: Path

    @staticmethod
    def default_home(home: str | Path | None = None) -> Path:
        """The directory asked for, else the one in ONEPICTURE_HOME, else ./.onepicture."""
        return Path(home or os.environ.get(HOME_VARIABLE) or DEFAULT_HOME).expanduser().resolve()

    @classmethod
    def open(cls, home: str | Path | None = None) -> Workspace:
        """The workspace that lies there. Raises NoSnapshot when nothing does."""
        workspace = cls(cls.default_home(home))
        try:
            there = workspace.settings_path.is_file()
        except OSError:  # a name that no disk takes
            there = False
        if not there:
            raise NoSnapshot(
                "there is no workspace",
                where=str(workspace.home),
                todo="Make one with `onepicture demo` or `onepicture import PATH`, or name another with --home.",
            )
        return workspace

    @classmethod
    def create(cls, home: str | Path | None = None, kind: str = "company") -> Workspace:
        """Make a workspace there, or open the one of the same kind that is there already."""
        if kind not in KINDS:
            raise BadInput(f'a workspace of kind "{kind}" is unknown', todo=f"Use one of {', '.join(KINDS)}.")
        workspace = cls(cls.default_home(home))
        if workspace.settings_path.is_file():
            if workspace.kind != kind:
                raise BadInput(
                    f'the workspace there is of kind "{workspace.kind}", not "{kind}"',
                    where=str(workspace.home),
                    todo="Name another directory with --home.",
                )
            return workspace
        secret = _DEMO_SECRET if kind == "demo" else secrets.token_hex(32)
        try:
            for directory in (workspace.home, *workspace.directories):
                directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write_private(workspace.settings_path, f'kind = "{kind}"\nlayout = 1\nsecret = "{secret}"\n')
        except OSError as problem:
            raise BadInput(
                f"no workspace can be made there: {problem.strerror}",
                where=str(workspace.home),
                todo="Name a directory that you may write with --home.",
            ) from problem
        return workspace

    @property
    def exports(self) -> Path:
        """Where the demo company writes its exports; a company may drop its own there."""
        return self.home / "exports"

    @property
    def staged(self) -> Path:
        """Imported rows in the contract's words, one directory an import."""
        return self.home / "staged"

    @property
    def quarantine(self) -> Path:
        """Rows that could not be read or placed, one directory an import."""
        return self.home / "quarantine"

    @property
    def snapshots(self) -> Path:
        """Finished builds and the pointer to the one that serves."""
        return self.home / "snapshots"

    @property
    def mappings(self) -> Path:
        """The company's own mappings, one TOML file each; one that is named like a shipped one takes its place."""
        return self.home / "mappings"

    @property
    def directories(self) -> tuple[Path, ...]:
        """Every directory below the home."""
        return (self.exports, self.staged, self.quarantine, self.snapshots)

    @property
    def people_path(self) -> Path:
        """The store of names and outside ids (SQLite)."""
        return self.home / "people.sqlite"

    @property
    def ledger_path(self) -> Path:
        """The store that is written while people work: audit and cue actions (SQLite)."""
        return self.home / "ledger.sqlite"

    @property
    def visitors_path(self) -> Path:
        """Who may look, and from where: visitors.toml."""
        return self.home / "visitors.toml"

    @property
    def settings_path(self) -> Path:
        """The kind of the workspace and the secret that keys its opaque ids."""
        return self.home / "workspace.toml"

    @property
    def settings(self) -> dict[str, object]:
        """What workspace.toml says. Raises BadInput when it cannot be read."""
        todo = "Restore the file; without its secret the opaque ids of this workspace cannot be made again."
        return toml_text.read(self.settings_path, str(self.settings_path), todo)

    @property
    def kind(self) -> str:
        """demo or company."""
        return str(self.settings.get("kind", "company"))

    @property
    def keeps(self) -> int:
        """How many finished snapshots stay on the shelf after a build (`keep` in workspace.toml)."""
        keep = self.settings.get("keep", KEEPS)
        if not isinstance(keep, int) or isinstance(keep, bool) or keep < 1:
            todo = f"Write a whole number from 1 on, or leave it out for {KEEPS}."
            raise BadInput(f"keep = {keep!r} is no number of snapshots", where=str(self.settings_path), todo=todo)
        return keep

    @property
    def sources(self) -> tuple[str, ...]:
        """The folders that a refresh looks into, as workspace.toml names them (`sources`)."""
        named = self.settings.get("sources", [])
        if not isinstance(named, list) or not all(isinstance(each, str) and each for each in named):
            raise BadInput("sources is no list of folders", where=str(self.settings_path), todo='Write ["..."].')
        return tuple(named)

    @property
    def is_demo(self) -> bool:
        """Whether everybody in it is invented, so that visitors may be switched freely."""
        return self.kind == "demo"

    @property
    def secret(self) -> str:
        """The key of the keyed hash that makes opaque ids. Raises BadInput when it is missing."""
        secret = self.settings.get("secret")
        if not isinstance(secret, str) or not secret:
            raise BadInput("it names no secret", where=str(self.settings_path), todo="Restore the file from a copy.")
        return secret


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, complete or not at all."""
    rough = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(rough, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(rough, path)
