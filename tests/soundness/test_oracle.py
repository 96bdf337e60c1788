"""Nothing that a visitor may not know leaves by any exit: every message of every page, and every answer of a command.

A company of canaries, its own server, real websockets: every page at every node for every role, cold and warm, in both
orders, two visitors at once in one process, and one through another's eyes. What each may know is told by an oracle of
its own (tests/soundness/canaries.py). tests/soundness/test_firewall.py asks every question of every role likewise.
"""

from __future__ import annotations

import ast
import contextlib
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard import navigation
from dashboard.exits import EXITS, exits
from data.ledger import Ledger
from data.workspace import Workspace
from metrics.view_as import REASONS
from tests.bench.wire import Reader, free_port
from tests.soundness import canaries
from tests.soundness.canaries import Secrets
from tests.soundness.test_oracle_commands import COMMANDS, FILES
from tests.soundness.test_oracle_taken import HELD
from tests.soundness.witness import Witness

ROOT = Path(__file__).parents[2]
VISITORS = tuple(canaries.VISITORS)
EYES = tuple(visitor for visitor in VISITORS if visitor != "steward")
FIELD = ("SM", "SM_N", "SM_S", "SM_N1", "SM_S1", "SM_N1a", "SM_N1b", "SM_S1a", "SM_S~unaligned", "nowhere")
NODES = {"field": FIELD, "medical": ("ME", "ME_R", "ME_R1", "ME_R2", "SM_N1a"), "study": ("S1", "S1-SM", "S2", "ME")}
# Pages whose picture the place decides; the others are asked for once a visitor and once at a place.
PLACED = ("one_picture", "cues", "team", "media", "sites")
WIDE = tuple(
    {"product": wanted, "period": period, "compare": compare}
    for wanted, period, compare in product(("all", "alfa"), ("C4W", "C13W", "QTD", "YTD", "R52"), ("previous", "year"))
)
Ask = tuple[str, str, dict[str, str]]


class Listener(Reader):
    """A session that keeps every message, not only what is drawn."""

    def everything(self, address: dict[str, str], name: str) -> list[Any]:
        """Every message of one run of a page."""
        ask = BackMsg()
        ask.rerun_script.query_string = "&".join(f"{key}={value}" for key, value in address.items())
        ask.rerun_script.page_name = name
        self._wire.send(ask.SerializeToString())
        found = []
        while True:
            told = ForwardMsg()
            told.ParseFromString(self._wire.recv(timeout=120))  # type: ignore[arg-type]
            found.append(told)
            if told.WhichOneof("type") == "script_finished":
                return found


def answering(port: int, patience: float = 120) -> None:
    """Wait until the server answers."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health"):
            return
        time.sleep(0.1)
    raise TimeoutError(f"nothing answers on port {port}")


@contextlib.contextmanager
def serving(home: Path, log: Path) -> Iterator[int]:
    """A server of a workspace, on a port of its own; its log goes to a file."""
    port = free_port()
    command = [sys.executable, "-m", "dashboard", "serve", "--home", str(home), "--port", str(port)]
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=file, stderr=file
        )
        try:
            answering(port)
            yield port
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="module")
def served(canary_company: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path, Path]]:
    """A server of the company: its port, its log and its home."""
    folder = tmp_path_factory.mktemp("served")
    home = Path(shutil.copytree(canary_company, folder / "home"))
    with serving(home, folder / "server.log") as port:
        yield port, folder / "server.log", home


def _asked(witness: Witness, port: int, wanted: Iterable[Ask], secrets: dict[str, Secrets] | None = None) -> None:
    """Ask for pages, two visitors at once, each in a session of its own."""
    sessions: dict[str, Listener] = {}

    def ask(each: Ask) -> None:
        visitor, page, place = each
        for message in sessions[visitor].everything({"as": visitor, **place}, navigation.ADDRESSES[page]):
            known = secrets.get(visitor) if secrets else None
            witness.hears(visitor, f"{page} {place}", message, typed=place.get("node", ""), secrets=known)

    try:
        with ThreadPoolExecutor(2) as two:
            waiting = list(wanted)
            for visitor in dict.fromkeys(each[0] for each in waiting):
                sessions[visitor] = Listener(port)
            while waiting:
                first = waiting.pop(0)
                other = next((at for at, each in enumerate(waiting[:40]) if each[0] != first[0]), None)
                pair = [first] if other is None else [first, waiting.pop(other)]
                list(two.map(ask, pair))
    finally:
        for session in sessions.values():
            session.close()


def _everywhere(visitors: Iterable[str]) -> Iterator[Ask]:
    """Every page at every node of a visitor's own hierarchy; what no place changes, at the own one and another."""
    known = {visitor: NODES[canaries.VISITORS[visitor]["hierarchy"]] for visitor in visitors}
    for page, at in product(exits("page"), range(len(FIELD))):
        for visitor, nodes in known.items():
            if at < (len(nodes) if page in PLACED else 2):
                yield visitor, page, {"node": nodes[at], "product": "alfa"} if at else {}


