"""The container file says what the product does: what it copies is there and enough, its user is nobody special.

No image is made here: that needs a registry and a daemon.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import typer

from dashboard.cli import app
from dashboard.web import guard

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "Containerfile").read_text("utf-8")


def _steps() -> list[tuple[str, str]]:
    """Each instruction with what it says, lines that go on joined and comments left out."""
    lines = "\n".join(line for line in TEXT.splitlines() if not line.lstrip().startswith("#"))
    joined = re.sub(r"\\\n\s*", " ", lines)
    return [(line.partition(" ")[0], line.partition(" ")[2].strip()) for line in joined.splitlines() if line.strip()]


STEPS = _steps()
LAST = STEPS[max(place for place, (word, _) in enumerate(STEPS) if word == "FROM") :]


def _said(word: str) -> list[str]:
    return [told for each, told in LAST if each == word]


def _environment() -> dict[str, str]:
    return dict(part.split("=", 1) for told in _said("ENV") for part in shlex.split(told))


def _copied() -> list[tuple[list[str], str]]:
    """What the image is given from here: sources and where they go."""
    found = []
    for told in _said("COPY"):
        *sources, target = shlex.split(told)
        if not sources[0].startswith("--from="):
            found.append((sources, target))
    return found


def test_every_instruction_is_one_that_there_is() -> None:
    known = {
        "ARG",
        "FROM",
        "WORKDIR",
        "COPY",
        "RUN",
        "ENV",
        "USER",
        "VOLUME",
        "EXPOSE",
        "HEALTHCHECK",
        "ENTRYPOINT",
        "CMD",
    }
    assert {word for word, _ in STEPS} <= known
    assert [word for word, _ in STEPS][:2] == ["ARG", "FROM"]


def test_what_is_copied_is_there_and_alone_is_sent() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert "*" in ignored
    for word, told in STEPS:
        sources = shlex.split(told)[:-1] if word == "COPY" and "--from=" not in told else []
        for source in sources:
            assert (ROOT / source).exists(), source
            assert f"!{source}" in ignored, source
    assert not any("secret" in told or ".git" in told for word, told in STEPS if word == "COPY")


def test_it_runs_as_nobody_special_and_what_it_runs_is_not_its_own() -> None:
    words = [word for word, _ in LAST]
    (user,) = _said("USER")
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    assert words.index("USER") > max(place for place, word in enumerate(words) if word in ("COPY", "RUN"))
    assert any("a-w /app" in told for told in _said("RUN"))
    assert all("chown" not in told for _, told in STEPS)


def test_packages_come_by_their_hashes_and_those_of_the_tests_go() -> None:
    installs = [told for word, told in STEPS if word == "RUN" and "pip install" in told]
    assert installs and all("--require-hashes -r requirements.lock" in told for told in installs)
    (script,) = re.findall(r'-c "(import tomllib.*?)" >', installs[0])
    told = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    named = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert told.split() == [each.split("==")[0] for each in named["optional-dependencies"]["test"]]
    assert not set(told.split()) & {each.split("==")[0] for each in named["dependencies"]}


def test_it_is_asked_for_its_health_where_it_answers() -> None:
    (check,), (port,) = _said("HEALTHCHECK"), _said("EXPOSE")
    command = json.loads(check.partition("CMD ")[2])
    assert f"127.0.0.1:{port}{guard.HEALTH}" in command[-1]
    compile(command[-1], "health", "exec")
    serve = typer.main.get_command(app).commands["serve"]  # type: ignore[attr-defined]
    usual = {option.name: option.default for option in serve.params}
    assert str(usual["port"]) == port


def test_its_command_is_one_of_the_products_and_its_home_the_volume() -> None:
    command, options = json.loads(_said("CMD")[0]), typer.main.get_command(app).commands  # type: ignore[attr-defined]
    known = {opt for option in options[command[0]].params for opt in option.opts}
    assert {part for part in command[1:] if part.startswith("--")} <= known
    environment, documented = _environment(), (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert [environment["ONEPICTURE_HOME"]] == _said("VOLUME")
    assert all(f"`{name}`" in documented for name in environment if name.startswith("ONEPICTURE_"))
    for named in re.findall(r"onepicture (\w+) /exports", TEXT):
        assert named in options


# Lists the metrics, tries to serve where nobody vouches for anybody, and says where the program was found.
WORKS = """
import json, sys
from pathlib import Path
import dashboard.server
from dashboard.cli import run
listed = run(["metrics", "--format", "csv"])
refused = run(json.loads(sys.argv[1]))
print(json.dumps([listed, refused, str(Path(dashboard.server.__file__).parents[1])]))
"""


def test_what_is_copied_is_enough_to_work_with_and_nothing_is_written_there(tmp_path: Path) -> None:
    folder, home = tmp_path / "app", tmp_path / "home"
    for sources, target in _copied():
        for source in sources:
            there = folder / target / (Path(source).name if target.endswith("./") else "")
            there.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, there, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, there)
    before = sorted(folder.rglob("*"))
    assert json.loads(_said("ENTRYPOINT")[0]) == ["python", "-m", "dashboard"]
    assert (folder / "dashboard" / "__main__.py").is_file()
    told = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "ONEPICTURE_HOME": str(home)}
    command = [sys.executable, "-c", WORKS, _said("CMD")[0]]
    done = subprocess.run(command, cwd=folder, env=told, capture_output=True, text=True, check=True)
    listed, refused, found = json.loads(done.stdout.splitlines()[-1])
    assert done.stdout.startswith("metric,title") and listed == 0
    assert refused != 0 and "Traceback" not in done.stderr
    assert Path(found) == folder and sorted(folder.rglob("*")) == before
