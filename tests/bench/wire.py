"""A page asked for over the server's own websocket, as a browser does, without one: loopback only.

The protocol is internal to Streamlit: the pinned release is what it is true of.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

ROOT = Path(__file__).resolve().parent.parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


class Reader:
    """One session: it asks for pages one after another and keeps what came."""

    def __init__(self, port: int) -> None:
        self._wire = connect(
            f"ws://127.0.0.1:{port}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
            origin=f"http://127.0.0.1:{port}",  # type: ignore[arg-type]
        )

    def page(self, address: str, name: str = "") -> list[Any]:
        """The deltas of one whole run of the page `name` at a query string."""
        ask = BackMsg()
        ask.rerun_script.query_string = address
        ask.rerun_script.page_name = name
        ask.rerun_script.context_info.url = f"http://127.0.0.1/{name}"
        ask.rerun_script.context_info.locale = "en-US"
        ask.rerun_script.context_info.color_scheme = "light"
        self._wire.send(ask.SerializeToString())
        found: list[Any] = []
        while True:
            told = ForwardMsg()
            told.ParseFromString(self._wire.recv(timeout=120))  # type: ignore[arg-type]
            kind = told.WhichOneof("type")
            if kind == "delta":
                found.append((tuple(told.metadata.delta_path), told.delta))
            elif kind == "navigation":
                found.append(((), told.navigation))
            elif kind == "script_finished":
                return found

    def close(self) -> None:
        """End the session."""
        self._wire.close()


class Server:
    """A server process of ours, and what it has spent so far."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port

    def spent(self) -> float:
        """Seconds of processor, user and system, of all its threads, those that ended too."""
        told = Path(f"/proc/{self.process.pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
        return (int(told[11]) + int(told[12])) / TICKS


@contextlib.contextmanager
def serving(command: Sequence[str], port: int, environment: Mapping[str, str]) -> Iterator[Server]:
    """Start a server, wait until it answers, and stop it by its own id at the end."""
    settings = {**os.environ, **environment, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, *command], cwd=ROOT, env=settings, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(port)
            yield Server(process, port)
        finally:
            process.terminate()


def _wait(port: int) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health"):
            return
        time.sleep(0.1)
    raise TimeoutError(f"nothing answers on port {port}")


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