def _through_others_eyes(witness: Witness, port: int, home: Path, pages: Iterable[str], *, alone: bool = False) -> None:
    """The steward looks as everybody else, who then look at the same pages themselves, unless they did before."""
    for eyes in EYES:
        Ledger(Workspace.open(home)).write_audit(
            who="steward", role="steward", did="view_as", object=eyes, scope="", reason=next(iter(REASONS))
        )
        both = {"steward": canaries.of_both("steward", eyes)}
        _asked(witness, port, [("steward", page, {"view_as": eyes, "product": "alfa"}) for page in pages], both)
        if not alone:
            _asked(witness, port, [(eyes, page, {"product": "alfa"}) for page in pages])


def _told_by_right(witness: Witness) -> bool:
    made = canaries.company()
    own = made.below("SM_N1a") - {canaries.OPTED_OUT}
    return bool(
        {sum(made.weekly[hcp] for hcp in own), *(13 * made.weekly[hcp] for hcp in own)} & witness.numbers["rep"]
    )


def _log_is_silent(log: Path) -> None:
    """The log names nobody and no place."""
    told = log.read_text("utf-8", "replace")
    assert not [word for word in canaries.of_everybody().words if word in told]


def test_no_message_of_any_page_tells_a_visitor_what_it_may_not_know(served: tuple[int, Path, Path]) -> None:
    """First through others' eyes, then everybody at every node, then in the other order, and through eyes again."""
    port, log, home = served
    witness = Witness()
    _through_others_eyes(witness, port, home, ("one_picture", "cues"))
    _asked(witness, port, _everywhere(VISITORS))
    _asked(witness, port, ((visitor, page, {}) for page in exits("page") for visitor in VISITORS[::-1]))
    _through_others_eyes(witness, port, home, exits("page"), alone=True)
    assert not witness.leaks, witness.leaks[:10]
    assert witness.messages > 50 * len(VISITORS) * len(exits("page"))
    assert _told_by_right(witness), "what a visitor may know does arrive"
    _log_is_silent(log)


@pytest.mark.slow
def test_no_message_of_any_page_in_any_dress_tells_a_visitor_what_it_may_not_know(
    canary_company: Path, tmp_path: Path
) -> None:
    """Every page, node, window, product and comparison for every role, asked in two orders of two servers."""
    for order in (1, -1):
        home = Path(shutil.copytree(canary_company, tmp_path / f"home{order}"))
        witness = Witness()
        with serving(home, tmp_path / f"log{order}") as port:
            wanted = [
                (who, page, {**at, **dress}) for dress in WIDE for who, page, at in _everywhere(VISITORS[::order])
            ]
            _asked(witness, port, wanted[::order])
            _through_others_eyes(witness, port, home, exits("page"))
        assert not witness.leaks, witness.leaks[:10]
        _log_is_silent(tmp_path / f"log{order}")


def test_no_address_of_the_server_tells_a_stranger_anything(served: tuple[int, Path, Path]) -> None:
    port, witness = served[0], Witness()
    for address in exits("address"):
        for query in ("", "?as=leader&node=SM_N", "?code=x&state=y&provider=z"):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{address}{query}", timeout=60) as answer:
                    told = answer.read(1_000_000)
            except urllib.error.HTTPError as refused:
                told = refused.read(1_000_000)
            witness.hears("stranger", address, told.decode("utf-8", "replace"), secrets=canaries.of_everybody())
    assert witness.messages == 3 * len(exits("address"))
    assert not witness.leaks, witness.leaks[:10]


def _reached(name: str = "dashboard.app") -> set[str]:
    """Every module of the dashboard that the app brings in, by whatever it brings in."""
    found, waiting = set(), [name]
    while waiting:
        here = waiting.pop()
        path = ROOT / f"{here.replace('.', '/')}.py"
        if here in found or not path.is_file():
            continue
        found.add(here)
        for part in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(part, ast.ImportFrom) and part.module:
                waiting += [part.module, *(f"{part.module}.{each.name}" for each in part.names)]
    return found


def test_every_exit_is_held_against_the_oracle() -> None:
    """A page, an address and the log by their kind; what draws, because the pages do; commands and files by name."""
    reached = _reached()
    held = {("page", name) for name in exits("page")} | {("address", name) for name in exits("address")}
    held |= {("log", name) for name in exits("log")}  # the log of the server above holds no word of the company
    held |= {("part", name) for name in exits("part") if f"dashboard.parts.{name}" in reached}
    held |= {("chart", name) for name in exits("chart") if f"dashboard.charts.{name}" in reached}
    held |= {("command", name) for name in COMMANDS} | {("file", name) for name in FILES} | HELD
    assert {(each.kind, each.name) for each in EXITS} == held


@pytest.mark.parametrize("visitor", VISITORS)
def test_the_oracle_would_see_a_leak(visitor: str) -> None:
    """Each secret is found in the dress in which it would leave."""
    known, witness = canaries.secrets(visitor), Witness()
    dresses = ['<td class="n">{}</td>', '{{"values": [{{"v": {}}}]}}', "{} prescriptions", "Change to {}."]
    tried = [*sorted(known.words)[:3], *sorted(known.numbers)[:3]]
    for secret, dress in product(tried, dresses):
        before = len(witness.leaks)
        shown = secret if isinstance(secret, str) or "values" in dress else f"{secret:,}"
        witness.hears(visitor, "planted", dress.format(f'"{shown}"' if isinstance(secret, str) else shown))
        assert len(witness.leaks) > before, (secret, dress)
    assert tried or visitor == "meddir"
