"""A PostgreSQL of this test run alone: Debian's, started on loopback in a folder of its own, stopped at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

ABSENT = "No PostgreSQL is installed: apt-get install postgresql"


def _programs() -> Path:
    found = shutil.which("initdb")
    every = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    whole = [each for each in every if (each / "initdb").is_file() and (each / "postgres").is_file()]
    if not whole:
        pytest.skip(ABSENT)
    return whole[-1]


def _nobody_special() -> int | None:
    """The account that runs it: the server refuses to be run by root."""
    if os.getuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    pytest.skip("PostgreSQL does not run as root, and there is no other account.")


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The URL of an empty database; skips, saying so, where there is no server to start."""
    pytest.importorskip("psycopg", reason="The driver of PostgreSQL is not installed.")
    programs, account, port = _programs(), _nobody_special(), _free_port()
    folder.mkdir(parents=True, exist_ok=True)
    if account is not None:
        os.chown(folder, account, -1)
        for above in folder.parents:  # pytest's own folders are closed to others
            if above.stat().st_uid == 0 and not above.stat().st_mode & 0o001 and above != Path("/"):
                above.chmod(above.stat().st_mode | 0o011)
    data, run = folder / "data", {"user": account, "cwd": folder, "check": True, "capture_output": True, "timeout": 120}
    subprocess.run([programs / "initdb", "-D", data, "-U", "onepicture", "-A", "trust", "-N", "-E", "UTF8"], **run)
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off"
    control = [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    subprocess.run([*control, "-o", options, "start"], **{**run, "capture_output": False, "stdout": subprocess.DEVNULL})
    try:
        yield f"postgresql+psycopg://onepicture@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **{**run, "check": False})  # its folder goes anyway
